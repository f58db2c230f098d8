/**
 * The field in which an agency is found and chosen: a combobox over a list (ARIA Authoring Practices). What is typed narrows the list,
 * the arrows go through it, Enter chooses; who leaves the field with one agency left has chosen that one.
 */
import { announce } from "./announce.js";
import { byId } from "./controllers.js";
import { element } from "./elements.js";
import { matching } from "./office-search.js";
import { nameOf, say } from "./words.js";

/** @typedef {{id: string, name: {arabic: string, english: string}, acceptance_days: number, answer_days: number}} Agency as `AgencyView` */

export class AgencyField {
  #input;
  #list;
  #error;
  #changed;
  /** @type {readonly Agency[]} */ #agencies = [];
  /** @type {Agency | null} */ #chosen = null;
  /** Of what is shown, which the arrows are at. */
  #at = -1;
  /** Whether the list was asked for and not closed since. */
  #asked = false;

  /** @param {string} id of the input @param {() => void} changed called when another agency is chosen, or none */
  constructor(id, changed) {
    this.#input = byId(id, HTMLInputElement);
    this.#list = byId(`${id}-list`, HTMLElement);
    this.#error = byId(`${id}-error`, HTMLElement);
    this.#changed = changed;
    this.#input.addEventListener("input", () => this.#typed());
    this.#input.addEventListener("keydown", (event) => this.#pressed(event));
    this.#input.addEventListener("click", () => this.#open());
    this.#input.addEventListener("blur", () => this.#left());
    // Before the field is left: a press on the list is no leaving.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (option instanceof HTMLElement) this.#choose(this.#agencies.find(({ id: each }) => each === option.dataset.id) ?? null);
    });
  }

  /** To which something may be directed. @param {readonly Agency[]} agencies */
  fill(agencies) {
    this.#agencies = agencies;
    // Who asked for the list before it had come has it now; who has left the field since is taken to leave it now.
    if (document.activeElement !== this.#input) this.#left();
    else if (this.#asked) this.#open();
  }

  /** What is chosen. @returns {Agency | null} */
  get agency() {
    return this.#chosen;
  }

  /** What somebody typed that is no agency of the list. */
  get isUnknown() {
    return this.#chosen === null && this.#input.value.trim() !== "";
  }

  /** Chooses by id; none that is not in the list. @param {string | null} id */
  put(id) {
    const agency = this.#agencies.find((each) => each.id === id) ?? null;
    this.#input.value = agency ? nameOf(agency.name) : "";
    this.#close();
    this.problem("");
    this.#set(agency);
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

  #typed() {
    this.problem("");
    if (this.#chosen && this.#input.value !== nameOf(this.#chosen.name)) this.#set(null);
    this.#open();
    const count = this.#shown().length;
    announce(say(count ? "office-agency-found" : "office-agency-none", { count }));
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const shown = this.#shown();
    const isOpen = !this.#list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (!isOpen) this.#open();
      else if (shown.length) this.#go((this.#at + step + shown.length + (this.#at < 0 && step < 0 ? 1 : 0)) % shown.length);
    } else if (event.key === "Enter" && isOpen) {
      // Enter chooses here; it does not send the form.
      event.preventDefault();
      const agency = shown[this.#at] ?? (shown.length === 1 ? shown[0] : null);
      if (agency) this.#choose(agency);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.#input.value = this.#chosen ? nameOf(this.#chosen.name) : this.#input.value;
      this.#close();
    } else if (event.key === "Tab" && isOpen && shown[this.#at]) {
      this.#choose(shown[this.#at]);
    }
  }

  /** Whoever leaves with one left meant that one; with none or several, it is said that nothing is chosen. */
  #left() {
    const shown = this.#shown();
    this.#close();
    if (this.#chosen || !this.#input.value.trim()) return;
    if (shown.length === 1) this.put(shown[0].id);
    else if (this.#agencies.length) this.problem(say("office-agency-unknown"));
  }

  /** @param {Agency | null} agency */
  #choose(agency) {
    this.put(agency?.id ?? null);
    this.#input.focus();
  }

  /** @param {Agency | null} agency */
  #set(agency) {
    if (this.#chosen?.id === agency?.id) return;
    this.#chosen = agency;
    this.#changed();
  }

  /** @returns {Agency[]} */
  #shown() {
    return matching(this.#agencies, this.#chosen ? "" : this.#input.value);
  }

  #open() {
    this.#asked = true;
    const shown = this.#shown();
    this.#list.replaceChildren(
      ...shown.map((agency, index) => {
        const option = element("li", "agency-option", nameOf(agency.name));
        option.id = `${this.#list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.id = agency.id;
        return option;
      }),
    );
    this.#list.hidden = shown.length === 0;
    this.#input.setAttribute("aria-expanded", String(shown.length > 0));
    this.#go(shown.findIndex((each) => each.id === this.#chosen?.id));
  }

  #close() {
    this.#asked = false;
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
    this.#at = -1;
  }

  /** @param {number} index */
  #go(index) {
    this.#at = index;
    [...this.#list.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === index));
      if (at === index) option.scrollIntoView({ block: "nearest" });
    });
    if (index < 0) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", `${this.#list.id}-${index}`);
  }
}
