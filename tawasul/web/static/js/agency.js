/**
 * The page of an agency's account: four boxes of cases and one case at a time. What follows the `#` says which: the name of a box, or the id of
 * a case; so the browser's Back works, and a case has an address.
 */
import { announce } from "./announce.js";
import { get, Problem } from "./api.js";
import { changedSince, leaveCase, showCase } from "./agency-case.js";
import { caseRow } from "./case-view.js";
import { bareDay } from "./case-words.js";
import { byId } from "./controllers.js";
import { notice } from "./form.js";
import { dates, nameOf, say } from "./words.js";

/** @typedef {import("./case-words.js").Case} Case */
/** @typedef {"new" | "open" | "asked" | "answered"} Box */
/** @typedef {{cases: number, overdue: number}} Waiting */

/** The page asks again by itself: an agency has no stream of its own. */
const ASK_AGAIN_MS = 20_000;

/** As many as one answer holds. */
const MOST = 50;

/** @type {Record<Box, {name: string, empty: string, text: string}>} */
const BOXES = {
  new: { name: "agency-box-new", empty: "agency-empty-new", text: "agency-empty-new-text" },
  open: { name: "agency-box-open", empty: "agency-empty-open", text: "agency-empty-open-text" },
  asked: { name: "agency-box-asked", empty: "agency-empty-asked", text: "agency-empty-asked-text" },
  answered: { name: "agency-box-answered", empty: "agency-empty-answered", text: "agency-empty-answered-text" },
};

const inbox = byId("inbox", HTMLElement);
const list = byId("inbox-list", HTMLElement);
const title = byId("agency-title", HTMLElement);

/** The box that is shown, or was before the case that is. @type {Box} */
let box = "new";
let drawn = "";
/** Whether nothing is referred to the agency any more. */
let closed = false;

addEventListener("hashchange", () => void show(true));
document.addEventListener("visibilitychange", () => document.hidden || void look());
setInterval(() => document.hidden || void look(), ASK_AGAIN_MS);
void show(false);

/** What the address says. @param {boolean} moved whether somebody came here from elsewhere on the page */
async function show(moved) {
  const named = location.hash.slice(1);
  const isCase = named !== "" && !(named in BOXES);
  inbox.hidden = isCase;
  if (isCase) {
    await showCase(named, { toList, counts: () => void look() }, moved);
    void look();
    return;
  }
  leaveCase();
  box = /** @type {Box} */ (named || "new");
  byId("case-back", HTMLAnchorElement).hash = box;
  byId("inbox-title", HTMLElement).textContent = say(BOXES[box].name);
  for (const link of document.querySelectorAll(".agency-box")) link.toggleAttribute("aria-current", false);
  document.querySelector(`[data-box="${box}"]`)?.setAttribute("aria-current", "page");
  list.replaceChildren();
  drawn = "";
  byId("inbox-empty", HTMLElement).hidden = true;
  byId("inbox-loading", HTMLElement).hidden = false;
  if (moved) title.focus();
  await look();
}

/** Back to a list, after the case went elsewhere. @param {Box} to */
function toList(to) {
  location.hash = to;
}

/** Asks how much is where, and for the list that is shown; of a case that is open, whether it has changed. */
async function look() {
  const asked = inbox.hidden ? null : box;
  try {
    const [desk, listed] = await Promise.all([get("/api/agency/boxes"), asked ? get(`/api/agency/cases?box=${asked}`) : changedSince()]);
    notice("inbox-problem");
    drawBoxes(desk);
    if (asked === box && !inbox.hidden) draw(listed.cases);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    notice("inbox-problem", problem.text);
    byId("inbox-loading", HTMLElement).hidden = true;
  }
}

/** @param {{name: {arabic: string, english: string}, closed_on: string | null, closed: boolean, boxes: Record<Box, Waiting>}} desk */
function drawBoxes(desk) {
  title.textContent = nameOf(desk.name);
  const closes = desk.closed_on && say(desk.closed ? "agency-closed" : "agency-closes", { day: bareDay(desk.closed_on) });
  notice("agency-closed", closes || undefined);
  closed = desk.closed;
  for (const [name, waiting] of /** @type {[Box, Waiting][]} */ (Object.entries(desk.boxes))) {
    const link = document.querySelector(`[data-box="${name}"]`);
    // What waits for a desk or a citizen is not the agency's to be late with.
    const overdue = name === "new" || name === "open" ? waiting.overdue : 0;
    /** @param {string} part @param {string} text */
    const put = (part, text) => {
      const node = /** @type {HTMLElement | null} */ (link?.querySelector(`[data-part="${part}"]`));
      if (node) node.textContent = text;
      if (node && part === "late") node.hidden = !overdue;
    };
    put("count", String(waiting.cases));
    put("late", say("agency-box-late", { cases: overdue }));
    put("heard", say("agency-box-heard", { cases: waiting.cases, overdue }));
  }
}

/** @param {Case[]} cases */
function draw(cases) {
  byId("inbox-loading", HTMLElement).hidden = true;
  byId("inbox-empty", HTMLElement).hidden = cases.length > 0;
  byId("inbox-empty-title", HTMLElement).textContent = say(BOXES[box].empty);
  byId("inbox-empty-text", HTMLElement).textContent = say(closed && box === "new" ? "agency-empty-closed-text" : BOXES[box].text);
  byId("inbox-most", HTMLElement).hidden = cases.length < MOST;
  // A list that did not change is left alone: nobody's focus is taken away.
  const image = JSON.stringify(cases);
  if (image === drawn) return;
  const before = drawn;
  drawn = image;
  const focused = document.activeElement?.closest(".case-row")?.getAttribute("data-id");
  list.replaceChildren(...[...cases].sort(byUrgency).map(row));
  const again = focused && list.querySelector(`[data-id="${CSS.escape(focused)}"] a`);
  if (again instanceof HTMLElement) again.focus();
  if (before) announce(say(BOXES[box].name));
}

/** What is overdue first, then what is due soonest; what is done, last. @param {Case} one @param {Case} other */
function byUrgency(one, other) {
  return Number(other.overdue) - Number(one.overdue) || (one.due_at ?? "9").localeCompare(other.due_at ?? "9");
}

/** @param {Case} given @returns {HTMLElement} */
function row(given) {
  return caseRow(given, { href: `#${given.id}`, citizen: nameOf(given.governorate), under: untilWhen(given) });
}

/** By when, for whose turn it is to keep or to use it; otherwise whose turn it is. @param {Case} given @returns {string | undefined} */
function untilWhen({ owner, state, due_at }) {
  const day = due_at ? dates.day(due_at) : "";
  if (owner === "agency" && day) return say("agency-due", { day });
  return state === "answered" && day ? `${say("case-contest-until")} ${day}` : undefined;
}
