/**
 * A case as its citizen sees it, in plain large words: where it is, the answer, what was directed, what has happened.
 */
import { icon } from "./announce.js";
import { byId } from "./controllers.js";
import { element, noon } from "./elements.js";
import { dates, nameOf, say } from "./words.js";

/** @typedef {{arabic: string, english: string}} Name */
/** @typedef {{id: string, wording: string, agency: Name, due_on: string, state: string}} Directive */
/** @typedef {{kind: string, at: string, by: string, agency: Name | null, words: string | null}} Entry */
/** @typedef {{id: string, name: string, size: number, came_with: string, attached_at: string}} Paper */
/**
 * @typedef {{number: string, state: string, subject: string, agency: Name | null, due_at: string | null, answered_at: string | null,
 *   closed_because: string | null, merged_into: string | null, directive: Directive | null,
 *   remaining: {words: string, due_on: string, done: boolean}[], entries: Entry[], documents: Paper[],
 *   may_ratify: boolean, may_accept: boolean, may_contest: boolean, may_rate: boolean}} OwnCase
 */

/** Where it is, and what that means. @type {Record<string, [title: string, text: string]>} */
const STATES = {
  received: ["track-received", "track-received-text"],
  proposed: ["track-proposed", "track-proposed-text"],
  referred: ["track-referred", "track-referred-text"],
  "under-way": ["track-under-way", "track-under-way-text"],
  asked: ["track-asked", "track-asked-text"],
  answered: ["track-answered", "track-answered-text"],
  contested: ["track-contested", "track-contested-text"],
};

/** @type {Record<string, string>} */
const ENDS = {
  accepted: "track-closed-accepted",
  unopposed: "track-closed-unopposed",
  withdrawn: "track-closed-withdrawn",
  "given-up": "track-closed-given-up",
  merged: "track-closed-merged",
};

/** What happened: its words and its picture. @type {Record<string, [word: string, symbol: string]>} */
const ENTRIES = {
  opened: ["track-entry-opened", "list"],
  heard: ["track-entry-heard", "people"],
  directed: ["track-entry-directed", "pen"],
  ratified: ["track-entry-ratified", "check"],
  corrected: ["track-entry-corrected", "undo"],
  referred: ["track-entry-referred", "next"],
  "taken-on": ["track-entry-taken-on", "task"],
  returned: ["track-entry-returned", "undo"],
  reassigned: ["track-entry-reassigned", "next"],
  asked: ["track-entry-asked", "phone"],
  replied: ["track-entry-replied", "phone"],
  reported: ["track-entry-reported", "task"],
  answered: ["track-entry-answered", "check-circle"],
  notified: ["track-entry-notified", "phone"],
  accepted: ["track-entry-accepted", "check-circle"],
  contested: ["track-entry-contested", "pen"],
  prolonged: ["track-entry-prolonged", "clock"],
  escalated: ["track-entry-escalated", "clock"],
  lapsed: ["track-entry-lapsed", "clock"],
  withdrawn: ["track-entry-withdrawn", "close"],
  merged: ["track-entry-merged", "link"],
  "given-up": ["track-entry-given-up", "close"],
  "taken-up-again": ["track-entry-taken-up-again", "refresh"],
};

/**
 * Puts the case into the page.
 * @param {OwnCase} shown
 * @param {((paper: Paper) => HTMLElement) | null} opener what opens a document; null where that needs the link
 */
export function showCase(shown, opener) {
  const [title, text] = headline(shown, opener !== null);
  write("case-title", title);
  write("case-text", text);
  write("case-number", shown.number);
  write("case-subject", shown.subject);
  const waits = shown.due_at !== null && shown.state !== "answered";
  byId("case-due", HTMLElement).hidden = !waits;
  if (shown.due_at !== null && waits) write("case-due-text", dueWords(shown.due_at));
  showAnswer(shown, opener);
  showDirective(shown.directive);
  byId("case-remaining", HTMLElement).hidden = shown.remaining.length === 0;
  byId("case-remaining-list", HTMLElement).replaceChildren(...shown.remaining.map(remainingItem));
  byId("case-entries", HTMLElement).replaceChildren(...shown.entries.map(entryItem));
}

