/**
 * Which step of the citizen's page is true, from what is known. Pure: a reload comes to the same step, since all of it comes from the server.
 *
 * @import { Concluded, Waiting, WaitingEntry } from "./messages.d.ts"
 * @import { CallPart } from "./call/state-types.d.ts"
 * @import { LineState } from "./line-core.js"
 * @typedef {"loading" | "welcome" | "devices" | "waiting" | "call" | "thanks" | "problem"} Step
 * @typedef {object} Known
 * @property {"unknown" | "no" | "yes"} begun whether the link was opened on this device, with consent
 * @property {string | null} state of the audience, as the server told it when the page came
 * @property {boolean} devicesPassed the device check was left with "I am ready"
 * @property {LineState} line
 * @property {Waiting | null} waiting what the server last said of the place in the queue
 * @property {boolean} fresh whether it was said since the line last came up
 * @property {CallPart} part
 * @property {Pick<Concluded, "directed"> | null} told the outcome, once it is written
 * @property {{code: string, text: string} | null} refused why the way in or the check-in was refused
 */

/** @param {Known} known @returns {Step} */
export function stepOf({ begun, state, devicesPassed, line, waiting, fresh, part, told, refused }) {
  if (begun !== "yes") return refused ? "problem" : begun === "no" ? "welcome" : "loading";
  // A conversation outlives its line, even one that was stopped.
  if (part.call) return "call";
  if (line.standing === "stopped") return "problem";
  const entry = waiting?.entries[0];
  // Over here, and the server has not yet said what follows: neither in so many words nor by the place in the queue.
  const isSettled = fresh && (entry?.state === "heard" || entry?.state === "arrived");
  if (part.over && part.over.waitsAgain === null && !isSettled && !told) return "call";
  if (told || entry?.state === "heard" || part.over?.waitsAgain === false) return "thanks";
  if (!waiting) return "loading";
  if (entry) return "waiting";
  if (state === "concluded") return "thanks";
  if (refused) return "problem";
  return devicesPassed ? "loading" : "devices";
}

/** Whether the citizen has to be checked in now. @param {Known} known */
export function mustCheckIn(known) {
  return known.line.standing === "up" && known.devicesPassed && known.waiting !== null && stepOf(known) === "loading";
}

/**
 * The sentence of the thanks.
 * @param {Known} known
 * @returns {string} an id of the catalogue
 */
export function thanksWord({ told, state, waiting }) {
  if (told) return told.directed ? "join-thanks-directed" : "join-thanks-heard";
  return state === "concluded" && !waiting?.entries.length ? "join-thanks-concluded" : "join-thanks-outcome-next";
}

/**
 * The sentence of the place in the queue.
 * @param {WaitingEntry} entry
 * @returns {string} an id of the catalogue
 */
export function placeWord({ state, position }) {
  if (state !== "arrived") return "join-place-called";
  if (!position) return "join-waiting-title";
  return position === 1 ? "join-place-next" : "join-place";
}
