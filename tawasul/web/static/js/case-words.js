/**
 * A case in words, the same on every page: what it is, where it stands, whose turn it is, how much time is left.
 */
import { clockAt } from "./case-clock.js";
import { noon } from "./elements.js";
import { dates, nameOf, say } from "./words.js";

/** @typedef {{arabic: string, english: string}} Name */
/** @typedef {import("./case-clock.js").Tone} Tone */
/** @typedef {{words: string, due_on: string, done: boolean}} Remaining `due_on`: YYYY-MM-DD */
/**
 * @typedef {{id: string, wording: string, agency: Name, urgency: string, due_on: string, state: string, correction: string | null}} Directive
 */
/** As `CaseView` in `tawasul/casework/web/given.py`.
 * @typedef {{id: string, number: string, kind: string, state: string, owner: string, owner_name: Name | null, subject: string,
 *   governorate: Name, agency: Name | null, opened_at: string, due_at: string | null, overdue: boolean, escalations: number,
 *   agenda: string | null, contests: number, remaining: Remaining[], answered_at: string | null, closed_at: string | null,
 *   closed_because: string | null, version: number, directive: Directive | null, citizen_name?: string | null}} Case
 */

/** @type {Record<string, string>} */
const KINDS = {
  audience: "case-kind-audience",
  petition: "case-kind-petition",
  suggestion: "case-kind-suggestion",
  complaint: "case-kind-complaint",
};

/** @type {Record<string, {word: string, icon: string, tone: Tone}>} */
export const STATES = {
  received: { word: "case-state-received", icon: "info", tone: "info" },
  proposed: { word: "case-state-proposed", icon: "pen", tone: "warning" },
  referred: { word: "case-state-referred", icon: "next", tone: "info" },
  "under-way": { word: "case-state-under-way", icon: "refresh", tone: "good" },
  asked: { word: "case-state-asked", icon: "alert", tone: "warning" },
  answered: { word: "case-state-answered", icon: "check", tone: "good" },
  contested: { word: "case-state-contested", icon: "alert", tone: "danger" },
  closed: { word: "case-state-closed", icon: "check-circle", tone: "" },
};

/** @type {Record<string, string>} */
const OWNERS = {
  desk: "case-owner-desk",
  office: "case-owner-office",
  agency: "case-owner-agency",
  citizen: "case-owner-citizen",
};

/** @type {Record<string, string>} */
const CLOSED = {
  accepted: "case-closed-accepted",
  unopposed: "case-closed-unopposed",
  withdrawn: "case-closed-withdrawn",
  "given-up": "case-closed-given-up",
  merged: "case-closed-merged",
};

/** @type {Record<string, string>} */
const URGENCIES = { routine: "case-urgency-routine", urgent: "case-urgency-urgent", immediate: "case-urgency-immediate" };

/** @type {Record<string, string>} */
const DIRECTIVES = {
  proposed: "case-directive-proposed",
  ratified: "case-directive-ratified",
  corrected: "case-directive-corrected",
  replaced: "case-directive-replaced",
};

/** What was brought. @param {string} kind @returns {string} */
export function caseKind(kind) {
  return say(KINDS[kind] ?? "case-kind-petition");
}

/** Where it stands. @param {string} state @returns {string} */
export function caseState(state) {
  return say((STATES[state] ?? STATES.received).word);
}

/** Whose turn it is; an agency by its name, where it is known. @param {{owner: string, owner_name?: Name | null}} given @returns {string} */
export function caseOwner({ owner, owner_name }) {
  return owner_name ? nameOf(owner_name) : say(OWNERS[owner] ?? "case-owner-desk");
}

/** Why nothing more is to be done. @param {string | null} because @returns {string} */
export function caseClosedBecause(because) {
  return say(CLOSED[because ?? ""] ?? "case-state-closed");
}

/** How soon an agency takes it up. @param {string} urgency @returns {string} */
export function urgencyWords(urgency) {
  return say(URGENCIES[urgency] ?? "case-urgency-routine");
}

/** Whether the citizen has said that it is so. @param {string} state @returns {string} */
export function directiveState(state) {
  return say(DIRECTIVES[state] ?? "case-directive-proposed");
}

/** A bare day in both calendars. @param {string} day YYYY-MM-DD @returns {string} */
export function bareDay(day) {
  return dates.day(noon(day));
}

/**
 * How much time is left, in words; what is late says by how much.
 * @param {{state: string, due_at: string | null, overdue: boolean}} given
 * @param {number} [now] milliseconds since 1970
 * @returns {{words: string, tone: Tone} | null} null: nothing is to be done any more
 */
export function clockOf(given, now = Date.now()) {
  const clock = clockAt(given, now);
  return clock && { words: say(clock.word, { days: clock.days }), tone: clock.tone };
}
