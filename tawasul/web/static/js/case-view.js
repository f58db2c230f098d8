/**
 * What pages show of a case: its row in a list, its facts, its directive, its timeline, its papers, what remains. It draws; what can be done
 * stands with each page. Styles: cases.css.
 */
import { icon } from "./announce.js";
import { STATES, bareDay, caseClosedBecause, caseKind, caseOwner, caseState, clockOf, directiveState, urgencyWords } from "./case-words.js";
import { element, isolated } from "./elements.js";
import { pill } from "./labels.js";
import { dates, locale, nameOf, say } from "./words.js";

/** @typedef {import("./case-words.js").Name} Name */
/** @typedef {import("./case-words.js").Case} Case */
/** @typedef {import("./case-words.js").Directive} Directive */
/** @typedef {import("./case-words.js").Remaining} Remaining */
/** @typedef {{kind: string, at: string, by: string, who?: string | null, agency?: Name | null, words: string | null}} Entry */
/** `came_with` and `attached_at`: of a case's own, not of a petition's. @typedef {{id: string, name: string, media_type: string, size: number, came_with?: string, attached_at?: string}} Paper */
/** @typedef {{id: string, reference: string, state: string, slot_starts_at: string}} AudienceOfCase */
/** @typedef {{id: string, name: string, mobile_last_four: string, national_id_last_four: string}} Person */
/** As `CaseDetailView` in `tawasul/casework/web/given.py`.
 * @typedef {Case & {citizen: Person | null, entries: Entry[], audiences: AudienceOfCase[], documents: Paper[],
 *   petitions: {audience_id: string, text: string}[], attachments: Paper[], merged_into: string | null}} CaseDetail
 */

/** What happened, in words and with an icon. @type {Record<string, [word: string, icon: string]>} */
const ENTRIES = {
  opened: ["case-entry-opened", "plus"],
  heard: ["case-entry-heard", "people"],
  directed: ["case-entry-directed", "pen"],
  ratified: ["case-entry-ratified", "check"],
  corrected: ["case-entry-corrected", "undo"],
  referred: ["case-entry-referred", "next"],
  "taken-on": ["case-entry-taken-on", "check"],
  returned: ["case-entry-returned", "undo"],
  reassigned: ["case-entry-reassigned", "next"],
  asked: ["case-entry-asked", "alert"],
  replied: ["case-entry-replied", "pen"],
  reported: ["case-entry-reported", "list"],
  answered: ["case-entry-answered", "check-circle"],
  notified: ["case-entry-notified", "phone"],
  accepted: ["case-entry-accepted", "check-circle"],
  contested: ["case-entry-contested", "alert"],
  prolonged: ["case-entry-prolonged", "clock"],
  escalated: ["case-entry-escalated", "alert"],
  lapsed: ["case-entry-lapsed", "check-circle"],
  withdrawn: ["case-entry-withdrawn", "close"],
  merged: ["case-entry-merged", "link"],
  "given-up": ["case-entry-given-up", "close"],
  "taken-up-again": ["case-entry-taken-up-again", "undo"],
};

/** On which side somebody acted. @type {Record<string, string>} */
const HANDS = {
  citizen: "case-owner-citizen",
  desk: "case-owner-desk",
  office: "case-owner-office",
  agency: "case-owner-agency",
  service: "case-by-service",
};

/** With what a paper came. @type {Record<string, string>} */
const CAME_WITH = { petition: "case-paper-petition", answer: "case-paper-answer", reply: "case-paper-reply" };

/** A number of a case, which keeps its direction and is not broken. @param {string} number @returns {HTMLElement} */
export function caseNumber(number) {
  const node = isolated(number);
  node.classList.add("case-number");
  return node;
}

/** A pill that says where it stands. @param {string} state @returns {HTMLElement} */
export function caseStateLabel(state) {
  const given = STATES[state] ?? STATES.received;
  return pill(caseState(state), given.icon, given.tone);
}

/** A pill that says how much time is left; nothing for a closed one. @param {Case} given @returns {HTMLElement[]} */
export function caseClockLabel(given) {
  const clock = clockOf(given);
  return clock ? [pill(clock.words, "clock", clock.tone)] : [];
}

/** State, clock, and what else marks it. @param {Case} given @returns {HTMLElement} */
export function caseMarks(given) {
  const marks = [caseStateLabel(given.state), ...caseClockLabel(given)];
  if (given.directive && given.directive.urgency !== "routine") marks.push(pill(urgencyWords(given.directive.urgency), "alert", "warning"));
  if (given.agenda) marks.push(pill(say("case-on-agenda"), "calendar", "info"));
  return element("p", "case-marks", ...marks);
}

/**
 * A row of a list: it is opened as a whole.
 * @param {Case} given
 * @param {{href?: string, press?: () => unknown, citizen?: string, under?: string, current?: boolean}} how a link, or a button;
 *   `citizen`: whose it is; `under`: the last line, if not whose turn it is
 * @returns {HTMLLIElement}
 */
export function caseRow(given, how) {
  const opener = how.href ? element("a", "case-open") : element("button", "case-open");
  if (opener instanceof HTMLAnchorElement) opener.href = how.href ?? "";
  else opener.type = "button";
  if (how.press) opener.addEventListener("click", how.press);
  if (how.current) opener.setAttribute("aria-current", "true");
  const over = element("span", "case-over", caseNumber(given.number), ` · ${caseKind(given.kind)}`);
  if (how.citizen) over.append(" · ", element("bdi", "", how.citizen));
  const subject = element("span", "case-subject", given.subject);
  subject.dir = "auto";
  const turn = given.state === "closed" ? caseClosedBecause(given.closed_because) : say("case-turn-of", { owner: caseOwner(given) });
  const under = how.under ?? `${turn} · ${dates.hijri(given.opened_at)} – ${dates.gregorianShort(given.opened_at)}`;
  opener.append(over, subject, element("span", "case-under", under));
  const row = element("li", "case-row", opener, caseMarks(given));
  row.dataset.id = given.id;
  row.toggleAttribute("data-overdue", given.overdue);
  return row;
}

