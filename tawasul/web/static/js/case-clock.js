/**
 * How much time is left for a case, in days of Riyadh's calendar. Pure: the words are the catalogue's.
 */

/** @typedef {"" | "good" | "strong" | "warning" | "danger" | "info"} Tone */
/** `days`: for the words that count them. @typedef {{word: string, days: number, tone: Tone}} Clock */

const DAY_MS = 24 * 3600 * 1000;
const RIYADH_MS = 3 * 3600 * 1000;

/**
 * @param {{state: string, due_at: string | null, overdue: boolean}} given
 * @param {number} now milliseconds since 1970
 * @returns {Clock | null} null: nothing is to be done any more
 */
export function clockAt({ state, due_at, overdue }, now) {
  if (due_at === null || state === "closed") return null;
  const days = dayNumber(Date.parse(due_at)) - dayNumber(now);
  // A citizen is never late: what they do not say is their answer.
  if (state === "answered") return { word: days > 0 ? "case-may-contest" : "case-may-contest-today", days: Math.max(days, 0), tone: "" };
  if (overdue && days < 0) return { word: "case-late-days", days: -days, tone: "danger" };
  // Its time was over and was set anew: it is late whatever the new day.
  if (overdue) return { word: days === 0 ? "case-late" : "case-late-new-day", days, tone: "danger" };
  if (days <= 0) return { word: "case-due-today", days: 0, tone: "warning" };
  if (days === 1) return { word: "case-due-tomorrow", days, tone: "warning" };
  return { word: "case-due-days", days, tone: "" };
}

/** Days since 1970 on Riyadh's calendar. @param {number} moment milliseconds */
function dayNumber(moment) {
  return Math.floor((moment + RIYADH_MS) / DAY_MS);
}
