/**
 * States as people see them: words, an icon and a tone, never a colour alone. The same at the desk and in the office.
 */
import { icon } from "./announce.js";
import { noon } from "./elements.js";
import { dates, say } from "./words.js";

/** @typedef {"" | "good" | "strong" | "warning" | "danger" | "info"} Tone */
/** @typedef {{word: string, icon: string, tone: Tone}} Label */

/** @type {Record<string, Label>} */
const STATES = {
  booked: { word: "state-booked", icon: "calendar", tone: "" },
  arrived: { word: "state-arrived", icon: "clock", tone: "good" },
  "called-in": { word: "state-called-in", icon: "call-in", tone: "info" },
  "in-call": { word: "state-in-call", icon: "people", tone: "strong" },
  heard: { word: "state-heard", icon: "pen", tone: "info" },
  concluded: { word: "state-concluded", icon: "check-circle", tone: "good" },
  cancelled: { word: "state-cancelled", icon: "close", tone: "" },
  missed: { word: "state-missed", icon: "alert", tone: "warning" },
};

/** @type {Record<string, Label>} */
const ASSURANCES = {
  declared: { word: "assurance-declared", icon: "alert", tone: "warning" },
  "seen-at-desk": { word: "assurance-seen-at-desk", icon: "check-circle", tone: "good" },
  nafath: { word: "assurance-nafath", icon: "check-circle", tone: "good" },
};

/** Reasons to go before others. @type {Record<string, string>} */
const PRIORITIES = {
  rebooked: "priority-rebooked",
  disabled: "priority-disabled",
  elderly: "priority-elderly",
  "travelled-far": "priority-travelled-far",
};

/** A pill that says where an audience stands. @param {string} state @returns {HTMLElement} */
export function stateLabel(state) {
  return label(STATES[state] ?? { word: "state-booked", icon: "info", tone: "" });
}

/** A pill that says how sure the identity is. @param {string} assurance @returns {HTMLElement} */
export function assuranceLabel(assurance) {
  return label(ASSURANCES[assurance] ?? ASSURANCES.declared);
}

/** The words of a state alone. @param {string} state @returns {string} */
export function stateWords(state) {
  return say((STATES[state] ?? STATES.booked).word);
}

/** Why somebody goes before others. @param {string} priority @returns {string} */
export function priorityWords(priority) {
  return say(PRIORITIES[priority] ?? "priority-other");
}

/** Citizen or resident. @param {string} kind @returns {string} */
export function kindWords(kind) {
  return say(kind === "resident" ? "kind-resident" : "kind-citizen");
}

/** A pill of any words. @param {string} text @param {string} symbol @param {Tone} tone @returns {HTMLElement} */
export function pill(text, symbol, tone) {
  const span = document.createElement("span");
  span.className = tone ? `status status-${tone}` : "status";
  span.append(icon(symbol), text);
  return span;
}

/** @param {Label} given @returns {HTMLElement} */
function label(given) {
  return pill(say(given.word), given.icon, given.tone);
}

/** From which day to which somebody can come; one day is said once. @param {{from_day: string, to_day: string}} wish @returns {string} */
export function daysWords({ from_day, to_day }) {
  const from = dates.day(noon(from_day));
  return from_day === to_day ? from : say("waitlist-days", { from, to: dates.day(noon(to_day)) });
}
