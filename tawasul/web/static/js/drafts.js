/**
 * What somebody is writing until it is sent, a directive with to whom it goes: kept in this tab only, so that a reload loses nothing and closing the tab, or
 * signing out, leaves nothing.
 */

const PREFIX = "tawasul-draft-";

/** Before the identifier of a case: what is written about one on another page of this tab is not the console's to drop. */
const OF_CASE = "case.";

/** Between whose draft it is and which part; no identifier has it. */
const PART = "/";

/** @param {string} audienceId @param {string} [part] of the draft; the wording has no name @returns {string} */
export function draftOf(audienceId, part = "") {
  return sessionStorage.getItem(key(audienceId, part)) ?? "";
}

/** @param {string} audienceId @param {string} text @param {string} [part] */
export function keepDraft(audienceId, text, part = "") {
  if (text) sessionStorage.setItem(key(audienceId, part), text);
  else sessionStorage.removeItem(key(audienceId, part));
}

/** Whose draft it is, when it is about a case. @param {string} caseId @returns {string} */
export function ofCase(caseId) {
  return OF_CASE + caseId;
}

/** Drops the drafts of every audience but those named. @param {ReadonlySet<string>} audienceIds */
export function keepOnly(audienceIds) {
  for (const kept of Object.keys(sessionStorage)) {
    if (!kept.startsWith(PREFIX) || kept.startsWith(PREFIX + OF_CASE)) continue;
    if (!audienceIds.has(kept.slice(PREFIX.length).split(PART)[0])) sessionStorage.removeItem(kept);
  }
}

/** Drops them all: who signs out leaves the tab to somebody else. */
export function dropAll() {
  for (const kept of Object.keys(sessionStorage)) if (kept.startsWith(PREFIX)) sessionStorage.removeItem(kept);
}

/** @param {string} audienceId @param {string} part */
function key(audienceId, part) {
  return PREFIX + audienceId + (part && PART + part);
}
