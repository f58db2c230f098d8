/**
 * What the planning forms share: days and times of the day as the server takes them, always of Riyadh's clock.
 */
import { byId } from "./controllers.js";
import { dayIn } from "./date-field.js";
import { latinDigits } from "./digits.js";
import { fieldError } from "./form.js";
import { say } from "./words.js";

/** The input of an id. @param {string} id */
export function input(id) {
  return byId(id, HTMLInputElement);
}

/** The select of an id. @param {string} id */
export function choice(id) {
  return byId(id, HTMLSelectElement);
}

/**
 * The day of a date field; says at the field what is missing or wrong.
 * @param {string} id
 * @param {boolean} [needed]
 * @returns {string | null | undefined} YYYY-MM-DD; null: left empty; undefined: wrong, and said so
 */
export function dayOf(id, needed = true) {
  const field = input(id);
  const day = dayIn(field);
  if (day) return day;
  if (!field.value.trim() && !needed) return null;
  fieldError(id, say(field.value.trim() ? "date-field-none" : "desk-field-needed"));
  field.focus();
  return undefined;
}

/** A number, in the digits of any keyboard and with their decimal mark; NaN when it is none. @param {string} id */
export function numberIn(id) {
  const typed = latinDigits(input(id).value).replace("\u066b", ".").trim();
  return /^-?\d+(\.\d+)?$/.test(typed) ? Number(typed) : Number.NaN;
}

/**
 * Whether all of these hold numbers; says so at the first that does not. One that is not required may be empty.
 * @param {string[]} ids
 * @returns {boolean}
 */
export function allNumbers(ids) {
  for (const id of ids) {
    const field = input(id);
    if (!Number.isNaN(numberIn(id)) || (!field.required && !field.value.trim())) continue;
    fieldError(id, say("planning-number"));
    field.focus();
    return false;
  }
  return true;
}

/** To the title of the panel that is shown: what the keyboard was on is gone. */
export function toTitle() {
  const title = document.querySelector(".planning-panel:not([hidden]) h1");
  if (title instanceof HTMLElement) title.focus();
}

/** A moment of Riyadh's clock. @param {string} day YYYY-MM-DD @param {string} time HH:MM @returns {string} */
export function moment(day, time) {
  return `${day}T${time}:00+03:00`;
}

/** The day in Riyadh, some days from now. @param {number} [ahead] @returns {string} */
export function today(ahead = 0) {
  return new Date(Date.now() + (3 + 24 * ahead) * 3600_000).toISOString().slice(0, 10);
}
