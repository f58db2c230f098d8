/**
 * The list of the sitting: who comes when and in which order, where they stand, what can be done. It follows by itself what others do.
 */
import { Problem } from "./api.js";
import { byId } from "./controllers.js";
import { actionsFor, lastActedOn } from "./desk-actions.js";
import * as api from "./desk-api.js";
import { placeWords } from "./desk-place.js";
import { notice } from "./form.js";
import { assuranceLabel, pill, priorityWords, stateLabel } from "./labels.js";
import { whenLetGo } from "./pressed.js";
import { dates, nameOf, say } from "./words.js";

const OPEN = new Set(["booked", "arrived", "called-in", "in-call", "heard"]);

const rows = byId("day-rows", HTMLElement);
const rowTemplate = byId("day-row", HTMLTemplateElement);
const filter = byId("day-filter", HTMLFieldSetElement);
const sitting = byId("day-sitting", HTMLSelectElement);

/** @type {api.Day | null} */
let present = null;
/** The sitting that was chosen; null: the one of now. @type {string | null} */
let wanted = null;
let drawn = "";
/** @type {(day: api.Day) => void} */
let heard = () => {};

/** @param {(day: api.Day) => void} told called with each answer */
export function startDay(told) {
  heard = told;
  filter.addEventListener("change", () => draw());
  sitting.addEventListener("change", () => {
    wanted = sitting.value;
    void refreshDay();
  });
  byId("day-refresh", HTMLElement).addEventListener("click", refreshDay);
  byId("day-print", HTMLElement).addEventListener("click", () => {
    byId("day-exports", HTMLDetailsElement).open = false;
    print();
  });
  byId("day-exports", HTMLElement).addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    byId("day-exports", HTMLDetailsElement).open = false;
  });
}

/** Asks for the list now. @returns {Promise<void>} */
export async function refreshDay() {
  try {
    present = await api.day(wanted);
    notice("day-problem");
    heard(present);
    whenLetGo(draw);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    notice("day-problem", problem.text);
  }
}

/** The row of this audience, as the list knows it. @param {string} audienceId @returns {api.Entry | undefined} */
export function entryOf(audienceId) {
  return present?.entries.find((entry) => entry.audience.id === audienceId);
}

/** What the list knows of a citizen. @param {string} citizenId @returns {api.Entry[]} */
export function entriesOf(citizenId) {
  return present?.entries.filter((entry) => entry.citizen.id === citizenId) ?? [];
}

/** Whether an audience in this state still stands. @param {string} state */
export function isOpen(state) {
  return OPEN.has(state);
}

function draw() {
  if (!present) return;
  const day = present;
  const show = filter.querySelector("input:checked");
  const kind = show instanceof HTMLInputElement ? show.value : "open";
  const entries = day.entries.filter(({ audience }) =>
    kind === "all" ? true : kind === "waiting" ? audience.state === "arrived" : OPEN.has(audience.state),
  );
  byId("day-date", HTMLElement).textContent = day.sitting ? dates.day(day.sitting.opens_at) : say("desk-day-none");
  byId("day-empty", HTMLElement).hidden = entries.length > 0;
  drawSittings(day);
  for (const as of /** @type {const} */ (["csv", "xlsx", "pdf"])) byId(`day-${as}`, HTMLAnchorElement).href = api.dayAs(as, day.sitting?.id ?? null);
  // A list that did not change is left alone, so that an open menu stays open and a reader is not interrupted.
  const image = JSON.stringify(entries);
  if (image === drawn) return;
  drawn = image;
  const stood = document.activeElement?.closest("[data-audience]")?.getAttribute("data-audience") ?? null;
  const menus = [...rows.querySelectorAll("details[open]")].map((menu) => menu.closest("[data-audience]")?.getAttribute("data-audience"));
  rows.replaceChildren(...entries.map((entry) => row(entry, day)));
  // What others do closes no menu under somebody's hand.
  for (const menu of rows.querySelectorAll("details")) menu.open = menus.includes(menu.closest("[data-audience]")?.getAttribute("data-audience"));
  // A reader of the list keeps the place in it, and one whose dialog has just closed comes back to it.
  const back = stood ?? (document.activeElement === document.body ? lastActedOn() : null);
  const target = back && rows.querySelector(`[data-audience="${CSS.escape(back)}"] :is(button, summary)`);
  if (target instanceof HTMLElement) target.focus();
  else if (back) byId("day-title", HTMLElement).focus();
}

/** @param {api.Day} day */
function drawSittings(day) {
  byId("day-sitting-field", HTMLElement).hidden = day.sittings.length < 2;
  const options = day.sittings.map((each) => new Option(say("waitlist-offer", { day: `${dates.weekday(each.opens_at)} ${dates.gregorianShort(each.opens_at)}`, time: dates.time(each.opens_at) }), each.id));
  if (options.map((option) => option.text).join() !== [...sitting.options].map((option) => option.text).join()) sitting.replaceChildren(...options);
  if (day.sitting) sitting.value = day.sitting.id;
}

/** @param {api.Entry} entry @param {api.Day} day @returns {Node} */
function row(entry, day) {
  const node = /** @type {DocumentFragment} */ (rowTemplate.content.cloneNode(true));
  /** @param {string} part @param {...(string | Node)} content */
  const put = (part, ...content) => node.querySelector(`[data-part="${part}"]`)?.replaceChildren(...content);
  const { audience, citizen } = entry;
  put("time", dates.time(audience.slot_starts_at));
  if (entry.order !== null && audience.state === "arrived") put("order", say("desk-order", { order: String(entry.order) }));
  put("name", citizen.name);
  put("place", placeOf(audience, day));
  put("reference", audience.reference);
  put("subject", entry.subject);
  put("marks", ...marks(entry));
  put("state", stateLabel(audience.state), ...because(audience), ...(audience.arrived_at ? [assuranceLabel(audience.assurance)] : []));
  put("actions", actionsFor(entry));
  node.firstElementChild?.setAttribute("data-audience", audience.id);
  if (audience.state === "arrived") node.firstElementChild?.setAttribute("data-attention", "");
  return node;
}

/** What makes this one different from others. @param {api.Entry} entry @returns {Node[]} */
function marks({ audience, party, attachments, petition }) {
  const found = audience.priorities.map((priority) => pill(priorityWords(priority), "people", "info"));
  if (audience.walk_in) found.push(pill(say("desk-walk-in-mark"), "walk-in", ""));
  if (party.kind === "representative") found.push(pill(say("desk-party-representative", { name: party.name }), "person", ""));
  if (party.kind === "group") found.push(pill(say("desk-party-group", { name: party.name, size: party.size }), "people", ""));
  if (petition || attachments > 0) found.push(pill(attachments ? say("desk-papers", { count: attachments }) : say("desk-petition"), "paper-clip", ""));
  return found;
}

/** Whose doing it was that it was missed. @param {api.Audience} audience @returns {Node[]} */
function because({ missed_because: why }) {
  if (!why || why === "citizen") return [];
  return [pill(say(why === "office" ? "desk-because-office" : "desk-because-technical"), "info", "")];
}

/** @param {api.Audience} audience @param {api.Day} day @returns {string} */
function placeOf(audience, day) {
  if (audience.venue === "own-location") return say("desk-own-location");
  const kiosk = day.kiosks.find((each) => each.id === audience.kiosk_id);
  return kiosk ? nameOf(kiosk.name) : placeWords(audience.venue, null, audience.kiosk_id);
}
