/**
 * The outcome of an audience: the directive's wording, to whom it goes and by when; or that the citizen was heard. What is written is kept
 * until the server has it. To whom may be left open, and is where a server gives no agencies.
 */
import { byId } from "./controllers.js";
import { draftOf, keepDraft } from "./drafts.js";
import { choices, Directing, WordingChoice } from "./office-directive.js";
import { say } from "./words.js";

/** @import { BoardRow } from "./messages.d.ts" @import { OfficeState } from "./office-model.js" @import { Terms } from "./office-directive.js" */
/** @typedef {(row: BoardRow, directive: string | null, terms: Terms | null) => boolean} Conclude whether it was sent */

const LONGEST = 2000;
const TERMS = "terms";

export class Outcome {
  #panel = byId("outcome", HTMLElement);
  #text = byId("directive", HTMLTextAreaElement);
  #error = byId("directive-error", HTMLElement);
  #open = byId("open-outcome", HTMLButtonElement);
  #heard = byId("heard-dialog", HTMLDialogElement);
  /** @type {HTMLButtonElement[]} */
  #acts = ["conclude-directive", "conclude-heard", "call-again"].map((id) => byId(id, HTMLButtonElement));
  /** @type {BoardRow | null} */ #row = null;
  #wanted = false;
  #wasHeard = false;
  #waits = false;
  #wording = new WordingChoice("outcome", this.#text);
  #directing = new Directing("outcome", () => this.#termsChanged(), { mayLeaveDue: true });
  /** Whether there are agencies to choose from. */ #canDirect = false;
  /** @type {Promise<void> | null} */ #asks = null;

  /** @param {{conclude: Conclude, callAgain: (row: BoardRow) => void}} user */
  constructor(user) {
    this.#open.addEventListener("click", () => this.toggle());
    byId("close-outcome", HTMLButtonElement).addEventListener("click", () => this.toggle());
    this.#text.addEventListener("input", () => this.#typed());
    const form = byId("outcome-form", HTMLFormElement);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(user);
    });
    // From anywhere in the form: the next citizen waits.
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.ctrlKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    byId("conclude-heard", HTMLButtonElement).addEventListener("click", () => this.#heard.showModal());
    byId("heard-confirm", HTMLButtonElement).addEventListener("click", () => {
      this.#heard.close();
      if (this.#row) this.#sent(user.conclude(this.#row, null, null));
    });
    byId("call-again", HTMLButtonElement).addEventListener("click", () => this.#row && user.callAgain(this.#row));
  }

  /** Opens the form to write during the call, or hides it. */
  toggle() {
    if (!this.#row || this.#wasHeard) return;
    this.#wanted = !this.#wanted;
    this.#draw();
    (this.#wanted ? this.#text : this.#open).focus();
  }

  /**
   * @param {BoardRow | null} row whom the office is with
   * @param {OfficeState} state
   * @param {boolean} lineUp
   */
  show(row, state, lineUp) {
    const isAnother = row?.audience_id !== this.#row?.audience_id;
    this.#row = row;
    if (isAnother) this.#turnTo(row);
    const isHeard = state === "heard";
    const opens = isHeard && !this.#wasHeard;
    this.#wasHeard = isHeard;
    if (!lineUp) this.#waits = false;
    for (const act of this.#acts) act.disabled = !lineUp || this.#waits;
    // The outcome can be written once both have seen each other.
    const canWrite = state === "in-call" || state === "reconnecting" || isHeard;
    this.#open.disabled = !canWrite;
    if (!canWrite) this.#wanted = false;
    this.#draw();
    if (opens && !document.activeElement?.matches("textarea, input, select")) this.#text.focus();
  }

  /** The server refused: the words stay, and can be sent again. @param {string} [text] @param {string} [code] */
  refused(text = "", code = "") {
    this.#waits = false;
    for (const act of this.#acts) act.disabled = false;
    if (code === "due-date-passed") this.#directing.due.problem(text);
    else if (code === "agency-closed") this.#directing.agency.problem(text);
    else this.#tell(text);
  }

  /** @param {BoardRow | null} row */
  #turnTo(row) {
    this.#text.value = row ? draftOf(row.audience_id) : "";
    this.#wording.reset();
    if (row) void this.#askForAgencies();
    if (this.#canDirect) this.#directing.put(row ? draftOf(row.audience_id, TERMS) : "");
    this.#wanted = false;
    this.#waits = false;
    this.#tell("");
    this.#typed();
    if (this.#heard.open) this.#heard.close();
  }

  #typed() {
    if (this.#row) keepDraft(this.#row.audience_id, this.#text.value);
    byId("directive-count", HTMLElement).textContent = say("office-directive-left", { count: LONGEST - this.#text.value.length });
    if (this.#text.value.trim()) this.#tell("");
  }

  /** Asked when somebody comes in, until it is answered: a server may be away for a moment, or too old. */
  #askForAgencies() {
    if (this.#canDirect) return;
    this.#asks ??= choices().then((found) => {
      this.#asks = null;
      if (!found) return;
      this.#wording.fill(found.wordings);
      if (found.agencies.length === 0) return;
      this.#directing.agency.fill(found.agencies);
      this.#directing.put(this.#row ? draftOf(this.#row.audience_id, TERMS) : "");
      this.#canDirect = true;
      byId("outcome-directing", HTMLElement).hidden = false;
    });
    return this.#asks;
  }

  #termsChanged() {
    byId("outcome-terms", HTMLElement).hidden = this.#directing.agency.agency === null;
    if (this.#row && this.#canDirect) keepDraft(this.#row.audience_id, this.#directing.draft, TERMS);
  }

  /** @param {{conclude: Conclude}} user */
  #submit(user) {
    const directive = this.#text.value.trim();
    if (!this.#row || this.#waits) return;
    if (!directive) {
      this.#tell(say("office-directive-empty"));
      this.#text.focus();
      return;
    }
    const terms = this.#canDirect ? this.#directing.read() : null;
    if (terms !== undefined) this.#sent(user.conclude(this.#row, directive, terms));
  }

  /** @param {boolean} isSent */
  #sent(isSent) {
    this.#waits = isSent;
    this.#tell(isSent ? "" : say("office-line-first"));
    for (const act of this.#acts) act.disabled = isSent;
  }

  #draw() {
    const isShown = this.#row !== null && (this.#wanted || this.#wasHeard);
    this.#panel.hidden = !isShown;
    this.#open.setAttribute("aria-expanded", String(isShown));
  }

  /** @param {string} text */
  #tell(text) {
    this.#error.textContent = text;
    this.#error.hidden = text === "";
    this.#text.setAttribute("aria-invalid", String(text !== ""));
  }
}
