/**
 * Shows one step of the citizen's page, and moves the reader there.
 */
import { alertNow } from "./announce.js";
import { byId } from "./controllers.js";
import { thanksWord } from "./join-steps.js";
import { reasonText, remedyFor } from "./line-notice.js";
import { say } from "./words.js";

/** @import { Known, Step } from "./join-steps.js" */

/** What trying again does not change. */
const FINAL = new Set(["link-not-valid", "cancelled", "missed"]);

/** @type {Step[]} */
const ORDER = ["welcome", "devices", "waiting", "call"];

/**
 * @param {Step} step
 * @returns {boolean} whether another step was shown before
 */
export function showStep(step) {
  const root = byId("join", HTMLElement);
  const isNew = root.dataset.step !== step;
  if (!isNew) return false;
  const isFirst = root.dataset.step === "loading";
  root.dataset.step = step;
  for (const item of document.querySelectorAll("#join-steps [data-for]")) {
    const at = ORDER.indexOf(/** @type {Step} */ (item.getAttribute("data-for")));
    if (at === ORDER.indexOf(step)) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
    item.toggleAttribute("data-done", at < ORDER.indexOf(step));
  }
  // Those who hear the page are brought to the step's heading; on the first drawing they are at the top anyway.
  if (!isFirst) focusHeading(root, step);
  return true;
}

/** @param {Known} known @param {string} reference @param {boolean} isNew */
export function showThanks(known, reference, isNew) {
  const text = say(thanksWord(known));
  const place = byId("thanks-text", HTMLElement);
  if (place.textContent !== text || isNew) alertNow(text);
  place.textContent = text;
  byId("thanks-reference", HTMLElement).textContent = reference;
  byId("thanks-attestation", HTMLElement).hidden = !known.part.attested;
}

/** Why there is no way on, and what can be done about it. @param {Known} known */
export function showProblem({ line, refused }) {
  if (line.standing === "stopped" && line.why) write(reasonText(line.why), line.why.code, remedyFor(line.why.code)?.word ?? null);
  else if (refused) write(refused.text, refused.code, FINAL.has(refused.code) ? null : "join-try-again");
}

/** @param {string} text @param {string} code @param {string | null} action an id of the catalogue */
function write(text, code, action) {
  byId("problem-text", HTMLElement).textContent = text;
  byId("problem-code", HTMLElement).textContent = code;
  const button = byId("problem-action", HTMLButtonElement);
  button.hidden = action === null;
  if (action) button.textContent = say(action);
}

/** @param {HTMLElement} root @param {Step} step */
function focusHeading(root, step) {
  const heading = root.querySelector(`section[data-step="${step}"] :is(h1, h2)`);
  if (!(heading instanceof HTMLElement)) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  globalThis.scrollTo({ top: 0 });
}
