/**
 * Which papers go with the next answer: those that the agency has attached since it last said or was told something. Pure.
 */

/** @typedef {import("./case-view.js").CaseDetail} CaseDetail */
/** @typedef {import("./case-view.js").Paper} Paper */

/** What the agency's turn began with, or what its papers went with. */
const TURNS = ["taken-on", "replied", "reported", "answered"];

/** @param {CaseDetail} given @returns {Paper[]} in the order in which they were attached */
export function papersOfAnswer({ state, entries, documents }) {
  if (state !== "under-way") return [];
  const since = entries.findLast((each) => TURNS.includes(each.kind))?.at ?? "";
  return documents.filter((each) => each.came_with === "answer" && moment(each.attached_at) >= moment(since));
}

/** @param {string | undefined} text */
function moment(text) {
  return text ? Date.parse(text) : 0;
}
