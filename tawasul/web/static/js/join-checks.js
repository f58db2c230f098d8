/**
 * The four checks of the device check, each with its result in words.
 */
import { announce } from "./announce.js";
import { byId } from "./controllers.js";
import { say } from "./words.js";

/** @import { PathResult } from "./call/path-test.js" */
/** @typedef {"waiting" | "running" | "ok" | "failed"} Result */

/** There and back over the relay twice; beyond it people begin to speak over each other (ITU-T G.114: 400 ms one way). */
const SLOW_MS = 800;

/** @param {PathResult} result */
export function showPath(result) {
  if (result.ok) tell("check-path", "ok", say(result.roundTripMs < SLOW_MS ? "join-check-path-ok" : "join-check-path-slow"));
  else if (result.why === "no-relay") tell("check-path", "failed", say("join-check-path-none"));
  else if (result.why === "unsupported") tell("check-path", "failed", say("join-check-path-unsupported"));
  else tell("check-path", "failed", say("join-check-path-blocked"));
}

/** @param {string} id @param {Result} result @param {string} text */
export function tell(id, result, text) {
  const check = byId(id, HTMLElement);
  const words = /** @type {HTMLElement} */ (check.querySelector('[data-part="text"]'));
  if (check.dataset.result === result && words.textContent === text) return;
  check.dataset.result = result;
  words.textContent = text;
  if (result === "ok" || result === "failed") announce(text);
}
