/**
 * The cases behind a number of the follow-through: open ones of an agency or a governorate, the overdue first. The address says whose.
 */
import { get, Problem } from "./api.js";
import { caseRow } from "./case-view.js";
import { byId } from "./controllers.js";
import { notice } from "./form.js";
import { say } from "./words.js";

/** @typedef {import("./case-words.js").Case} Case */
/** `name` is null: of all. @typedef {{query: Record<string, string>, name: string | null}} Asked */

/** The overdue first: the lists that follow one another. */
const LISTS = ["true", "false"];

/** Of the overdue there may be none or few: on to the others, until there are as many. */
const AT_ONCE = 20;

const section = byId("follow-cases", HTMLElement);
const title = byId("follow-cases-title", HTMLElement);
const list = byId("follow-cases-list", HTMLUListElement);
const loading = byId("follow-cases-loading", HTMLElement);
const empty = byId("follow-cases-empty", HTMLElement);
const more = byId("follow-cases-more", HTMLButtonElement);

/** @type {{asked: Asked, place: number, before: string | null} | null} */
let reading = null;

/** What was asked before it was closed, or for others, comes too late. */
let turn = new AbortController();

more.addEventListener("click", async () => {
  const count = list.children.length;
  await goOn();
  // The button may be gone: on to the first of what it brought.
  const next = list.children[count]?.querySelector("a");
  if (next instanceof HTMLElement) next.focus();
});

/** Lists them, and leads there. @param {Asked} asked */
export async function showCases(asked) {
  begin(asked.name ? say("follow-cases-of", { name: asked.name }) : say("follow-cases-all"));
  reading = { asked, place: 0, before: null };
  await goOn();
}

/** Says that there is nobody of that name. */
export function showNobody() {
  begin(say("follow-cases-all"));
  notice("follow-cases-problem", say("follow-cases-unknown"));
}

/** No list. */
export function hideCases() {
  turn.abort();
  reading = null;
  section.hidden = true;
}

/** @param {string} words */
function begin(words) {
  turn.abort();
  turn = new AbortController();
  reading = null;
  title.textContent = words;
  list.replaceChildren();
  notice("follow-cases-problem");
  more.hidden = empty.hidden = loading.hidden = true;
  section.hidden = false;
  title.focus();
}

async function goOn() {
  const { signal } = turn;
  notice("follow-cases-problem");
  loading.hidden = false;
  more.hidden = true;
  try {
    const enough = list.children.length + AT_ONCE;
    do await next(signal);
    while (reading && list.children.length < enough);
    empty.hidden = list.children.length > 0;
  } catch (problem) {
    if (signal.aborted) return;
    if (!(problem instanceof Problem)) throw problem;
    notice("follow-cases-problem", problem.text);
  } finally {
    if (!signal.aborted) {
      loading.hidden = true;
      more.hidden = !reading;
    }
  }
}

/** @param {AbortSignal} signal */
async function next(signal) {
  if (!reading) return;
  const { asked, place, before } = reading;
  const query = new URLSearchParams({ ...asked.query, overdue: LISTS[place], ...(before && { before }) });
  /** @type {{cases: Case[], before: string | null}} */
  const found = await get(`/api/office/cases?${query}`, signal);
  list.append(...found.cases.map((each) => caseRow(each, { href: `/agenda#${each.id}` })));
  if (found.before) reading = { asked, place, before: found.before };
  else reading = place + 1 < LISTS.length ? { asked, place: place + 1, before: null } : null;
}
