/**
 * The fields of a directive – to whom, how soon, by which day, and the templates of its words – as the console and the agenda have them
 * (`_office_directive.html`).
 */
import "./date-field.js";
import { get, Problem } from "./api.js";
import { byId } from "./controllers.js";
import { dayIn, putDay } from "./date-field.js";
import { AgencyField } from "./office-agency-field.js";
import { today } from "./planning-fields.js";
import { nameOf, say } from "./words.js";

/** @import { Urgency } from "./messages.d.ts" */
/** @typedef {import("./office-agency-field.js").Agency} Agency */
/** @typedef {{id: string, name: {arabic: string, english: string}, text: {arabic: string, english: string}}} Wording as `WordingView` */
/** @typedef {{agency_id: string, urgency: Urgency, due_on: string | null}} Terms */

/** @type {Promise<{agencies: Agency[], wordings: Wording[]}> | null} */
let asked = null;

/**
 * To whom, and from which words: asked once, again after it failed.
 * @returns {Promise<{agencies: Agency[], wordings: Wording[]} | null>} null: not to be had, as of an older server
 */
export async function choices() {
  try {
    asked ??= Promise.all([get("/api/office/agencies"), get("/api/office/wordings")]).then(([{ agencies }, { wordings }]) => ({ agencies, wordings }));
    return await asked;
  } catch (problem) {
    asked = null;
    if (!(problem instanceof Problem)) throw problem;
    return null;
  }
}

/** The templates: one that is chosen is put into the text, where it goes on to be written. */
export class WordingChoice {
  #select;
  #text;
  /** @type {readonly Wording[]} */ #wordings = [];
  /** What this put there last, as long as nobody has changed it. */
  #put = "";

  /** @param {string} id of the form's fields @param {HTMLTextAreaElement} text */
  constructor(id, text) {
    this.#select = byId(`${id}-wording`, HTMLSelectElement);
    this.#text = text;
    this.#select.addEventListener("change", () => this.#chosen());
  }

  /** @param {readonly Wording[]} wordings */
  fill(wordings) {
    this.#wordings = wordings;
    this.#select.length = 1;
    this.#select.append(...wordings.map((each) => new Option(nameOf(each.name), each.id)));
    this.#select.closest(".field")?.toggleAttribute("hidden", wordings.length === 0);
  }

  /** Another text begins. */
  reset() {
    this.#select.value = "";
    this.#put = "";
  }

  #chosen() {
    const wording = this.#wordings.find(({ id }) => id === this.#select.value);
    if (!wording) return;
    const words = nameOf(wording.text);
    const before = this.#text.value.trim();
    // What somebody wrote stays: a template goes beneath it. One template takes the place of another.
    const isOwn = before !== "" && before !== this.#put;
    const whole = isOwn ? `${before}\n${words}` : words;
    if (whole.length > this.#text.maxLength) return;
    this.#put = isOwn ? "" : words;
    this.#text.value = whole;
    this.#text.dispatchEvent(new Event("input", { bubbles: true }));
    this.#text.focus();
    this.#text.setSelectionRange(whole.length, whole.length);
  }
}

/** A day after today, with days a few of which are one press away. */
export class DueField {
  #input;
  #error;

  /** @param {string} id of the form's fields */
  constructor(id) {
    this.#input = byId(`${id}-due`, HTMLInputElement);
    this.#error = byId(`${id}-due-error`, HTMLElement);
    for (const quick of document.querySelectorAll(`[data-for="${id}-due"]`)) {
      if (quick instanceof HTMLElement) quick.addEventListener("click", () => this.#quick(Number(quick.dataset.days)));
    }
    this.#input.addEventListener("input", () => this.problem(""));
    this.#input.addEventListener("change", () => this.#input.value.trim() && dayIn(this.#input) && this.read());
  }

  /** As it was typed. */
  get typed() {
    return this.#input.value;
  }

  /** @param {string} typed */
  put(typed) {
    this.#input.value = typed;
    this.#input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /**
   * The day; says at the field what is wrong.
   * @param {boolean} [needed]
   * @returns {string | null | undefined} YYYY-MM-DD; null: left empty; undefined: wrong
   */
  read(needed = false) {
    const day = dayIn(this.#input);
    if (!this.#input.value.trim()) {
      if (needed) this.problem(say("desk-field-needed"));
      return needed ? undefined : null;
    }
    if (day && day > today()) return day;
    this.problem(say(day ? "office-due-passed" : "date-field-none"));
    return undefined;
  }

  /** @param {string} text */
  problem(text) {
    this.#error.textContent = text;
    this.#error.hidden = text === "";
    if (text) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
  }

  focus() {
    this.#input.focus();
  }

  /** @param {number} days */
  #quick(days) {
    putDay(this.#input, today(days));
    this.#input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** To whom, how soon and by which day. */
export class Directing {
  #id;
  #changed;

  #mayLeaveDue;

  /** @param {string} id of the form's fields @param {() => void} changed @param {{mayLeaveDue?: boolean}} [how] the agency's usual time then */
  constructor(id, changed, { mayLeaveDue = false } = {}) {
    this.#id = id;
    this.#changed = changed;
    this.#mayLeaveDue = mayLeaveDue;
    this.agency = new AgencyField(`${id}-agency`, () => this.#drawn());
    this.due = new DueField(id);
    for (const radio of this.#radios()) radio.addEventListener("change", changed);
    byId(`${id}-due`, HTMLInputElement).addEventListener("input", () => this.#drawn());
  }

  /** @returns {Urgency} */
  get urgency() {
    const value = this.#radios().find((each) => each.checked)?.value;
    return value === "urgent" || value === "immediate" ? value : "routine";
  }

  /** As it is kept until it is sent. @returns {string} empty: nothing was chosen */
  get draft() {
    const agency = this.agency.agency?.id ?? null;
    return agency || this.due.typed || this.urgency !== "routine" ? JSON.stringify([agency, this.urgency, this.due.typed]) : "";
  }

  /** @param {string} draft */
  put(draft) {
    const [agency, urgency, due] = /** @type {[string | null, string, string]} */ (draft ? JSON.parse(draft) : [null, "routine", ""]);
    for (const radio of this.#radios()) radio.checked = radio.value === urgency;
    this.due.put(due);
    this.agency.put(agency);
    this.#drawn();
  }

  /**
   * What is chosen; says at the fields what is wrong, and goes to the first of them.
   * @param {{agency: boolean, due: boolean}} [needed]
   * @returns {Terms | null | undefined} null: no agency; undefined: something is wrong
   */
  read(needed = { agency: false, due: false }) {
    const { agency, isUnknown } = this.agency;
    if (isUnknown || (needed.agency && !agency)) {
      this.agency.problem(say("office-agency-unknown"));
      this.agency.focus();
      return undefined;
    }
    if (!agency) return null;
    const due_on = this.due.read(needed.due);
    if (due_on === undefined) {
      this.due.focus();
      return undefined;
    }
    return { agency_id: agency.id, urgency: this.urgency, due_on };
  }

  #drawn() {
    const agency = this.agency.agency;
    const says = this.#mayLeaveDue && agency && !this.due.typed.trim();
    byId(`${this.#id}-due-hint`, HTMLElement).textContent = says ? say("office-due-hint", { days: agency.answer_days }) : "";
    this.#changed();
  }

  #radios() {
    return /** @type {HTMLInputElement[]} */ ([...byId(`${this.#id}-urgency`, HTMLElement).querySelectorAll("input")]);
  }
}
