/**
 * What a change of the calendar does to those who are booked: first everyone is shown, and where each would go; then it is done, and the same
 * list says whom to tell. Nothing is done that was not shown: the server refuses when it is not so any more.
 */
import { Problem } from "./api.js";
import { byId } from "./controllers.js";
import { element, isolated } from "./elements.js";
import { attempt, notice } from "./form.js";
import { pill, priorityWords } from "./labels.js";
import { toTitle } from "./planning-fields.js";
import { dates, nameOf, say } from "./words.js";

/** @typedef {{arabic: string, english: string}} Name */
/** @typedef {{venue: "kiosk" | "own-location" | "in-person", centre_id: string | null, name: Name | null}} Place */
/**
 * @typedef {{audience_id: string, reference: string, citizen_name: string, from: string, place: Place, to: {starts_at: string, place: Place} | null,
 *   priorities: string[], why: string}} Affected
 */
/** @typedef {{affected: Affected[], moved: number, unplaced: number, arrived: number, tasks: number, seen: string}} Consequences */
/** What was looked at, which goes along with the confirmation. @typedef {{expected: number, seen: string}} Shown */
/**
 * A change. `title` names it; `preview` and `confirm` ask the server; `done` follows when it stands.
 * @typedef {{title: string, preview: () => Promise<Consequences>, confirm: (shown: Shown) => Promise<Consequences>, done: () => unknown}} Proposal
 */

const dialog = byId("consequences", HTMLDialogElement);
const title = byId("consequences-title", HTMLElement);
const lead = byId("consequences-lead", HTMLElement);
const rows = byId("consequences-rows", HTMLElement);
const confirm = byId("consequences-confirm", HTMLButtonElement);
const printing = byId("consequences-print", HTMLButtonElement);
const close = byId("consequences-close", HTMLButtonElement);

/** @type {Proposal | null} */
let proposed = null;
/** @type {Shown} */
let shown = { expected: 0, seen: "" };

confirm.addEventListener("click", () => attempt(confirm, carryOut, { notice: "consequences-problem" }));
printing.addEventListener("click", () => print());
dialog.addEventListener("close", () => {
  // What it was opened from may be gone: a row that was drawn anew, a form that is closed.
  const { activeElement } = document;
  if (!activeElement || activeElement === document.body || !activeElement.checkVisibility()) toTitle();
});

/**
 * Shows what a change would do. With nobody affected too: the person sees that, and confirms.
 * @param {Proposal} proposal
 * @throws {Problem} the preview was refused
 */
export async function propose(proposal) {
  const consequences = await proposal.preview();
  proposed = proposal;
  notice("consequences-problem");
  show(consequences, false);
  dialog.showModal();
  title.focus();
}

async function carryOut() {
  const proposal = proposed;
  if (!proposal) return;
  try {
    show(await proposal.confirm(shown), true);
  } catch (problem) {
    // It is not as it was shown: it is shown anew, and the person decides again.
    if (!(problem instanceof Problem) || problem.code !== "stale") throw problem;
    show(await proposal.preview(), false);
    notice("consequences-problem", say("planning-stale"));
    return;
  }
  notice("consequences-problem");
  proposal.done();
  title.focus();
}

/** @param {Consequences} consequences @param {boolean} done */
function show(consequences, done) {
  const { affected, moved, unplaced, arrived } = consequences;
  shown = { expected: affected.length, seen: consequences.seen };
  title.textContent = done ? say("planning-done", { change: proposed?.title ?? "" }) : (proposed?.title ?? "");
  lead.textContent = [
    affected.length ? say(done ? "planning-affected-done" : "planning-affected", { count: affected.length }) : say("planning-affected-nobody"),
    unplaced ? say("planning-unplaced", { count: unplaced }) : "",
    arrived ? say("planning-arrived", { count: arrived }) : "",
  ].filter(Boolean).join(" ");
  rows.replaceChildren(...affected.map(row));
  byId("consequences-table", HTMLElement).hidden = affected.length === 0;
  confirm.hidden = done;
  confirm.textContent = moved ? say("planning-confirm-moving", { count: moved }) : say("planning-confirm");
  printing.hidden = !done || affected.length === 0;
  close.textContent = say(done ? "dialog-close" : "desk-back");
}

/** @param {Affected} one @returns {HTMLElement} */
function row(one) {
  const who = element("th", "", element("p", "day-name", one.citizen_name), element("p", "day-line", isolated(one.reference)));
  who.scope = "row";
  who.append(...one.priorities.map((priority) => pill(priorityWords(priority), "info", "info")));
  const from = element("td", "", ...whenWhere(one.from, one.place));
  from.dataset.label = say("planning-affected-from");
  const to = element("td", "", ...(one.to ? whenWhere(one.to.starts_at, one.to.place) : [pill(say("planning-no-time"), "alert", "warning")]));
  to.dataset.label = say("planning-affected-to");
  return element("tr", "", who, from, to);
}

/** @param {string} moment @param {Place} place */
function whenWhere(moment, place) {
  return [element("p", "", say("tasks-when", { day: dates.day(moment), time: dates.time(moment) })), element("p", "day-line", placeWords(place))];
}

/** @param {Place} place */
function placeWords(place) {
  if (place.venue === "own-location") return say("desk-venue-own");
  if (place.venue === "in-person") return say("booking-place-in-person");
  return place.name ? nameOf(place.name) : say("booking-place-centre");
}
