/**
 * What the office does with a case: direct it, answer it itself, give more time, send it to another agency. What is written is kept until it
 * is done; what goes out to somebody is read once more before it goes.
 */
import { post, Problem } from "./api.js";
import { bareDay, urgencyWords } from "./case-words.js";
import { byId } from "./controllers.js";
import { draftOf, keepDraft, ofCase } from "./drafts.js";
import { element } from "./elements.js";
import { clearErrors, fieldError, notice } from "./form.js";
import { choices, Directing, WordingChoice } from "./office-directive.js";
import { nameOf, say } from "./words.js";

/** @typedef {import("./case-view.js").CaseDetail} CaseDetail */
/** @typedef {"direct" | "settle" | "prolong" | "reassign"} Name */
/**
 * `states`: where it is lawful, as in `tawasul/domain/case.py`; `words`: the name of its text in the API, and of its label; `reviews`: it is
 * read once more.
 * @typedef {{name: Name, word: string, text: string, label: string, field: "wording" | "words", next: string, confirm: string, done: string,
 *   longest: number, states: string[], reviews: boolean}} Step
 */

/** @type {Step[]} */
const STEPS = [
  {
    name: "direct", word: "agenda-direct", text: "agenda-direct-text", label: "office-directive", field: "wording", next: "agenda-review",
    confirm: "agenda-direct-confirm", done: "agenda-direct-done", longest: 2000, states: ["received", "proposed", "contested"], reviews: true,
  },
  {
    name: "settle", word: "agenda-settle", text: "agenda-settle-text", label: "agenda-settle-words", field: "words", next: "agenda-review",
    confirm: "agenda-settle-confirm", done: "agenda-settle-done", longest: 4000, states: ["received"], reviews: true,
  },
  {
    name: "prolong", word: "agenda-prolong", text: "agenda-prolong-text", label: "agenda-reason", field: "words", next: "agenda-prolong-confirm",
    confirm: "agenda-prolong-confirm", done: "agenda-prolong-done", longest: 4000, states: ["referred", "under-way"], reviews: false,
  },
  {
    name: "reassign", word: "agenda-reassign", text: "agenda-reassign-text", label: "agenda-reason", field: "words", next: "agenda-review",
    confirm: "agenda-reassign-confirm", done: "agenda-reassign-done", longest: 4000, states: ["referred", "under-way", "asked"], reviews: true,
  },
];

/** Of the API's fields, where each is on the page. @type {Record<string, string>} */
const FIELDS = { wording: "step-words", words: "step-words" };

/** What can be done with it as it stands. @param {{state: string}} given @returns {Step[]} */
export function stepsOf({ state }) {
  return STEPS.filter(({ states }) => states.includes(state));
}

/** The dialog of a step. */
export class CaseStep {
  #dialog = byId("step-dialog", HTMLDialogElement);
  #form = byId("step-form", HTMLFormElement);
  #review = byId("step-review", HTMLElement);
  #words = byId("step-words", HTMLTextAreaElement);
  #wording = new WordingChoice("step", this.#words);
  #directing = new Directing("step", () => this.#keep());
  #user;
  /** @type {Step | null} */ #step = null;
  /** @type {CaseDetail | null} */ #case = null;
  /** @type {Record<string, unknown> | null} */ #body = null;
  #isReady = false;

