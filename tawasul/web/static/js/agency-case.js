/**
 * One case as the agency sees it: what was directed, by when, for whom, what happened; and where the agency's turn is, what it can do.
 */
import { get, Problem } from "./api.js";
import { dealWith, endDealing } from "./agency-deal.js";
import { papersOfAnswer } from "./agency-papers-core.js";
import { caseDirective, caseFacts, caseMarks, caseNumber, casePapers, caseRemaining, caseTimeline } from "./case-view.js";
import { caseKind } from "./case-words.js";
import { byId } from "./controllers.js";
import { element, isolated } from "./elements.js";
import { notice } from "./form.js";
import { nameOf, say } from "./words.js";

/** @typedef {import("./case-view.js").CaseDetail} CaseDetail */
/** `toList`: the case is no longer the agency's; `counts`: something went to another box.
 * @typedef {{toList: (box: "new" | "open") => void, counts: () => void}} Page
 */

/** In which list of the API a case stands. @type {Record<string, string>} */
const BOX_OF = { referred: "new", "under-way": "open", asked: "asked" };

const article = byId("case", HTMLElement);
const body = byId("case-body", HTMLElement);
const changed = byId("case-changed", HTMLElement);

/** The case that is shown. @type {CaseDetail | null} */
let shown = null;
/** The case that was asked for last. */
let wanted = "";
/** @type {Page} */
let page;

byId("case-again", HTMLButtonElement).addEventListener("click", () => void showCase(wanted, page, true));
byId("case-print", HTMLButtonElement).addEventListener("click", () => print());

/** Nothing is shown: the list is. */
export function leaveCase() {
  wanted = "";
  shown = null;
  article.hidden = true;
  endDealing();
}

/**
 * @param {string} id
 * @param {Page} given
 * @param {boolean} moved whether the keyboard follows
 */
export async function showCase(id, given, moved) {
  page = given;
  const other = shown?.id !== id;
  wanted = id;
  article.hidden = false;
  notice("case-problem");
  changed.hidden = true;
  if (other) {
    shown = null;
    hideBody(true);
    byId("case-print", HTMLElement).hidden = true;
    byId("case-loading", HTMLElement).hidden = false;
  }
  try {
    const found = /** @type {CaseDetail} */ (await get(`/api/agency/cases/${encodeURIComponent(id)}`));
    if (wanted !== id) return;
    draw(found);
    if (moved) byId("case-subject", HTMLElement).focus();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (wanted !== id) return;
    // An address that was never a case's is refused as no id at all: to who typed it, it is the same.
    const gone = problem.status === 404 || problem.status === 422;
    if (gone) hideBody(true);
    notice("case-problem", gone ? say("agency-gone") : problem.text);
  } finally {
    if (wanted === id) byId("case-loading", HTMLElement).hidden = true;
  }
}

/**
 * Says so when somebody else has done something about the case that is shown: colleague, desk, office, citizen. Each opening of a case is noted,
 * so it is the list that is asked and not the case.
 */
export async function changedSince() {
  const before = shown;
  if (!before || before.state === "closed") return;
  const { cases } = await get(`/api/agency/cases?box=${BOX_OF[before.state] ?? "answered"}`);
  if (shown !== before) return;
  const now = /** @type {import("./case-words.js").Case[]} */ (cases).find((each) => each.id === before.id);
  changed.hidden = now ? now.version === before.version : cases.length >= 50;
}

/** @param {CaseDetail} found */
function draw(found) {
  shown = found;
  /** @param {string} id @param {...(string | Node)} content */
  const put = (id, ...content) => byId(id, HTMLElement).replaceChildren(...content);
  put("case-over", caseNumber(found.number), ` · ${caseKind(found.kind)} · ${nameOf(found.governorate)}`);
  put("case-subject", found.subject);
  put("case-marks", caseMarks(found));
  put("case-said", ...said(found));
  put("case-facts", caseFacts(found));
  put("case-citizen", citizen(found));
  byId("case-remains", HTMLElement).hidden = found.remaining.length === 0;
  put("case-remains-list", caseRemaining(found.remaining));
  const going = new Set(papersOfAnswer(found).map((each) => each.id));
  const others = found.documents.filter((each) => !going.has(each.id));
  byId("case-papers", HTMLElement).hidden = others.length === 0;
  put("case-papers-list", casePapers(others, (paper) => `/api/agency/cases/documents/${paper.id}`));
  put("case-timeline", caseTimeline(found.entries));
  hideBody(false);
  byId("case-print", HTMLElement).hidden = false;
  dealWith(found, { again, gone: () => page.toList("new") });
}

/** A page has one title. @param {boolean} hidden */
function hideBody(hidden) {
  body.hidden = hidden;
  byId("case-none", HTMLElement).hidden = !hidden;
}

/** After a step: as it stands now. */
async function again() {
  if (!shown) return;
  await showCase(shown.id, page, false);
  byId("deal-title", HTMLElement).focus();
  page.counts();
}

/** What the agency was told: the directive, or what the desk wrote. @param {CaseDetail} found @returns {Node[]} */
function said(found) {
  if (found.directive) return [element("h2", "field-label", say("agency-said-office")), caseDirective(found.directive, { large: true })];
  const told = found.entries.findLast((each) => ["referred", "reassigned"].includes(each.kind) && each.words);
  if (!told?.words) return [];
  const words = element("blockquote", "case-wording case-wording-large", told.words);
  words.dir = "auto";
  return [element("h2", "field-label", say("agency-said-desk")), words];
}

/** Whose case it is, while that is the agency's to know. @param {CaseDetail} found @returns {Node} */
function citizen({ citizen: person, state }) {
  if (!person) {
    const later = state === "referred";
    return element("p", "field-hint", say(later ? "agency-citizen-later" : "agency-citizen-no-more"));
  }
  const rows = [
    [element("dt", "", say("agency-citizen")), element("dd", "", element("bdi", "", person.name))],
    [element("dt", "", say("agency-citizen-mobile")), element("dd", "", isolated(person.mobile_last_four))],
    [element("dt", "", say("agency-citizen-id")), element("dd", "", isolated(person.national_id_last_four))],
  ];
  return element("dl", "facts case-facts", ...rows.flat());
}
