/**
 * Is it so? What was directed is shown to its citizen, who says yes, or how it was otherwise. A yes is asked for twice: the directive leaves with it.
 */
import { Problem } from "./api.js";
import { pressed } from "./booking-link.js";
import { byId } from "./controllers.js";
import { draftOf, keepDraft } from "./drafts.js";
import { noon } from "./elements.js";
import { allFilled, clearErrors, notice } from "./form.js";
import { dates, nameOf, say } from "./words.js";

/** @typedef {import("./track-case.js").Directive} Directive */
/**
 * @typedef {object} Ways where the two answers go
 * @property {(id: string) => Promise<void>} ratify
 * @property {(id: string, words: string) => Promise<void>} correct
 * @property {() => Promise<void>} settled it was answered elsewhere in the meantime
 */

/** Somebody answered it, or another was written in its place. */
const SETTLED = new Set(["directive-settled", "unlawful-transition", "case-closed", "stale", "not-found"]);

/** One on a page. */
export class DirectiveAsk {
  #root = byId("directive", HTMLElement);
  #words = byId("directive-words", HTMLTextAreaElement);
  #form = byId("directive-form", HTMLFormElement);
  #id = "";
  #ways;

  /** @param {Ways} ways */
  constructor(ways) {
    this.#ways = ways;
    const yes = byId("directive-sure-yes", HTMLButtonElement);
    const send = byId("directive-send", HTMLButtonElement);
    byId("directive-yes", HTMLButtonElement).addEventListener("click", () => this.#part("sure", "directive-sure-text"));
    byId("directive-no", HTMLButtonElement).addEventListener("click", () => this.#part("otherwise", "directive-words"));
    byId("directive-sure-no", HTMLButtonElement).addEventListener("click", () => this.#part("asked", "directive-yes"));
    byId("directive-back", HTMLButtonElement).addEventListener("click", () => this.#part("asked", "directive-no"));
    yes.addEventListener("click", () => this.#answer(yes, () => ways.ratify(this.#id)));
    this.#words.addEventListener("input", () => keepDraft(this.#draft, this.#words.value));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearErrors(this.#form);
      if (allFilled(this.#form)) void this.#answer(send, () => this.#correct());
    });
  }

  /** Asks; the same one again changes nothing on the page. @param {Directive | null} directive null: nothing is asked */
  show(directive) {
    this.#root.hidden = directive === null;
    if (directive === null || directive.id === this.#id) return;
    this.#id = directive.id;
    const agency = nameOf(directive.agency);
    byId("directive-wording", HTMLElement).textContent = directive.wording;
    byId("directive-agency", HTMLElement).textContent = agency;
    byId("directive-due", HTMLElement).textContent = dates.day(noon(directive.due_on));
    byId("directive-sure-text", HTMLElement).textContent = say("directive-sure", { agency });
    this.#words.value = draftOf(this.#draft);
    notice("directive-problem");
    this.#part(this.#words.value ? "otherwise" : "asked");
  }

  get #draft() {
    return `directive-${this.#id}`;
  }

  async #correct() {
    await this.#ways.correct(this.#id, this.#words.value);
    keepDraft(this.#draft, "");
  }

  /** @param {HTMLButtonElement} button @param {() => Promise<void>} work */
  #answer(button, work) {
    return pressed(button, "directive-problem", async () => {
      try {
        await work();
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        // The agency takes nothing any more: that is no fault of the citizen's, and nothing that they can choose.
        if (problem.code === "agency-closed") throw new Problem(problem.code, problem.status, say("directive-to-desk"));
        if (!SETTLED.has(problem.code)) throw problem;
        await this.#ways.settled();
      }
    });
  }

  /** @param {"asked" | "sure" | "otherwise"} part @param {string} [focused] the id of what the reader goes on from */
  #part(part, focused) {
    this.#root.dataset.part = part;
    if (focused) byId(focused, HTMLElement).focus();
  }
}
