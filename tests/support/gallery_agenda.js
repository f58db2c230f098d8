/* States of what is before the office, and of the console's form and card, for the gallery. After gallery_fill.js. */
(() => {
  const id = (name) => document.getElementById(name);
  const settled = async (true_) => {
    for (let tries = 0; tries < 400 && !true_(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    if (!true_()) throw new Error(`the state did not come: ${true_}`);
  };
  const there = (selector) => settled(() => document.querySelector(selector));
  const typed = (name, text) => { id(name).value = text; id(name).dispatchEvent(new Event("input", { bubbles: true })); };
  const step = async (name) => { await there(`[data-step=${name}]`); document.querySelector(`[data-step=${name}]`).click(); await settled(() => id("step-dialog").open); };
  const agency = async (form, text) => {
    for (let tries = 0; tries < 400 && id(`${form}-agency`).getAttribute("aria-expanded") !== "true"; tries += 1) {
      typed(`${form}-agency`, text);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const choose = async (form, text) => { await agency(form, text); id(`${form}-agency-list`).firstElementChild.click(); };
  const WORDS = "يُوجَّه بالوقوف على الموقع والتحقق مما ذُكر، ومعالجة ما يثبت منه، والإفادة.";
  const fillIn = async (form) => { await choose(form, "مياه"); document.querySelector(`[data-for="${form}-due"][data-days="14"]`).click(); };
  const module = (name) => import(new URL(`${name}.js`, document.querySelector('script[src$="/js/page.js"]').src));
  const card = async (locale) => {
    const { drawn } = await module("office-card");
    const answer = await (await fetch("/api/office/audiences/sample/card")).json();
    id("office-card").hidden = false;
    const isNext = id("office").dataset.state === "idle";
    id("office-card-over").textContent = isNext ? (locale === "ar" ? "التالي" : "Next") : "";
    const title = locale === "ar" ? ["سالم بن عبدالله الجهني (عيّنة)", "المعاملة"] : ["Salem Abdullah Al-Juhani (sample)", "The case"];
    id("office-card-title").textContent = title[isNext ? 0 : 1];
    id("office-card-body").replaceChildren(...drawn({ subject: "طلب إفراغ أرض زراعية موقوفة منذ عامين بين جهتين" }, answer));
    id("open-card").hidden = false;
  };
  const directing = async () => {
    const { choices, Directing, WordingChoice } = await module("office-directive");
    const { agencies, wordings } = await choices();
    const form = new Directing("outcome", () => { id("outcome-terms").hidden = form.agency.agency === null; }, { mayLeaveDue: true });
    new WordingChoice("outcome", id("directive")).fill(wordings);
    form.agency.fill(agencies);
    id("outcome-directing").hidden = false; id("directive").value = WORDS;
  };
  Object.assign(window.gallery, {
    async agenda() { await there("#agenda-cases .case-row"); },
    async agendaEmpty() {
      await this.agenda();
      const asked = window.fetch;
      const nothing = JSON.stringify({ sitting_opens_at: null, cases: [], waiting: [] });
      window.fetch = (address, how) => (address === "/api/office/agenda" ? Promise.resolve(new Response(nothing, { headers: { "content-type": "application/json" } })) : asked(address, how));
      document.dispatchEvent(new Event("visibilitychange"));
      await settled(() => id("agenda-empty").checkVisibility());
    },
    async agendaFound() { await this.agenda(); typed("find_case", "مياه"); id("agenda-find").requestSubmit(); await there("#agenda-found .case-row"); },
    async agendaCase() { await there(".agenda-part"); },
    async agendaNoCase() { await settled(() => id("case-problem").checkVisibility()); },
    async agendaDirect() { await step("direct"); await settled(() => id("step-wording").options.length > 1); id("step-next").click(); },
    async agendaDirectList() { await step("direct"); await agency("step", "ف"); },
    async agendaDirectReview() { await step("direct"); typed("step-words", WORDS); await fillIn("step"); id("step-next").click(); await settled(() => id("step-confirm").checkVisibility()); },
    async agendaProlong() { await step("prolong"); typed("step-words", "لبعد الموقع"); typed("step-due", "1/1/1447"); id("step-next").click(); },
    async agendaReassign() { await step("reassign"); typed("step-words", "الاختصاص للصحة"); await choose("step", "health"); id("step-next").click(); await settled(() => id("step-confirm").checkVisibility()); },
    async agendaSettle() { await step("settle"); },
    async officeCard(locale) { this.officeWaiting(locale); await card(locale); },
    async officeCardCall(locale) { await this.officeCall(locale); await card(locale); },
    async officeDirecting(locale) { await this.officeCallDirective(locale); await directing(); await fillIn("outcome"); },
    async officeDirectingHeard(locale) { this.officeHeard(locale); await card(locale); await directing(); await fillIn("outcome"); },
    async officeDirectingList(locale) { this.officeHeard(locale); await directing(); await agency("outcome", "ف"); },
    async officeDirectingInTheRoom(locale) { this.officeInTheRoom(locale); await card(locale); await directing(); await fillIn("outcome"); },
  });
})();
