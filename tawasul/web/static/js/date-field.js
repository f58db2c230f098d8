/**
 * `<input data-controller="date">`: a date typed in either calendar, with the digits of any keyboard. Beneath it stands the day in both, or that
 * there is no such day; what was typed stays. The element with the id `<input's id>-read` shows it.
 */
import { register } from "./controllers.js";
import { foldedMonth, readDate } from "./date-reading.js";
import { GREGORIAN_MONTHS, HIJRI_MONTHS } from "./dates.js";
import { dates, say } from "./words.js";

const HIJRI = numbered(HIJRI_MONTHS);
const GREGORIAN = numbered(GREGORIAN_MONTHS);

/**
 * The day in a field.
 * @param {HTMLInputElement} input
 * @returns {string | null} YYYY-MM-DD, Gregorian; null when there is none
 */
export function dayIn(input) {
  return readDate(input.value, HIJRI, GREGORIAN)?.day ?? null;
}

/** Puts a day into a field. @param {HTMLInputElement} input @param {string | null} day YYYY-MM-DD, Gregorian */
export function putDay(input, day) {
  input.value = day ?? "";
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

register(
  "date",
  class {
    /** @param {HTMLElement} element */
    constructor(element) {
      if (!(element instanceof HTMLInputElement)) return;
      const shown = document.getElementById(`${element.id}-read`);
      const show = () => {
        const day = dayIn(element);
        const words = day ? dates.day(day) : "";
        if (shown && shown.textContent !== words) shown.textContent = words;
        if (day || !element.value.trim()) validity("");
      };
      /** @param {string} problem */
      const validity = (problem) => {
        element.setCustomValidity(problem);
        element.toggleAttribute("aria-invalid", false);
        if (problem) element.setAttribute("aria-invalid", "true");
        const error = document.getElementById(`${element.id}-error`);
        if (!error) return;
        error.textContent = problem;
        error.hidden = !problem;
      };
      element.addEventListener("input", show);
      // Not while somebody still types: a date is not wrong before it is whole.
      element.addEventListener("change", () => {
        show();
        if (element.value.trim() && !dayIn(element)) validity(say("date-field-none"));
      });
      show();
    }
  },
);

/** @param {readonly string[]} months @returns {Map<string, number>} */
function numbered(months) {
  return new Map(months.map((id, index) => [foldedMonth(say(id)), index + 1]));
}