/** Nothing of a case is left in the page. */
export function forgetCase() {
  for (const id of ["case-title", "case-text", "case-due-text", "case-number", "case-subject", "case-answer-from", "case-answer-words"]) write(id, "");
  for (const id of ["case-directive-wording", "case-directive-agency", "case-directive-due"]) write(id, "");
  for (const id of ["case-answer-files-list", "case-remaining-list", "case-entries"]) byId(id, HTMLElement).replaceChildren();
}

/** @param {OwnCase} shown @param {boolean} byLink @returns {[string, string]} */
function headline(shown, byLink) {
  const agency = agencyWords(shown.agency);
  if (shown.state === "closed") {
    const because = ENDS[shown.closed_because ?? ""] ?? "track-closed-accepted";
    return [say("track-closed"), say(because, { number: shown.merged_into ?? "" })];
  }
  const last = shown.entries.at(-1)?.kind ?? "";
  // Nobody but the office goes on from here.
  const [title, text] = shown.state === "received" && ["heard", "corrected"].includes(last) ? ["track-received-office", "track-received-office-text"] : STATES[shown.state];
  return [say(title, { agency }), say(byLink && shown.may_ratify ? "track-proposed-here" : text)];
}

/** @param {string} due @returns {string} */
function dueWords(due) {
  return Date.parse(due) < Date.now() ? say("track-due-late") : say("track-due", { day: dates.day(due) });
}

/** The last answer, with what came with it. @param {OwnCase} shown @param {((paper: Paper) => HTMLElement) | null} opener */
function showAnswer(shown, opener) {
  const answer = shown.entries.filter((entry) => entry.kind === "answered").at(-1);
  byId("case-answer", HTMLElement).hidden = !answer;
  if (!answer) return;
  const day = dates.day(answer.at);
  write("case-answer-from", answer.agency ? say("track-answer-from", { agency: nameOf(answer.agency), day }) : say("track-answer-on", { day }));
  write("case-answer-words", answer.words ?? "");
  const papers = shown.documents.filter((paper) => paper.came_with === "answer");
  byId("case-answer-files", HTMLElement).hidden = papers.length === 0;
  byId("case-answer-files-note", HTMLElement).hidden = opener !== null;
  const items = papers.map((paper) => element("li", "", opener ? opener(paper) : paperWords(paper)));
  byId("case-answer-files-list", HTMLElement).replaceChildren(...items);
}

/** A document's name and size. @param {Paper} paper @returns {string} */
export function paperWords(paper) {
  const size = say("track-file-size", { size: String(Math.max(1, Math.ceil(paper.size / 1024))) });
  return say("track-file", { name: paper.name, size });
}

/** @param {Directive | null} directive */
function showDirective(directive) {
  // What is asked about, and what the citizen said is otherwise, is not yet what was directed.
  const stands = directive?.state === "ratified";
  byId("case-directive", HTMLElement).hidden = !stands;
  if (!directive || !stands) return;
  write("case-directive-wording", directive.wording);
  write("case-directive-agency", nameOf(directive.agency));
  write("case-directive-due", dates.day(noon(directive.due_on)));
}

/** @param {{words: string, due_on: string, done: boolean}} item @returns {HTMLElement} */
function remainingItem({ words, due_on, done }) {
  const text = done ? say("track-remains-done", { words }) : say("track-remains-due", { words, day: dates.day(noon(due_on)) });
  return element("li", done ? "track-done" : "", icon(done ? "check-circle" : "clock"), element("span", "", text));
}

/** @param {Entry} entry @returns {HTMLElement} */
function entryItem(entry) {
  const [word, symbol] = ENTRIES[entry.kind] ?? ["track-entry-opened", "info"];
  const said = element("div", "track-entry-said", element("strong", "", say(word, { agency: agencyWords(entry.agency) })));
  const time = element("time", "track-entry-when", dates.day(entry.at));
  time.dateTime = entry.at;
  said.append(time);
  if (entry.words) {
    const words = element("p", "track-entry-words", entry.words);
    words.dir = "auto";
    said.append(words);
  }
  return element("li", "track-entry", icon(symbol), said);
}

/** @param {Name | null} agency @returns {string} */
function agencyWords(agency) {
  return agency ? nameOf(agency) : say("track-entry-agency");
}

/** @param {string} id @param {string} text */
function write(id, text) {
  byId(id, HTMLElement).textContent = text;
}
