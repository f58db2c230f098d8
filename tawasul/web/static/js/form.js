/**
 * Forms: errors beside their fields (tied by aria-describedby in the template), problems as a notice, buttons that are pressed once.
 */
import { Problem } from "./api.js";
import { say } from "./words.js";

/** Shows `text` as the error of the input `id`. @param {string} id @param {string} text */
export function fieldError(id, text) {
  const input = document.getElementById(id);
  const error = document.getElementById(`${id}-error`);
  input?.setAttribute("aria-invalid", "true");
  if (!error) return;
  error.textContent = text;
  error.hidden = false;
}

/** Takes all errors and notices off a form. @param {HTMLFormElement} form */
export function clearErrors(form) {
  for (const input of form.querySelectorAll('[aria-invalid="true"]')) input.removeAttribute("aria-invalid");
  for (const error of form.querySelectorAll(".field-error, .notice-danger")) error.toggleAttribute("hidden", true);
}

/**
 * Marks the required inputs that are empty, and goes to the first.
 * @param {HTMLFormElement} form
 * @returns {boolean} whether all are filled
 */
export function allFilled(form) {
  let first;
  for (const input of form.querySelectorAll("input[required], textarea[required]")) {
    if (!(input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement)) continue;
    if (input.type === "radio" || input.disabled || input.value.trim()) continue;
    fieldError(input.id, say("desk-field-needed"));
    first ??= input;
  }
  first?.focus();
  return !first;
}

/**
 * Does `work` while the button shows that it is busy and cannot be pressed again. A problem goes to its field, or to the notice.
 * @param {Element | null} button
 * @param {() => Promise<void>} work
 * @param {{notice: string, fields?: Record<string, string>}} places the notice's id; the inputs' ids by the names of the API's fields
 * @returns {Promise<Problem | null>} the problem, when there was one
 */
export async function attempt(button, work, places) {
  if (button?.getAttribute("aria-busy") === "true") return null;
  button?.setAttribute("aria-busy", "true");
  try {
    await work();
    return null;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const input = problem.field && places.fields?.[problem.field];
    if (input) {
      fieldError(input, problem.text);
      document.getElementById(input)?.focus();
    } else {
      notice(places.notice, problem.text);
    }
    return problem;
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

/** Shows a notice of the page with these words; hides it without. @param {string} id @param {string} [text] */
export function notice(id, text) {
  const words = document.getElementById(`${id}-text`);
  if (words && text) words.textContent = text;
  document.getElementById(id)?.toggleAttribute("hidden", !text);
}
