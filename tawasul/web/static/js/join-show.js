/**
 * Shows one step of the citizen's page, and moves the reader there.
 */
import { byId } from "./controllers.js";
import { say } from "./words.js";

/** @import { Step } from "./join-steps.js" */

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

/** @param {string} text @param {string} code @param {string | null} action an id of the catalogue */
export function showProblem(text, code, action) {
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
