/**
 * What a partial answer leaves open: lines, each of words and a day, that are added and taken away, and brought back where that was a slip.
 */
import { toast } from "./announce.js";
import { byId, connect } from "./controllers.js";
import { dayIn } from "./date-field.js";
import { fieldError } from "./form.js";
import { inRiyadh } from "./dates.js";
import { say } from "./words.js";

/** As it is typed. @typedef {{words: string, day: string}} Line */
/** As it is sent. @typedef {{words: string, due_on: string}} Item */

export const MOST_LINES = 20;

const template = byId("remains-row", HTMLTemplateElement);
const list = byId("remains-list", HTMLElement);
const add = byId("remains-add", HTMLButtonElement);

let made = 0;
/** Called when a line was typed, added, removed. @type {() => void} */
let changed = () => {};

add.addEventListener("click", () => {
  if (list.children.length >= MOST_LINES) {
    toast(say("agency-remains-most"), "danger");
    return;
  }
  const row = addLine({ words: "", day: "" });
  part(row, "words").focus();
  changed();
});
list.addEventListener("input", () => changed());

/** @param {() => void} told called when a line was typed, added, removed */
export function whenRemainsChange(told) {
  changed = told;
}

/** Shows these lines, or an empty one. @param {readonly Line[]} lines */
export function putLines(lines) {
  list.replaceChildren();
  for (const each of lines.length > 0 ? lines : [{ words: "", day: "" }]) addLine(each);
}

/** What is typed. @returns {Line[]} */
export function linesTyped() {
  return rows().map((row) => ({ words: part(row, "words").value, day: part(row, "day").value }));
}

/**
 * What is to be sent; a line that is left empty is none. Says at the first line that is wrong what is.
 * @returns {Item[] | null} null: something is wrong, or nothing is there
 */
export function itemsTyped() {
  /** @type {Item[]} */
  const items = [];
  /** @type {HTMLInputElement | null} */
  let wrong = null;
  /** @param {HTMLInputElement} input @param {string} word */
  const say_ = (input, word) => {
    fieldError(input.id, say(word));
    wrong ??= input;
  };
  const filled = rows().filter((row) => part(row, "words").value.trim() || part(row, "day").value.trim());
  for (const row of filled.length > 0 ? filled : rows().slice(0, 1)) {
    const [words, day] = [part(row, "words"), part(row, "day")];
    const due_on = dayIn(day);
    if (!words.value.trim()) say_(words, "desk-field-needed");
    if (!due_on) say_(day, day.value.trim() ? "date-field-none" : "desk-field-needed");
    else if (due_on <= today()) say_(day, "agency-remains-past");
    if (due_on) items.push({ words: words.value.trim(), due_on });
  }
  /** @type {HTMLInputElement | null} */ (wrong)?.focus();
  return wrong ? null : items;
}

/** Today in Riyadh. @returns {string} YYYY-MM-DD */
function today() {
  const { year, month, day } = inRiyadh(new Date());
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** @param {Line} line @param {Element | null} [before] @returns {HTMLElement} */
function addLine(line, before = null) {
  const row = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
  made += 1;
  for (const name of ["words", "day"]) {
    const input = part(row, name);
    input.id = `remains-${made}-${name}`;
    const error = row.querySelector(`[data-part="${name}-error"]`);
    if (error) error.id = `${input.id}-error`;
    const read = row.querySelector(`[data-part="${name}-read"]`);
    if (read) read.id = `${input.id}-read`;
    input.setAttribute("aria-describedby", read ? `${input.id}-read ${input.id}-error` : `${input.id}-error`);
    row.querySelector(`[data-part="${name}-label"]`)?.setAttribute("for", input.id);
    input.addEventListener("input", () => withoutError(input));
  }
  part(row, "words").value = line.words;
  part(row, "day").value = line.day;
  row.querySelector('[data-part="remove"]')?.addEventListener("click", () => remove(row));
  list.insertBefore(row, before);
  connect(row);
  number();
  return row;
}

/** @param {HTMLElement} row */
function remove(row) {
  const line = { words: part(row, "words").value, day: part(row, "day").value };
  const next = row.nextElementSibling;
  row.remove();
  if (list.children.length === 0) addLine({ words: "", day: "" });
  number();
  changed();
  (next instanceof HTMLElement ? part(next, "words") : add).focus();
  if (!line.words.trim() && !line.day.trim()) return;
  const undo = () => {
    const empty = rows().find((each) => rows().length === 1 && !part(each, "words").value && !part(each, "day").value);
    empty?.remove();
    const back = addLine(line, next?.isConnected ? next : null);
    part(back, "words").focus();
    changed();
  };
  toast(say("agency-remains-removed"), "success", { text: say("agency-remains-undo"), press: undo });
}

/** Each line is called by its place. */
function number() {
  rows().forEach((row, index) => {
    const place = { row: String(index + 1) };
    /** @param {string} name @param {string} text */
    const put = (name, text) => row.querySelector(`[data-part="${name}-label"]`)?.replaceChildren(text);
    put("words", say("agency-remains-words", place));
    put("day", say("agency-remains-day", place));
    row.querySelector('[data-part="remove"]')?.setAttribute("aria-label", say("agency-remains-remove-named", place));
  });
}

/** @param {HTMLInputElement} input */
function withoutError(input) {
  input.removeAttribute("aria-invalid");
  document.getElementById(`${input.id}-error`)?.toggleAttribute("hidden", true);
}

/** @returns {HTMLElement[]} */
function rows() {
  return /** @type {HTMLElement[]} */ ([...list.children]);
}

/** @param {Element} row @param {string} name @returns {HTMLInputElement} */
function part(row, name) {
  return /** @type {HTMLInputElement} */ (row.querySelector(`[data-part="${name}"]`));
}
