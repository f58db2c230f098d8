/**
 * The pause that each prayer makes at a place: minutes before the adhan, from adhan to iqama, and after the iqama.
 */
import { post, request } from "./api.js";
import { byId } from "./controllers.js";
import { latinDigits } from "./digits.js";
import { element } from "./elements.js";
import { attempt, clearErrors, notice } from "./form.js";
import { propose } from "./planning-consequences.js";
import { say } from "./words.js";

/** @typedef {"fajr" | "dhuhr" | "jumuah" | "asr" | "maghrib" | "isha"} Prayer */
/** @typedef {Partial<Record<Prayer, {iqama_minutes: number, pause_minutes: number, before_minutes: number}>>} Pauses */

/** @type {[Prayer, string][]} */
const PRAYERS = [
  ["fajr", "prayer-fajr"], ["dhuhr", "prayer-dhuhr"], ["jumuah", "prayer-jumuah"], ["asr", "prayer-asr"], ["maghrib", "prayer-maghrib"], ["isha", "prayer-isha"],
];

/** @type {[("before_minutes" | "iqama_minutes" | "pause_minutes"), string][]} */
const PARTS = [
  ["before_minutes", "planning-pause-before"], ["iqama_minutes", "planning-pause-iqama"], ["pause_minutes", "planning-pause-after"],
];

const dialog = byId("pauses-dialog", HTMLDialogElement);
const form = byId("pauses-form", HTMLFormElement);
const rows = byId("pauses-rows", HTMLElement);

let path = "";
let title = "";
/** @type {() => unknown} */
let afterwards = () => {};

/** @param {() => unknown} changed */
export function startPauses(changed) {
  afterwards = changed;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void preview(event.submitter);
  });
}

/** @param {string} place `emirate` or `centres/<id>` @param {string} name @param {Pauses} pauses */
export function editPauses(place, name, pauses) {
  path = place;
  title = say("planning-pauses-title", { name });
  byId("pauses-title", HTMLElement).textContent = title;
  notice("pauses-problem");
  rows.replaceChildren(
    ...PRAYERS.map(([prayer, word]) => {
      const head = element("th", "", say(word));
      head.scope = "row";
      return element("tr", "", head, ...PARTS.map(([part, label]) => cell(prayer, part, say(word), say(label), pauses[prayer]?.[part] ?? 0)));
    }),
  );
  dialog.showModal();
}

/** @param {Prayer} prayer @param {string} part @param {string} name of the prayer @param {string} label of the part @param {number} minutes */
function cell(prayer, part, name, label, minutes) {
  const field = element("input", "field-input field-number");
  field.id = `pause_${prayer}_${part}`;
  field.value = String(minutes);
  field.inputMode = "numeric";
  field.maxLength = 3;
  field.autocomplete = "off";
  field.setAttribute("aria-label", `${name}: ${label}`);
  const node = element("td", "", field);
  node.dataset.label = label;
  return node;
}

/** @param {Element | null} pressed */
async function preview(pressed) {
  clearErrors(form);
  const pauses = read();
  if (!pauses) return notice("pauses-problem", say("planning-number"));
  const address = `/api/planning/${path}/pauses`;
  await attempt(
    pressed,
    () =>
      propose({
        title,
        preview: () => post(`${address}/preview`, { pauses }),
        confirm: (shown) => request("PUT", address, { pauses, ...shown }),
        done: () => {
          dialog.close();
          afterwards();
        },
      }),
    { notice: "pauses-problem" },
  );
}

/** @returns {Pauses | null} null when a field holds no number, which is then marked */
function read() {
  /** @type {Pauses} */
  const pauses = {};
  for (const [prayer] of PRAYERS) {
    const minutes = { iqama_minutes: 0, pause_minutes: 0, before_minutes: 0 };
    for (const [part] of PARTS) {
      const field = byId(`pause_${prayer}_${part}`, HTMLInputElement);
      const typed = latinDigits(field.value).trim();
      if (!/^\d{1,3}$/.test(typed)) {
        field.setAttribute("aria-invalid", "true");
        field.focus();
        return null;
      }
      field.removeAttribute("aria-invalid");
      minutes[part] = Number(typed);
    }
    // All of them: a Friday prayer that were not named would take the pause of noon.
    pauses[prayer] = minutes;
  }
  return pauses;
}
