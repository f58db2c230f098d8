/**
 * The wording of a directive until it is concluded: kept in this tab only, so that a reload loses nothing and closing the tab leaves nothing.
 */

const PREFIX = "tawasul-draft-";

/** @param {string} audienceId @returns {string} */
export function draftOf(audienceId) {
  return sessionStorage.getItem(PREFIX + audienceId) ?? "";
}

/** @param {string} audienceId @param {string} text */
export function keepDraft(audienceId, text) {
  if (text) sessionStorage.setItem(PREFIX + audienceId, text);
  else sessionStorage.removeItem(PREFIX + audienceId);
}

/** Drops the drafts of everyone but those named. @param {ReadonlySet<string>} audienceIds */
export function keepOnly(audienceIds) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && !audienceIds.has(key.slice(PREFIX.length))) sessionStorage.removeItem(key);
  }
}
