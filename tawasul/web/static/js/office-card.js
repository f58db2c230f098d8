/**
 * The card beside the console: what there is about the citizen whom the office is with, else about who comes next – their petition and its
 * files, the case, and what was directed and answered before (F65). It is asked for once for each; that it was opened is noted.
 */
import { get, Problem } from "./api.js";
import { caseDirective, caseMarks, caseNumber, casePapers, caseTimeline, sizeOf } from "./case-view.js";
import { byId } from "./controllers.js";
import { button, element } from "./elements.js";
import { next } from "./office-model.js";
import { say } from "./words.js";

/** @import { Board, BoardRow } from "./messages.d.ts" */
/** @typedef {import("./case-view.js").CaseDetail} CaseDetail */
/** @typedef {import("./case-view.js").Paper} Paper */
/** @typedef {import("./case-words.js").Case & {answer: string | null}} Earlier */
/** As `CardView`. @typedef {{petition: string | null, attachments: Paper[], case: CaseDetail | null, earlier: Earlier[]}} Card */

/** Of this case's own story: what was directed, and what came of it. */
const TOLD = new Set(["directed", "corrected", "returned", "reported", "answered", "contested"]);

/** Milliseconds in which a new audience has its case. */
const CASE_MS = 6000;

export class CaseCard {
  #panel = byId("office-card", HTMLElement);
  #body = byId("office-card-body", HTMLElement);
  #openers = ["open-card", "show-next-card"].map((id) => byId(id, HTMLButtonElement));
  /** @type {BoardRow | null} */ #row = null;
  /** For whom it was asked last. */ #asked = "";
  /** @type {AbortController | null} */ #asking = null;
  /** Where there is room for it beside the rest. */ #wanted = !matchMedia("(max-width: 60rem)").matches;

  constructor() {
    for (const opener of this.#openers) opener.addEventListener("click", () => this.toggle());
    byId("close-card", HTMLButtonElement).addEventListener("click", () => this.toggle());
  }

  /** Opens the card, or puts it away. */
  toggle() {
    if (!this.#row) return;
    this.#wanted = !this.#wanted;
    this.#draw();
    if (this.#wanted) byId("close-card", HTMLButtonElement).focus();
    else this.#openers.find((opener) => opener.checkVisibility())?.focus();
  }

  /** @param {Board | null} board @param {BoardRow | null} present whom the office is with */
  show(board, present) {
    const row = present ?? next(board);
    this.#row = row;
    // Who is with the office is named above already.
    byId("office-card-over", HTMLElement).textContent = present ? "" : say("office-card-next");
    byId("office-card-title", HTMLElement).textContent = present ? say("office-card-open") : (row?.citizen_name ?? "");
    // Whose line drops for a moment is not asked for again.
    if (row && row.audience_id !== this.#asked) void this.#ask(row);
    this.#draw();
  }

  #draw() {
    const isShown = this.#row !== null && this.#wanted;
    this.#panel.hidden = !isShown;
    for (const opener of this.#openers) {
      opener.setAttribute("aria-expanded", String(isShown));
      // Beneath the board's head it is there to bring the card back.
      opener.hidden = this.#row === null || (isShown && opener.id === "show-next-card");
    }
  }

  /** @param {BoardRow} row @param {boolean} [again] whether it is asked once more where there is no case yet */
  async #ask(row, again = true) {
    this.#asking?.abort();
    this.#asked = row.audience_id;
    const asking = (this.#asking = new AbortController());
    this.#body.setAttribute("aria-busy", "true");
    this.#body.replaceChildren(element("p", "field-hint", say("office-card-loading")));
    try {
      const card = /** @type {Card} */ (await get(`/api/office/audiences/${row.audience_id}/card`, asking.signal));
      this.#body.replaceChildren(...drawn(row, card));
      // Who was received this moment has a case in the next.
      if (!card.case && again) setTimeout(() => asking === this.#asking && void this.#ask(row, false), CASE_MS);
    } catch (problem) {
      if (asking.signal.aborted) return;
      if (!(problem instanceof Problem)) throw problem;
      this.#body.replaceChildren(element("p", "field-hint", problem.text), button(say("office-card-again"), "", () => void this.#ask(row)));
    }
    if (this.#asking === asking) this.#body.removeAttribute("aria-busy");
  }
}

/** @param {BoardRow} row @param {Card} card @returns {Node[]} */
export function drawn(row, card) {
  const of = card.case;
  const subject = element("p", "office-card-subject", row.subject);
  subject.dir = "auto";
  const nodes = [element("div", "office-card-part", ...(of ? [element("p", "case-over", say("case-number"), " ", caseNumber(of.number)), subject, caseMarks(of)] : [subject]))];
  if (card.petition) nodes.push(part("office-card-petition", quoted(card.petition)));
  const own = new Set(card.attachments.map(({ id }) => id));
  const attachments = [...card.attachments, ...(of?.attachments ?? []).filter(({ id }) => !own.has(id))];
  if (attachments.length || of?.documents.length) nodes.push(part("office-card-papers", ...papers(attachments, of?.documents ?? [])));
  const told = of?.entries.filter(({ kind }) => TOLD.has(kind)) ?? [];
  if (told.length) nodes.push(part("office-card-before", caseTimeline(told)));
  if (card.earlier.length) nodes.push(part("office-card-earlier", element("ul", "office-card-cases", ...card.earlier.map(earlier))));
  else if (!told.length) nodes.push(element("p", "field-hint", say("office-card-nothing")));
  return nodes;
}

/** A petition's files and a case's, each by its own door. @param {readonly Paper[]} attachments @param {readonly Paper[]} documents @returns {Node[]} */
export function papers(attachments, documents) {
  // The packaged console passes on nothing but JSON: what a server sends is no file on the office's own machine.
  if (document.querySelector("[data-packaged]")) {
    const names = [...attachments, ...documents].map(({ name, size }) => element("li", "file", element("bdi", "file-name", name), element("span", "file-size number", sizeOf(size))));
    return [element("ul", "files case-papers", ...names), element("p", "field-hint", say("office-papers-elsewhere"))];
  }
  return [
    ...(attachments.length ? [casePapers(attachments, ({ id }) => `/api/office/attachments/${id}`)] : []),
    ...(documents.length ? [casePapers(documents, ({ id }) => `/api/office/cases/documents/${id}`)] : []),
  ];
}

/** @param {Earlier} given */
function earlier(given) {
  const subject = element("p", "case-subject", given.subject);
  subject.dir = "auto";
  const node = element("li", "office-card-case", element("p", "case-over", caseNumber(given.number)), subject, caseMarks(given));
  if (given.directive) node.append(caseDirective(given.directive));
  if (given.answer) node.append(element("p", "field-label", say("office-card-answer")), quoted(given.answer));
  return node;
}

/** @param {string} word @param {...Node} content */
function part(word, ...content) {
  return element("div", "office-card-part", element("h3", "office-card-name", say(word)), ...content);
}

/** @param {string} text */
function quoted(text) {
  const node = element("blockquote", "case-words", text);
  node.dir = "auto";
  return node;
}
