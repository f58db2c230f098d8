/* Sample states of the citizen's case: by number, by link, and on the own device after the call. */
(() => {
  const id = (name) => document.getElementById(name);
  const until = async (found) => { while (!document.querySelector(found)) await new Promise(requestAnimationFrame); };
  const there = (step) => until(`#track[data-step="${step}"]`);
  const look = async (number, proof) => {
    await until("#track-look:not([disabled])");
    id("track_number").value = number; id("track_proof").value = proof; id("track-form").requestSubmit();
  };
  const thanks = (locale) => {
    window.gallery.joinThanks(locale);
    if (locale === "en") id("thanks-text").textContent = "You were heard, and something was directed.";
    const [wording, agency, due] = locale === "en"
      ? ["The water network of the village is to be repaired, and water brought by tankers until then.", "General directorate of water", "Sunday, 11 Rajab 1448 AH (20 December 2026)"]
      : ["تُصلح شبكة الماء في قرية الصفراء، ويُؤمَّن الماء بالصهاريج إلى أن يتم ذلك.", "المديرية العامة للمياه", "الأحد 11 رجب 1448هـ، الموافق 20 ديسمبر 2026م"];
    id("directive").hidden = false;
    id("directive-wording").textContent = wording; id("directive-agency").textContent = agency; id("directive-due").textContent = due;
  };
  Object.assign(window.gallery, {
    async trackSlip() { await look("1448-00471-6", "0512345678"); await until("#track_number[aria-invalid]"); },
    async trackNobody() { await look("1448-00471-5", "0500000000"); await until("#track-problem:not([hidden])"); },
    async trackFound() { await look("١٤٤٨٠٠٤٧١٥", "0512345678"); await there("case"); },
    async trackIdle() { await this.trackFound(); id("track-idle").hidden = false; },
    async link() { await there("case"); },
    async linkProblem() { await there("problem"); },
    async linkAccept() { await there("case"); id("link-accept").click(); await there("accept"); },
    async linkAccepted() { await this.linkAccept(); id("accept-yes").click(); await there("case"); },
    async linkContest() { await there("case"); id("link-contest").click(); await there("contest"); },
    async linkTooLate() {
      await this.linkContest(); id("contest-reason").value = "الماء لا يصل إلى الحارة الشرقية."; id("contest-form").requestSubmit();
      await until("#contest-problem:not([hidden])");
    },
    async linkWithdraw() { await there("case"); id("link-withdraw").click(); await there("withdraw"); },
    async linkRated() { await there("case"); document.querySelector("[data-rating]").click(); await until("#link-rating-done:not([hidden])"); },
    async linkSure() { await there("case"); id("directive-yes").click(); },
    joinDirective(locale) { thanks(locale); },
    joinDirectiveOtherwise(locale) { thanks(locale); id("directive").dataset.part = "otherwise"; },
    joinRatified() {
      this.joinThanks();
      id("after-note").hidden = false; id("after-note-text").textContent = "أُحيل التوجيه إلى المديرية العامة للمياه، وسنخبرك حين يصدر الرد.";
      id("after-number").hidden = id("after-track").hidden = id("after-spared").hidden = false;
      id("after-number").textContent = "رقم معاملتك \u20681448-00471-5\u2069. احفظه لتتابعها.";
      id("after-spared").textContent = "وفّرت عليك هذه المقابلة سفر نحو \u2068310\u2069 كيلومترات ذهابًا وإيابًا.";
    },
  });
})();
