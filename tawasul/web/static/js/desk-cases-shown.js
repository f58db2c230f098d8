/**
 * One case at the desk: all there is of it, what is read out and ratified, what can be done now.
 */
import { toast } from "./announce.js";
import { Problem } from "./api.js";
import { caseDirective, caseFacts, caseMarks, caseNumber, caseRemaining, caseRow, caseTimeline } from "./case-view.js";
import { caseKind } from "./case-words.js";
import { byId } from "./controllers.js";
import * as api from "./desk-cases-api.js";
import { stepsOf } from "./desk-cases-core.js";
import { papersOf } from "./desk-cases-papers.js";
import { HOW, ask } from "./desk-cases-steps.js";
import { button, element, isolated } from "./elements.js";
import { allFilled, attempt, clearErrors, notice } from "./form.js";
import { stateLabel } from "./labels.js";
import { dates, nameOf, say } from "./words.js";

/** @typedef {import("./case-view.js").CaseDetail} CaseDetail */

/** By state and by what happened: the words over what was said. @type {Record<string, Record<string, string>>} */
const SAID = {
  asked: { asked: "desk-cases-said-question" },
  answered: { answered: "desk-cases-said-answer" },
  contested: { contested: "desk-cases-said-contest" },
  received: { returned: "desk-cases-said-return", corrected: "desk-cases-said-correction" },
};

const ratify = byId("case-ratify", HTMLFormElement);
const code = byId("case_code", HTMLInputElement);

/** @type {CaseDetail | null} */
let present = null;
/** What new cases may repeat, until the page is left. @type {Map<string, {likely: api.Likely[], own: ReadonlySet<string>}>} */
const likelies = new Map();
let asking = new AbortController();
/** Which directive is read out. @type {{id: string, directive: string} | null} */
let reading = null;
/** What is being asked for. @type {Promise<boolean> | null} */
let underWay = null;

/** @type {() => unknown} */
let listChanged = () => {};

/** @param {() => unknown} told called when something has been done that shows in the lists */
export function startShown(told) {
  listChanged = told;
  ratify.addEventListener("submit", (event) => {
    event.preventDefault();
    void ratifyNow();
  });
  byId("case-correct", HTMLElement).addEventListener("click", () => present && void ask("correct", present));
}

/** The case that is shown. @returns {string | null} */
export function shownCase() {
  return present?.id ?? null;
}

/** What a case that was just taken may repeat; `own`: the same citizen's. @param {string} id @param {api.Likely[]} likely @param {ReadonlySet<string>} own */
export function remember(id, likely, own) {
  likelies.set(id, { likely, own });
}

/** Opens a case: its heading has the keyboard. @param {string} id @returns {Promise<void>} */
export async function showCase(id) {
  if (present?.id !== id) {
    present = null;
    byId("case-parts", HTMLElement).hidden = true;
    code.value = "";
    clearErrors(ratify);
  }
  byId("case-loading", HTMLElement).hidden = present !== null;
  if (await load(id)) byId("case-title", HTMLElement).focus();
}

/** Nothing of a case stays. */
export function clearCase() {
  asking.abort();
  present = null;
}

/** Asks whether the case that is shown has changed, and only then for all of it: that it is opened is noted each time. */
export async function refreshCase() {
  // What is asked for by hand is waited for, and not asked twice.
  await underWay;
  const before = present;
  if (!before) return;
  try {
    const { version } = await api.version(before.id);
    if (underWay) await refreshCase();
    else if (present === before && version !== before.version) await load(before.id);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    notice("case-problem", problem.text);
  }
}

/** After a step: all of it again, and the lists. @param {string} id */
export async function reload(id) {
  if (present?.id === id) await load(id);
  listChanged();
}

/** To the field into which the ticket is scanned. @returns {boolean} whether there is one */
export function focusCode() {
  if (!present || byId("case-read", HTMLElement).hidden) return false;
  code.focus();
  code.select();
  return true;
}

/** @param {string} id @returns {Promise<boolean>} whether it is shown now */
async function load(id) {
  const mine = (underWay = fetched(id));
  try {
    return await mine;
  } finally {
    if (underWay === mine) underWay = null;
  }
}

/** @param {string} id @returns {Promise<boolean>} */
async function fetched(id) {
  asking.abort();
  const mine = (asking = new AbortController());
  try {
    const given = await api.open(id, mine.signal);
    if (mine.signal.aborted) return false;
    present = given;
    notice("case-problem");
    draw(given);
    return true;
  } catch (problem) {
    if (mine.signal.aborted) return false;
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 404) byId("case-parts", HTMLElement).hidden = true;
    notice("case-problem", problem.text);
    return false;
  } finally {
    if (!mine.signal.aborted) byId("case-loading", HTMLElement).hidden = true;
  }
}

