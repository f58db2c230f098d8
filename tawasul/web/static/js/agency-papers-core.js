/**
 * Which papers go with the next answer, and which of them can still be taken away. Pure.
 */

/** @typedef {import("./case-view.js").CaseDetail} CaseDetail */
/** @typedef {import("./case-view.js").Paper} Paper */

/** Papers go to the citizen with these. */
const SAID = ["reported", "answered"];

/** With these the state begins anew: what was attached before is the case's. */
const TURNS = ["taken-on", "replied", ...SAID];

/** What the agency has attached since it last said something. @param {CaseDetail} given @returns {Paper[]} in the order in which they were attached */
export function papersOfAnswer(given) {
  const since = given.state === "under-way" ? lastOf(given, SAID) : Infinity;
  return given.documents.filter((each) => each.came_with === "answer" && moment(each.attached_at) >= since);
}

/** Whether the agency may take it away again. @param {CaseDetail} given @param {Paper} paper */
export function isRemovable(given, paper) {
  return moment(paper.attached_at) >= lastOf(given, TURNS);
}

/** @param {CaseDetail} given @param {readonly string[]} kinds */
function lastOf({ entries }, kinds) {
  return moment(entries.findLast((each) => kinds.includes(each.kind))?.at);
}

/** @param {string | undefined} text */
function moment(text) {
  return text ? Date.parse(text) : 0;
}
