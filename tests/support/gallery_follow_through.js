/* States of the office's follow-through for the gallery. After gallery_fill.js. */
(() => {
  const id = (name) => document.getElementById(name);
  const settled = async (true_) => {
    for (let tries = 0; tries < 400 && !true_(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    if (!true_()) throw new Error(`the state did not come: ${true_}`);
  };
  const visible = (name) => () => id(name).checkVisibility();
  Object.assign(window.gallery, {
    async follow() { await settled(() => id("follow-plot").children.length > 0); },
    async followNothing() { await settled(visible("follow-empty")); },
    async followOwn() { await this.follow(); document.querySelector("#follow-range input[value=own]").click(); await settled(visible("follow-own")); id("follow-weeks-table").open = true; },
    async followRefused() { await settled(() => !id("follow_to-error").hidden); },
    async followCases() { await settled(() => id("follow-cases-list").children.length > 4); },
    async followCasesNone() { await settled(visible("follow-cases-empty")); },
  });
})();
