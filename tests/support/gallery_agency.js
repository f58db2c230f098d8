/* States of the page of an agency for the gallery. After gallery_fill.js. */
(() => {
  const id = (name) => document.getElementById(name);
  const settled = async (true_) => {
    for (let tries = 0; tries < 400 && !true_(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    if (!true_()) throw new Error(`the state did not come: ${true_}`);
  };
  const type = (input, text) => { input.value = text; input.dispatchEvent(new Event("input", { bubbles: true })); };
  const choose = (way) => document.querySelector(`input[name="way"][value="${way}"]`).click();
  const part = (row, name) => row.querySelector(`[data-part="${name}"]`);
  const ANSWER = "أُصلح الكسر في الخط المغذي شرق القرية يوم الأحد، وعادت المياه إلى جميع المنازل، وسُلّم المحضر لشيخ القرية.";
  Object.assign(window.gallery, {
    async agency() { await settled(() => document.querySelector(".case-row") && id("agency-title").textContent.length > 5); },
    async agencyEmpty() { await settled(() => id("inbox-empty").checkVisibility()); },
    async agencyCase() { await settled(() => id("case-body").checkVisibility()); },
    async agencyGone() { await settled(() => id("case-problem").checkVisibility()); },
    async agencyReturn() { await this.agencyCase(); id("to-return").click(); id("way-send").click(); },
    async agencyAsk() { await this.agencyCase(); choose("ask"); type(id("ask_words"), "هل تصل الصهاريج إلى القرية؟"); },
    async agencyReport() {
      await this.agencyCase(); choose("report"); type(id("report_words"), "أُصلح نصف الشبكة."); id("remains-add").click();
      const rows = [...id("remains-list").children];
      type(part(rows[0], "day"), "١٤٤٨/٧/١"); type(part(rows[1], "words"), "تعقيم الخزان"); type(part(rows[1], "day"), "1/1/2026");
      id("way-send").click();
    },
    async agencyLook() { await this.agencyCase(); type(id("answer_words"), ANSWER); id("way-send").click(); },
    async agencyRefused() {
      await this.agencyCase(); type(id("answer_words"), ANSWER);
      const files = new DataTransfer();
      files.items.add(new File(["%PDF-"], "تقرير الإصلاح.pdf", { type: "application/pdf" }));
      id("papers-input").files = files.files; id("papers-input").dispatchEvent(new Event("change"));
      await settled(() => document.querySelector(".file[data-failed]"));
    },
  });
})();
