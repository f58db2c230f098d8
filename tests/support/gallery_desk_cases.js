/* States of the desk's page of cases for the gallery, reached as a clerk would: typing, pressing. After gallery_fill.js. */
(() => {
  const id = (name) => document.getElementById(name);
  const settled = async (true_) => {
    for (let tries = 0; tries < 400 && !true_(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    if (!true_()) throw new Error(`the state did not come: ${true_}`);
  };
  const visible = (name) => () => id(name)?.checkVisibility();
  const listed = () => settled(() => id("cases-loading").hidden);
  const opened = async () => { await listed(); await settled(visible("case-parts")); };
  const step = async (name) => { await opened(); document.querySelector(`[data-step="${name}"]`).click(); await settled(() => id("step-dialog").open); };
  const box = async (name) => { await listed(); document.querySelector(`input[name="box"][value="${name}"]`).click(); await listed(); };
  const citizen = async () => { await listed(); await settled(visible("take-form")); await settled(() => id("take-earlier-list").children.length > 0); };
  Object.assign(window.gallery, {
    async desksCases() { await listed(); },
    async desksCasesEmpty() { await box("questions"); await settled(visible("cases-empty")); },
    async desksCasesOpen() { await box("open"); await settled(visible("cases-more")); },
    async desksCasesFound() {
      await listed(); id("cases_query").value = "ماء الصفراء"; id("cases-search").requestSubmit(); await settled(visible("cases-found"));
    },
    async desksCasesNothing() {
      await listed(); id("cases_query").value = "لا شيء"; id("cases-search").requestSubmit(); await settled(visible("cases-empty"));
    },
    async desksCase() { await opened(); },
    async desksCaseGone() { await listed(); await settled(visible("case-problem")); },
    async desksCaseCode() { await opened(); id("case_code").value = "123"; id("case-ratify").requestSubmit(); await settled(visible("case_code-error")); },
    async desksCaseRefer() { await step("refer"); },
    async desksCaseMerge() { await step("merge"); },
    async desksCaseWithdraw() { await step("withdraw"); },
    async desksCaseReply() {
      await step("reply"); id("step_words").value = "شرق القرية، ورخصته مرفقة."; id("step-form").requestSubmit(); await settled(visible("step-problem"));
    },
    async desksTake() { await listed(); await settled(visible("take-finding")); },
    async desksTakeFor() {
      await citizen(); id("take_subject").value = "انقطاع الماء"; id("take_subject").dispatchEvent(new Event("change", { bubbles: true }));
      await settled(visible("take-likely"));
    },
    async desksTaken() {
      await citizen(); id("take_subject").value = "إنارة الطريق"; id("take-form").requestSubmit(); await opened(); await settled(visible("case-likely"));
      // The word that it is open goes by itself.
      id("toasts").replaceChildren();
    },
  });
})();