/** @param {CaseDetail} given */
function draw(given) {
  byId("case-over", HTMLElement).replaceChildren(caseNumber(given.number), ` · ${caseKind(given.kind)}`);
  byId("case-title", HTMLElement).textContent = given.subject;
  byId("case-marks", HTMLElement).replaceChildren(caseMarks(given));
  drawWhose(given);
  drawLikely(given);
  drawReading(given);
  drawSaid(given);
  byId("case-now", HTMLElement).replaceChildren(...stepsOf(given).map((step, at) => stepButton(given, step, at)));
  const ratified = given.directive?.state === "ratified";
  byId("case-receipt", HTMLElement).hidden = !ratified;
  byId("receipt-80", HTMLAnchorElement).href = api.receiptAt(given.id, "80mm");
  byId("receipt-a4", HTMLAnchorElement).href = api.receiptAt(given.id, "a4");
  part("directive", given.directive && given.state !== "proposed" ? [caseDirective(given.directive)] : []);
  part("remaining", given.remaining.length ? [caseRemaining(given.remaining)] : []);
  part("petitions", given.petitions.map(({ text }) => petition(text)));
  part("papers", papersOf(given, byId("case-papers-box", HTMLElement), () => reload(given.id)));
  part("audiences", given.audiences.length ? [element("ul", "citizen-list", ...given.audiences.map(audience))] : []);
  part("timeline", [caseTimeline(given.entries)]);
  part("facts", [caseFacts(given)]);
  byId("case-parts", HTMLElement).hidden = false;
}

/** A part of the page; one with nothing in it is not there. @param {string} name @param {Node[]} content */
function part(name, content) {
  byId(`case-${name}`, HTMLElement).hidden = content.length === 0;
  byId(`case-${name}-box`, HTMLElement).replaceChildren(...content);
}

/** @param {CaseDetail} given */
function drawWhose({ citizen }) {
  const whose = byId("case-whose", HTMLElement);
  if (!citizen) return whose.replaceChildren();
  const all = element("a", "", say("desk-cases-all-of"));
  all.href = `#citizen=${citizen.id}`;
  whose.replaceChildren(
    element("strong", "", element("bdi", "", citizen.name)),
    ` · ${say("desk-id-ends")} `,
    isolated(citizen.national_id_last_four),
    ` · ${say("desk-mobile-ends")} `,
    isolated(citizen.mobile_last_four),
    element("span", "desk-case-all", " · ", all),
  );
}

/** What it may repeat, with a way to put it there while that can be done. @param {CaseDetail} given */
function drawLikely(given) {
  const may = stepsOf(given).includes("merge");
  const { likely, own } = (may && likelies.get(given.id)) || { likely: [], own: new Set() };
  byId("case-likely", HTMLElement).hidden = likely.length === 0;
  byId("case-likely-list", HTMLElement).replaceChildren(
    ...likely.map(({ case: other }) => {
      const row = caseRow(other, { href: `#${other.id}`, citizen: other.citizen_name ?? undefined });
      // Another citizen's is only to be known of: theirs goes on by itself.
      if (own.has(other.id)) row.append(button(say("desk-cases-merge-here"), "", () => ask("merge", given, other.id), "link"));
      return row;
    }),
  );
}

/** @param {CaseDetail} given */
function drawReading(given) {
  const before = reading;
  reading = given.state === "proposed" && given.directive ? { id: given.id, directive: given.directive.id } : null;
  byId("case-read", HTMLElement).hidden = !reading;
  if (!reading || !given.directive) return;
  if (before?.id === given.id && before.directive !== given.directive.id) {
    // What was read out is not what stands here now: nobody ratifies that by the code they have typed already.
    code.value = "";
    notice("ratify-problem", say("desk-cases-read-anew"));
  }
  byId("case-read-directive", HTMLElement).replaceChildren(caseDirective(given.directive, { large: true }));
  byId("case-code-label", HTMLElement).textContent = say(given.audiences.length ? "desk-cases-code" : "desk-cases-code-id");
  byId("case_code-hint", HTMLElement).hidden = given.audiences.length === 0;
}

/** What was said last and is answered now: by the desk, or by the citizen who stands before it. @param {CaseDetail} given */
function drawSaid({ state, entries }) {
  const said = entries.findLast(({ kind }) => SAID[state]?.[kind]);
  byId("case-said", HTMLElement).hidden = !said?.words;
  if (!said?.words) return;
  byId("case-said-title", HTMLElement).textContent = say(SAID[state][said.kind], { agency: said.agency ? nameOf(said.agency) : "" });
  byId("case-said-words", HTMLElement).textContent = said.words;
}

/** @param {CaseDetail} given @param {import("./desk-cases-steps.js").Step} step @param {number} at */
function stepButton(given, step, at) {
  const last = step === "withdraw";
  const node = button(say(HOW[step].press), at === 0 && !last ? "button-primary" : last ? "button-quiet" : "", () => ask(step, given));
  node.dataset.step = step;
  return node;
}

/** @param {string} text @returns {HTMLElement} */
function petition(text) {
  const node = element("blockquote", "case-words", text);
  node.dir = "auto";
  return node;
}

/** @param {import("./case-view.js").AudienceOfCase} given @returns {HTMLElement} */
function audience({ reference, state, slot_starts_at }) {
  const when = say("desk-booked-when", { day: dates.day(slot_starts_at), time: dates.time(slot_starts_at) });
  const words = element("div", "", element("p", "citizen-when", when), element("p", "citizen-line", isolated(reference)));
  return element("li", "citizen-audience", words, stateLabel(state));
}

async function ratifyNow() {
  const given = present;
  clearErrors(ratify);
  if (!given?.directive || !allFilled(ratify)) return;
  const directive = given.directive.id;
  const problem = await attempt(
    byId("case-ratify-submit", HTMLElement),
    async () => {
      await api.step(given.id, "ratify", { directive_id: directive, code: code.value });
      code.value = "";
      await reload(given.id);
      toast(say("desk-cases-ratified"));
      byId("receipt-80", HTMLElement).focus();
    },
    { notice: "ratify-problem", fields: { code: "case_code" } },
  );
  if (problem?.status === 409 || problem?.status === 404) await reload(given.id);
}
