/**
 * The desk's boxes of cases, and what is found by number, name or words.
 */
import { announce } from "./announce.js";
import { Problem } from "./api.js";
import { caseRow } from "./case-view.js";
import { byId } from "./controllers.js";
import * as api from "./desk-cases-api.js";
import { allFilled, attempt, clearErrors, notice } from "./form.js";
import { rove, settle } from "./roving.js";
import { say } from "./words.js";

/** @type {Record<api.Box, [title: string, text: string]>} */
const EMPTY = {
  mine: ["desk-cases-empty-mine", "desk-cases-empty-mine-text"],
  ratify: ["desk-cases-empty-ratify", "desk-cases-empty-ratify-text"],
  questions: ["desk-cases-empty-questions", "desk-cases-empty-questions-text"],
  open: ["desk-cases-empty-open", "desk-cases-empty-open-text"],
  closed: ["desk-cases-empty-closed", "desk-cases-empty-closed-text"],
};

const list = byId("cases-list", HTMLUListElement);
const boxes = byId("cases-boxes", HTMLFieldSetElement);
const kind = byId("cases_kind", HTMLSelectElement);
const search = byId("cases-search", HTMLFormElement);
const query = byId("cases_query", HTMLInputElement);
const more = byId("cases-more", HTMLButtonElement);
const loading = byId("cases-loading", HTMLElement);

/** @type {api.Case[]} */
let shown = [];
/** From where the box goes on. @type {string | null} */
let before = null;
/** What stands there was looked for: it is not asked again by itself, because that is noted each time. */
let found = false;
let asking = new AbortController();
/** @type {string | null} */
let current = null;
let drawn = "";

export function startList() {
  boxes.addEventListener("change", () => void begin());
  kind.addEventListener("change", () => void begin());
  more.addEventListener("click", () => void goOn());
  byId("cases-found-end", HTMLElement).addEventListener("click", endSearch);
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    void find();
  });
  rove(list, ".case-open");
  byId("cases-find-button", HTMLButtonElement).disabled = false;
  void begin();
}

/** Something has changed: what is shown of the box is asked again, as far as it was. */
export async function refreshList() {
  if (found) return;
  const reached = shown.length;
  await load(async (signal) => {
    /** @type {api.Case[]} */
    const cases = [];
    let from = null;
    do {
      const page = await api.listed(box(), kind.value, from, signal);
      cases.push(...page.cases);
      from = page.before;
    } while (from && cases.length < reached);
    [shown, before] = [cases, from];
  });
}

/** Which case is open. @param {string | null} id */
export function markCurrent(id) {
  current = id;
  draw();
}

/** To the row of a case, or to the list. @param {string | null} id */
export function focusRow(id) {
  const row = list.querySelector(`[data-id="${id}"] .case-open`) ?? list.querySelector(".case-open");
  (row instanceof HTMLElement ? row : byId("cases-title", HTMLElement)).focus();
}

/** To the search; what stands there goes with the next key. */
export function focusSearch() {
  query.focus();
  query.select();
}

/** Ends a search, if there is one. @returns {boolean} whether there was */
export function endSearch() {
  if (!found) return false;
  query.value = "";
  void begin();
  query.focus();
  return true;
}

/** The box from its beginning. */
async function begin() {
  found = false;
  shown = [];
  before = null;
  await load(async (signal) => {
    ({ cases: shown, before } = await api.listed(box(), kind.value, null, signal));
  });
}

async function goOn() {
  const at = shown.length;
  await load(async (signal) => {
    const page = await api.listed(box(), kind.value, before, signal);
    shown = [...shown, ...page.cases];
    before = page.before;
  });
  const next = list.querySelectorAll(".case-open")[at];
  if (next instanceof HTMLElement) next.focus();
}

async function find() {
  clearErrors(search);
  if (!allFilled(search)) return;
  notice("cases-problem");
  const sought = query.value.trim();
  await attempt(
    byId("cases-find-button", HTMLElement),
    async () => {
      const { cases } = await api.find(sought);
      asking.abort();
      loading.hidden = true;
      [shown, before, found] = [cases, null, true];
      draw();
      const words = say("desk-cases-found", { count: cases.length, query: sought });
      byId("cases-found-text", HTMLElement).textContent = words;
      announce(words);
      // The one that is found by its number is what was wanted.
      if (cases.length === 1) location.hash = cases[0].id;
      else if (cases.length) focusRow(cases[0].id);
    },
    { notice: "cases-problem", fields: { query: "cases_query" } },
  );
}

/** @param {(signal: AbortSignal) => Promise<void>} work */
async function load(work) {
  asking.abort();
  const mine = (asking = new AbortController());
  loading.hidden = shown.length > 0;
  if (!shown.length) draw();
  try {
    await work(mine.signal);
    if (mine.signal.aborted) return;
    notice("cases-problem");
    loading.hidden = true;
    draw();
  } catch (problem) {
    if (mine.signal.aborted) return;
    if (!(problem instanceof Problem)) throw problem;
    loading.hidden = true;
    notice("cases-problem", problem.text);
  }
}

function draw() {
  byId("cases-found", HTMLElement).hidden = !found;
  byId("cases-choose", HTMLElement).hidden = found;
  more.hidden = found || before === null;
  const empty = byId("cases-empty", HTMLElement);
  empty.hidden = shown.length > 0 || !loading.hidden;
  const [title, text] = found ? ["desk-cases-nothing", "desk-cases-nothing-text"] : EMPTY[box()];
  byId("cases-empty-title", HTMLElement).textContent = say(title);
  byId("cases-empty-text", HTMLElement).textContent = say(text);
  // A list that did not change is left alone: nobody's focus is taken away.
  const image = JSON.stringify([shown, current]);
  if (image === drawn) return;
  drawn = image;
  const focused = document.activeElement?.closest("#cases-list .case-row")?.getAttribute("data-id");
  list.replaceChildren(
    ...shown.map((each) => caseRow(each, { href: `#${each.id}`, citizen: each.citizen_name ?? undefined, current: each.id === current })),
  );
  settle(list, ".case-open", /** @type {HTMLElement | undefined} */ (list.querySelector(`[data-id="${focused ?? current}"] .case-open`) ?? undefined));
  if (focused) focusRow(focused);
}

/** @returns {api.Box} */
function box() {
  const chosen = boxes.querySelector("input:checked");
  return /** @type {api.Box} */ (chosen instanceof HTMLInputElement ? chosen.value : "mine");
}
