/**
 * When a place is open, by weekday and in Ramadan: one line a day, as people write it: 07:30-12:00 13:00-14:30.
 */
import { post, request } from "./api.js";
import { byId } from "./controllers.js";
import { latinDigits } from "./digits.js";
import { element } from "./elements.js";
import { attempt, clearErrors, notice } from "./form.js";
import { propose } from "./planning-consequences.js";
import { say } from "./words.js";

/** @typedef {{opens: string, closes: string}} Span */
/** @typedef {{week: Span[][], ramadan: Span[][]}} Hours Monday first */

/** Sunday first, as the week is here; numbers are those of the server, Monday is 0. @type {[number, string][]} */
const DAYS = [
  [6, "day-sunday"], [0, "day-monday"], [1, "day-tuesday"], [2, "day-wednesday"], [3, "day-thursday"], [4, "day-friday"], [5, "day-saturday"],
];

const dialog = byId("hours-dialog", HTMLDialogElement);
const form = byId("hours-form", HTMLFormElement);
const rows = byId("hours-rows", HTMLElement);

let path = "";
let title = "";
/** @type {() => unknown} */
let afterwards = () => {};

/** @param {() => unknown} changed */
export function startHours(changed) {
  afterwards = changed;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void preview(event.submitter);
  });
}

/** @param {string} place `emirate` or `centres/<id>` @param {string} name @param {Hours} hours */
export function editHours(place, name, hours) {
  path = place;
  title = say("planning-hours-title", { name });
  byId("hours-title", HTMLElement).textContent = title;
  notice("hours-problem");
  rows.replaceChildren(
    ...DAYS.map(([number, word]) => {
      const head = element("th", "", say(word));
      head.scope = "row";
      return element("tr", "", head, cell("week", number, word, hours.week[number]), cell("ramadan", number, word, hours.ramadan[number]));
    }),
  );
  dialog.showModal();
}

/** @param {"week" | "ramadan"} which @param {number} number @param {string} word @param {Span[]} spans */
function cell(which, number, word, spans) {
  const field = element("input", "field-input field-number");
  field.id = `hours_${which}_${number}`;
  field.value = spans.map(({ opens, closes }) => `${opens}-${closes}`).join(" ");
  field.placeholder = say("planning-closed");
  field.maxLength = 80;
  field.autocomplete = "off";
  const label = say(which === "week" ? "planning-hours-usual" : "planning-hours-ramadan");
  field.setAttribute("aria-label", `${say(word)}: ${label}`);
  const node = element("td", "", field);
  node.dataset.label = label;
  return node;
}

/** @param {Element | null} pressed */
async function preview(pressed) {
  clearErrors(form);
  const hours = { week: read("week"), ramadan: read("ramadan") };
  if (!hours.week || !hours.ramadan) return notice("hours-problem", say("planning-hours-wrong"));
  const address = `/api/planning/${path}/hours`;
  await attempt(
    pressed,
    () =>
      propose({
        title,
        preview: () => post(`${address}/preview`, hours),
        confirm: (shown) => request("PUT", address, { ...hours, ...shown }),
        done: () => {
          dialog.close();
          afterwards();
        },
      }),
    { notice: "hours-problem" },
  );
}

/** @param {"week" | "ramadan"} which @returns {Span[][] | null} Monday first; null when a line cannot be read, which is then marked */
function read(which) {
  /** @type {Span[][]} */
  const week = [];
  let wrong = null;
  for (let number = 0; number < 7; number += 1) {
    const field = byId(`hours_${which}_${number}`, HTMLInputElement);
    const spans = spansOf(field.value);
    field.toggleAttribute("aria-invalid", false);
    if (!spans) {
      field.setAttribute("aria-invalid", "true");
      wrong ??= field;
    } else week.push(spans);
  }
  wrong?.focus();
  return wrong ? null : week;
}

/** @param {string} typed @returns {Span[] | null} */
export function spansOf(typed) {
  const text = latinDigits(typed).replace(/[–—]/g, "-").replace(/\s*-\s*/g, "-").trim();
  if (!text) return [];
  const spans = [];
  for (const part of text.split(/[\s،,]+/)) {
    const read = part.match(/^(\d{1,2}):?(\d{2})?-(\d{1,2}):?(\d{2})?$/);
    if (!read) return null;
    const [opens, closes] = [clock(read[1], read[2]), clock(read[3], read[4])];
    if (!opens || !closes || closes <= opens) return null;
    spans.push({ opens, closes });
  }
  return spans;
}

/** @param {string} hours @param {string} [minutes] */
function clock(hours, minutes = "00") {
  const text = `${hours.padStart(2, "0")}:${minutes}`;
  return /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(text) ? text : null;
}
