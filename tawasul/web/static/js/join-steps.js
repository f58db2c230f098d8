/**
 * Which step of the citizen's page is true, from what is known. Pure: a reload comes to the same step, since all of it comes from the server.
 *
 * @import { Concluded, Waiting, WaitingEntry } from "./messages.d.ts"
 * @import { CallPart } from "./call/state-types.d.ts"
 * @import { LineState } from "./line-core.js"
 * @typedef {"loading" | "welcome" | "devices" | "waiting" | "call" | "thanks" | "problem"} Step
 * @typedef {object} Known
 * @property {boolean} begun the link was opened on this device, with consent
 * @property {boolean} devicesPassed the device check was left with "I am ready"
 * @property {LineState} line
 * @property {Waiting | null} waiting what the server last said of the place in the queue
 * @property {CallPart} part
 * @property {Concluded | null} told the outcome, once it is written
 * @property {{code: string, text: string} | null} refused why the check-in was refused
 */

/** @param {Known} known @returns {Step} */
export function stepOf({ begun, devicesPassed, line, waiting, part, told, refused }) {
  if (!begun) return "welcome";
  // A conversation outlives its line, even one that was stopped.
  if (part.call) return "call";
  if (line.standing === "stopped") return "problem";
  if (part.over && part.over.waitsAgain === null) return "call";
  const entry = waiting?.entries[0];
  if (told || entry?.state === "heard" || part.over?.waitsAgain === false) return "thanks";
  if (!waiting) return "loading";
  if (entry) return "waiting";
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
export function thanksWord({ told }) {
  if (!told) return "join-thanks-outcome-next";
  return told.directed ? "join-thanks-directed" : "join-thanks-heard";
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