  /** @param {{done: () => Promise<void>, told: (word: string) => void, isStale: (text: string) => Promise<void>}} user */
  constructor(user) {
    this.#user = user;
    this.#words.addEventListener("input", () => this.#keep());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#next();
    });
    byId("step-back", HTMLButtonElement).addEventListener("click", () => this.#write());
    byId("step-confirm", HTMLButtonElement).addEventListener("click", (event) => void this.#send(/** @type {HTMLElement} */ (event.currentTarget)));
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** @param {Step} step @param {CaseDetail} given as it is shown: its version goes along */
  async open(step, given) {
    [this.#step, this.#case, this.#isReady] = [step, given, false];
    byId("step-title", HTMLElement).textContent = say(step.word);
    byId("step-text", HTMLElement).textContent = say(step.text);
    byId("step-words-label", HTMLElement).textContent = say(step.label);
    byId("step-next", HTMLElement).textContent = say(step.next);
    byId("step-confirm", HTMLElement).textContent = say(step.confirm);
    for (const part of this.#form.querySelectorAll("[data-of]")) {
      part.toggleAttribute("hidden", !(part.getAttribute("data-of") ?? "").split(" ").includes(step.name));
    }
    this.#words.maxLength = step.longest;
    this.#words.value = draftOf(ofCase(given.id), step.name);
    this.#wording.reset();
    this.#directing.put("");
    clearErrors(this.#form);
    this.#write();
    this.#dialog.showModal();
    this.#words.focus();
    const found = await choices();
    if (this.#case !== given || this.#step !== step) return;
    if (found) {
      this.#wording.fill(found.wordings);
      this.#directing.agency.fill(found.agencies);
    } else if (step.name === "direct" || step.name === "reassign") notice("step-problem", say("agenda-no-agencies"));
    const draft = draftOf(ofCase(given.id), `${step.name}-terms`);
    if (draft) this.#directing.put(draft);
    this.#isReady = true;
    // What was chosen while they were asked for; without them, an agency that was chosen before could not be put.
    if (found) this.#keep();
  }

  close() {
    if (this.#dialog.open) this.#dialog.close();
  }

  #keep() {
    if (!this.#case || !this.#step) return;
    keepDraft(ofCase(this.#case.id), this.#words.value, this.#step.name);
    if (this.#isReady) keepDraft(ofCase(this.#case.id), this.#directing.draft, `${this.#step.name}-terms`);
  }

  #write() {
    const wasReview = !this.#review.hidden;
    this.#form.hidden = false;
    this.#review.hidden = true;
    notice("step-review-problem");
    if (wasReview && this.#dialog.open) this.#words.focus();
  }

  async #next() {
    const step = this.#step;
    clearErrors(this.#form);
    this.#body = step && this.#read(step);
    if (!step || !this.#body) return;
    if (!step.reviews) return this.#send(byId("step-next", HTMLElement));
    byId("step-review-body", HTMLElement).replaceChildren(...this.#reviewed(step));
    this.#form.hidden = true;
    this.#review.hidden = false;
    byId("step-confirm", HTMLElement).focus();
  }

  /** What will be sent; what is missing is said at its field. @param {Step} step @returns {Record<string, unknown> | null} */
  #read(step) {
    const words = this.#words.value.trim();
    if (!words) {
      fieldError("step-words", say("desk-field-needed"));
      this.#words.focus();
      return null;
    }
    const body = { [step.field]: words, version: this.#case?.version };
    if (step.name === "settle") return body;
    if (step.name === "prolong") {
      const due_on = this.#directing.due.read(true);
      if (due_on === undefined) this.#directing.due.focus();
      return due_on ? { ...body, due_on } : null;
    }
    const terms = this.#directing.read({ agency: true, due: step.name === "direct" });
    if (!terms) return null;
    return step.name === "direct" ? { ...body, ...terms } : { ...body, agency_id: terms.agency_id };
  }

  /** @param {Step} step @returns {HTMLElement[]} */
  #reviewed(step) {
    const body = /** @type {Record<string, string>} */ (this.#body);
    const words = element("blockquote", "case-wording", body[step.field]);
    words.dir = "auto";
    const agency = this.#directing.agency.agency;
    /** @type {HTMLElement[]} */
    const nodes = [words];
    if (body.agency_id && agency) nodes.push(element("p", "", say("agenda-review-agency", { agency: nameOf(agency.name) })));
    if (body.due_on) nodes.push(element("p", "", say("agenda-review-due", { day: bareDay(body.due_on), urgency: urgencyWords(body.urgency) })));
    return nodes;
  }

  /** @param {HTMLElement} pressed */
  async #send(pressed) {
    const [step, given, body] = [this.#step, this.#case, this.#body];
    if (!step || !given || !body || pressed.getAttribute("aria-busy") === "true") return;
    pressed.setAttribute("aria-busy", "true");
    try {
      await post(`/api/office/cases/${given.id}/${step.name}`, body);
      keepDraft(ofCase(given.id), "", step.name);
      keepDraft(ofCase(given.id), "", `${step.name}-terms`);
      // The dialog covers the case until it is shown as it is now: nothing is done to what it was.
      await this.#user.done();
      this.#dialog.close();
      this.#user.told(step.done);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      await this.#refused(problem);
    } finally {
      pressed.removeAttribute("aria-busy");
    }
  }

  /** @param {Problem} problem */
  async #refused(problem) {
    if (problem.code === "stale" || problem.code === "case-closed" || problem.code === "unlawful-transition") {
      this.#dialog.close();
      await this.#user.isStale(problem.text);
      return;
    }
    // Back to where it can be put right, unless nothing there is wrong.
    const input = problem.field && FIELDS[problem.field];
    const isTerm = problem.code === "agency-closed" || problem.code === "due-date-passed";
    if (!input && !isTerm) return notice(this.#review.hidden ? "step-problem" : "step-review-problem", problem.text);
    this.#write();
    if (problem.code === "agency-closed") {
      this.#directing.agency.problem(problem.text);
      this.#directing.agency.focus();
    } else if (problem.code === "due-date-passed") {
      this.#directing.due.problem(problem.text);
      this.#directing.due.focus();
    } else if (input) {
      fieldError(input, problem.text);
      this.#words.focus();
    }
  }
}
