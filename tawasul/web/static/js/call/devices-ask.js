/**
 * Asking the browser for camera and microphone, and remembering which were chosen.
 */
import { NO_CHOICE, constraintsFor } from "./devices-core.js";

/** @import { Choice, DeviceKind } from "./devices-core.js" */

const CHOICE_KEY = "tawasul-devices";

/**
 * @param {DeviceKind[]} kinds
 * @param {Choice} choice
 * @returns {Promise<MediaStream>}
 * @throws {DOMException} as `getUserMedia`; of the name "insecure" where the page may not ask at all
 */
export async function ask(kinds, choice) {
  if (!navigator.mediaDevices) throw new DOMException("", "insecure");
  try {
    return await navigator.mediaDevices.getUserMedia(constraintsFor(kinds, choice));
  } catch (error) {
    // A chosen camera that is gone today must not cost the citizen the call: any other will do.
    if (nameOf(error) !== "OverconstrainedError") throw error;
    return navigator.mediaDevices.getUserMedia(constraintsFor(kinds, NO_CHOICE));
  }
}

/** An `OverconstrainedError` is no `DOMException` in every browser. @param {unknown} error */
export function nameOf(error) {
  return error instanceof Object && "name" in error ? String(error.name) : "";
}

/** The devices chosen on this computer: their ids, and nothing of what they gave. @returns {Partial<Choice>} */
export function storedChoice() {
  try {
    return JSON.parse(localStorage.getItem(CHOICE_KEY) ?? "{}");
  } catch {
    return {}; // Storage may be forbidden: then nothing is remembered.
  }
}

/** @param {Choice} choice */
export function storeChoice(choice) {
  try {
    localStorage.setItem(CHOICE_KEY, JSON.stringify(choice));
  } catch {
    // As above.
  }
}
