/**
 * A case whole before the office: what was brought and by whom, what was directed and answered, its papers, and what can be done now.
 */
import { toast } from "./announce.js";
import { get, Problem } from "./api.js";
import { CaseStep, stepsOf } from "./agenda-step.js";
import { caseDirective, caseFacts, caseMarks, caseNumber, caseRemaining, caseTimeline } from "./case-view.js";
import { caseKind } from "./case-words.js";
import { byId } from "./controllers.js";
import { button, element, isolated } from "./elements.js";
import { notice } from "./form.js";
import { papers } from "./office-card.js";
import { nameOf, say } from "./words.js";

/** @typedef {import("./case-view.js").CaseDetail} CaseDetail */

/** The last of these is what the office is asked about. */
const ASKS = new Set(["contested", "heard", "corrected", "returned"]);

export class AgendaCase {
  #panel = byId("agenda-case", HTMLElement);
  #step;
  #user;
  /** @type {string} */ #id = "";
  /** @type {CaseDetail | null} */ #present = null;

  /** @param {{changed: () => void}} user */
  constructor(user) {
    this.#user = user;
    this.#step = new CaseStep({ done: () => this.#done(), told: (word) => this.#told(word), isStale: (text) => this.#isStale(text) });
    byId("case-print", HTMLButtonElement).addEventListener("click", () => print());
  }

  /** @param {string} id @param {boolean} moved whether the reader is led to its title */
  async open(id, moved) {
    if (id !== this.#id) this.#clear();
    this.#id = id;
    this.#panel.hidden = false;
    await this.#look();
    if (moved && this.#id === id) byId("case-title", HTMLElement).focus();
  }

  /** Asks again for the case that is open: not while something is being written about it. */
  async lookAgain() {
    if (this.#id && !this.#step.isOpen) await this.#look();
  }

  close() {
    this.#id = "";
    this.#panel.hidden = true;
    this.#step.close();
    this.#clear();
  }

  async #look() {
    const id = this.#id;
    this.#panel.setAttribute("aria-busy", "true");
    if (!this.#present) byId("case-title", HTMLElement).textContent = say("agenda-loading");
    try {
      const found = /** @type {CaseDetail} */ (await get(`/api/office/cases/${encodeURIComponent(id)}`));
      if (id !== this.#id) return;
      notice("case-problem");
      this.#draw(found);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (id !== this.#id) return;
      if (!this.#present) byId("case-title", HTMLElement).textContent = say("agenda-no-case");
      notice("case-problem", problem.text);
    } finally {
      if (id === this.#id) this.#panel.setAttribute("aria-busy", "false");
    }
  }

  /** @param {CaseDetail} given */
  #draw(given) {
    this.#present = given;
    document.title = `${given.number} – ${say("app-name")}`;
    byId("case-title", HTMLElement).replaceChildren(element("bdi", "", given.subject));
    byId("case-over", HTMLElement).replaceChildren(caseNumber(given.number), ` · ${caseKind(given.kind)} · ${nameOf(given.governorate)}`);
    byId("case-marks", HTMLElement).replaceChildren(caseMarks(given));
    const asked = given.entries.findLast(({ kind }) => ASKS.has(kind));
    const isBefore = given.owner === "office" && given.state !== "closed";
    byId("case-brought", HTMLElement).replaceChildren(...(isBefore && asked ? [caseTimeline([asked])] : []));
    byId("case-acts", HTMLElement).replaceChildren(
      ...stepsOf(given).map((step, index) => {
        const node = button(say(step.word), index === 0 ? "button-primary" : "", () => this.#step.open(step, given));
        node.dataset.step = step.name;
        return node;
      }),
    );
    byId("case-body", HTMLElement).replaceChildren(...parts(given));
  }

  #clear() {
    this.#present = null;
    notice("case-problem");
    for (const id of ["case-over", "case-title", "case-marks", "case-brought", "case-acts", "case-body"]) byId(id, HTMLElement).replaceChildren();
  }

  #done() {
    this.#user.changed();
    return this.#look();
  }

  /** @param {string} word */
  #told(word) {
    toast(say(word));
    byId("case-title", HTMLElement).focus();
  }

  /** Somebody else was there before: what they did is shown, and what was written here is kept. @param {string} text */
  async #isStale(text) {
    await this.#look();
    notice("case-problem", `${text} ${say("agenda-kept")}`);
    this.#user.changed();
    byId("case-title", HTMLElement).focus();
  }
}

/** @param {CaseDetail} given @returns {HTMLElement[]} */
function parts(given) {
  const facts = caseFacts(given);
  facts.append(...whose(given));
  const found = [part("agenda-part-facts", facts)];
  const written = given.petitions.map(({ text }) => quoted(text));
  if (written.length) found.push(part("office-card-petition", ...written));
  if (given.directive) found.push(part("agenda-part-directive", caseDirective(given.directive)));
  if (given.remaining.length) found.push(part("agenda-part-remaining", caseRemaining(given.remaining)));
  if (given.attachments.length || given.documents.length) found.push(part("office-card-papers", ...papers(given.attachments, given.documents)));
  found.push(part("agenda-part-history", caseTimeline(given.entries)));
  return found;
}

/** @param {CaseDetail} given @returns {HTMLElement[]} */
function whose({ citizen }) {
  if (!citizen) return [];
  const name = element("bdi", "", citizen.name);
  const ends = isolated(citizen.mobile_last_four);
  return [element("dt", "", say("agenda-citizen")), element("dd", "", name), element("dt", "", say("agenda-mobile-ends")), element("dd", "", ends)];
}

/** @param {string} word @param {...Node} content */
function part(word, ...content) {
  return element("section", "card agenda-part", element("h2", "card-title", say(word)), ...content);
}

/** @param {string} text */
function quoted(text) {
  const node = element("blockquote", "case-words", text);
  node.dir = "auto";
  return node;
}
