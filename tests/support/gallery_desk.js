/* States of the desk's page for the gallery, reached as a clerk would: typing, pressing. After gallery_fill.js. */
(() => {
  const id = (name) => document.getElementById(name);
  const settled = async (true_) => {
    for (let tries = 0; tries < 400 && !true_(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    if (!true_()) throw new Error(`the state did not come: ${true_}`);
  };
  const visible = (name) => () => id(name)?.checkVisibility();
  const ready = async () => { await settled(() => !id("find-button").disabled && id("day-rows").children.length > 0); };
  const find = async (query) => { await ready(); id("find_query").value = query; id("find").requestSubmit(); };
  const booking = async () => { await find("1000000008"); await settled(() => id("citizen").checkVisibility()); id("book-more").click(); await settled(() => id("slots").querySelectorAll(".slot").length > 0); };
  const slot = (nth) => [...id("slots").querySelectorAll(".slot")].at(nth);
  const holding = async () => { await booking(); slot(3).click(); await settled(visible("held")); };
  const type = (name, text) => { id(name).value = text; };
  const choose = (selector) => { document.querySelector(selector).click(); };
  Object.assign(window.gallery, {
    async desk() { await ready(); },
    async deskSeveral() { await find("محمد"); await settled(visible("choose")); },
    async deskRegister() {
      await find("1000000016"); await settled(visible("register"));
      type("register_name", "عبدالله بن محمد"); type("register_mobile", "0500"); id("register").requestSubmit();
      await settled(visible("register_mobile-error"));
    },
    async deskCitizen() {
      await find("K7M-4TP"); await settled(() => id("citizen-open").children.length > 0);
      id("citizen-correct").open = true;
    },
    async deskTimes() { await booking(); },
    async deskNearest() {
      await booking(); id("nearest").open = true; type("nearest_town", "ينبع النخل"); id("nearest-find").click();
      await settled(() => id("nearest-list").children.length > 0);
    },
    async deskNone() {
      await booking(); id("book_centre").value = "market"; id("book_centre").dispatchEvent(new Event("change", { bubbles: true }));
      await settled(visible("first-free"));
    },
    async deskTaken() { await booking(); slot(-1).click(); await settled(visible("alternatives")); },
    async deskHeld() {
      await holding(); type("book_subject", "طلب إفراغ أرض زراعية موقوفة منذ عامين بين جهتين");
      choose('input[name="who"][value="representative"]'); choose('input[name="priority"][value="elderly"]');
      id("book-more-block").open = true;
    },
    async deskGroup() {
      await holding(); choose('input[name="who"][value="group"]'); id("book").requestSubmit();
      await settled(visible("book_subject-error"));
    },
    async deskWalkIn() { await booking(); id("to-walk-in").click(); },
    async deskWait() { await booking(); id("to-waitlist").click(); },
    async deskMove() {
      await find("K7M-4TP"); await settled(() => id("citizen-open").querySelector("details"));
      const line = id("citizen-open").querySelector('[data-audience="a5"]');
      [...line.querySelectorAll(".more-list button")].find((each) => /نقل|Move/.test(each.textContent)).click();
      await settled(() => id("slots").children.length > 0);
    },
    async deskBooked() {
      await holding(); type("book_subject", "متابعة"); id("book").requestSubmit(); await settled(visible("booked"));
    },
    async deskArrive() {
      await ready(); choose('[data-audience="a4"] .button-primary'); await settled(visible("arrive-dialog"));
    },
    async deskMissed() {
      await ready(); const row = document.querySelector('[data-audience="a4"]');
      [...row.querySelectorAll(".more-list button")].at(-2).click(); await settled(visible("sure-dialog"));
    },
    async deskMenu() { await ready(); document.querySelector('[data-audience="a2"] details').open = true; },
    async deskFiles() {
      await ready(); const row = document.querySelector('[data-audience="a1"]');
      [...row.querySelectorAll(".more-list button")].at(0).click(); await settled(visible("files-dialog"));
    },
    async deskKeys() { await ready(); id("keys-dialog").showModal(); },
  });
})();