/** Names and values of a case, for a list of facts. @param {Case & {merged_into?: string | null}} given @returns {HTMLDListElement} */
export function caseFacts(given) {
  /** @type {[string, string | Node][]} */
  const facts = [
    [say("case-number"), caseNumber(given.number)],
    [say("case-kind"), caseKind(given.kind)],
    [say("case-opened"), dates.day(given.opened_at)],
  ];
  if (given.agency) facts.push([say("case-agency"), nameOf(given.agency)]);
  if (given.state !== "closed") facts.push([say("case-turn"), caseOwner(given)]);
  if (given.due_at && given.state !== "closed") facts.push([say(given.state === "answered" ? "case-contest-until" : "case-due"), dates.day(given.due_at)]);
  if (given.closed_at) facts.push([say("case-closed-on"), dates.day(given.closed_at)], [say("case-why"), caseClosedBecause(given.closed_because)]);
  if (given.merged_into) facts.push([say("case-goes-on-as"), caseNumber(given.merged_into)]);
  return element("dl", "facts case-facts", ...facts.flatMap(([name, value]) => [element("dt", "", name), element("dd", "", value)]));
}

/** A directive as it is read. @param {Directive} given @param {{large?: boolean}} [how] `large`: to be read out @returns {HTMLElement} */
export function caseDirective(given, how = {}) {
  const wording = element("blockquote", how.large ? "case-wording case-wording-large" : "case-wording", given.wording);
  wording.dir = "auto";
  const node = element(
    "div",
    "case-directive",
    wording,
    element("p", "case-under", say("case-directive-to", { agency: nameOf(given.agency), day: bareDay(given.due_on) })),
    element("p", "case-marks", pill(urgencyWords(given.urgency), "clock", given.urgency === "routine" ? "" : "warning"), directivePill(given.state)),
  );
  if (given.correction) node.append(element("p", "field-label", say("case-correction")), quoted(given.correction));
  return node;
}

/** What happened, from the first to the last. @param {readonly Entry[]} entries @returns {HTMLOListElement} */
export function caseTimeline(entries) {
  return element("ol", "case-timeline", ...entries.map(entryItem));
}

/** What a partial answer left open. @param {readonly Remaining[]} items @returns {HTMLUListElement} */
export function caseRemaining(items) {
  return element(
    "ul",
    "case-remaining",
    ...items.map((each) => {
      const words = element("span", "", each.words);
      words.dir = "auto";
      const when = each.done ? say("case-remaining-done") : say("case-remaining-by", { day: bareDay(each.due_on) });
      return element("li", "", icon(each.done ? "check-circle" : "clock"), element("span", "", words, element("span", "case-under", when)));
    }),
  );
}

/**
 * Papers, each with a link that opens it.
 * @param {readonly Paper[]} papers
 * @param {(paper: Paper) => string} addressOf
 * @param {(paper: Paper) => HTMLElement[]} [more] further buttons of a paper
 * @returns {HTMLUListElement}
 */
export function casePapers(papers, addressOf, more = () => []) {
  return element(
    "ul",
    "files case-papers",
    ...papers.map((paper) => {
      const name = element("span", "file-name", element("bdi", "", paper.name));
      const open = element("a", "button button-quiet", say("case-paper-open"));
      open.href = addressOf(paper);
      open.setAttribute("aria-label", say("case-paper-open-named", { name: paper.name }));
      const from = paper.came_with ? say(CAME_WITH[paper.came_with] ?? "case-paper-petition") : say("case-paper-petition");
      const row = element("li", "file", name, element("span", "file-size number", sizeOf(paper.size)), element("span", "file-state", from));
      row.append(element("span", "file-buttons", open, ...more(paper)));
      row.dataset.id = paper.id;
      return row;
    }),
  );
}

/** @param {number} bytes @returns {string} */
export function sizeOf(bytes) {
  const megabytes = bytes / 1024 / 1024;
  const number = megabytes < 1 ? Math.ceil(bytes / 1024) : megabytes;
  const unit = megabytes < 1 ? "kilobyte" : "megabyte";
  return new Intl.NumberFormat(`${locale}-u-nu-latn`, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 }).format(number);
}

/** @param {Entry} entry @returns {HTMLLIElement} */
function entryItem(entry) {
  const [word, symbol] = ENTRIES[entry.kind] ?? ENTRIES.opened;
  const when = element("time", "", say("case-at", { day: dates.day(entry.at), time: dates.time(entry.at) }));
  when.dateTime = entry.at;
  const side = say(HANDS[entry.by] ?? "case-by-service");
  const by = entry.who ? say("case-by", { side, name: entry.who }) : side;
  const what = element("p", "case-entry-what", say(word));
  if (entry.agency) what.append(": ", element("bdi", "", nameOf(entry.agency)));
  const body = element("div", "case-entry-body", what, element("p", "case-under", when, " · ", by));
  if (entry.words) body.append(quoted(entry.words));
  const item = element("li", "case-entry", icon(symbol), body);
  item.dataset.kind = entry.kind;
  return item;
}

/** @param {string} text @returns {HTMLElement} */
function quoted(text) {
  const node = element("blockquote", "case-words", text);
  node.dir = "auto";
  return node;
}

/** @param {string} state */
function directivePill(state) {
  const good = state === "ratified";
  return pill(directiveState(state), good ? "check-circle" : "info", good ? "good" : state === "proposed" ? "warning" : "");
}
