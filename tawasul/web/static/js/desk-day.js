/**
 * The list of the sitting: who comes when, where they stand, what can be done. Asked for again every few seconds while it is looked at.
 */
import { Problem } from "./api.js";
import { byId } from "./controllers.js";
import * as api from "./desk-api.js";
import { actionsFor, startActions } from "./desk-actions.js";
import { notice } from "./form.js";
import { assuranceLabel, stateLabel } from "./labels.js";
import { dates, nameOf, say } from "./words.js";

const EVERY_MS = 8000;

const OPEN = new Set(["booked", "arrived", "called-in", "in-call", "heard"]);

const rows = byId("day-rows", HTMLElement);
const rowTemplate = byId("day-row", HTMLTemplateElement);
const filter = byId("day-filter", HTMLFieldSetElement);

/** @type {api.Day | null} */
let present = null;
let drawn = "";

/**
 * @param {(day: api.Day) => void} heard called with each answer
 * @returns {() => Promise<void>} asks for the list now
 */
export function startDay(heard) {
  const look = async () => {
    try {
      present = await api.day();
      notice("day-problem");
      heard(present);
      draw();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      notice("day-problem", problem.text);
    }
  };
  startActions(look);
  filter.addEventListener("change", () => draw());
  byId("day-refresh", HTMLElement).addEventListener("click", look);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  setInterval(() => document.hidden || look(), EVERY_MS);
  void look();
  return look;
}

/** The citizen's open audience in this sitting, if there is one. @param {string} citizenId @returns {api.Entry | undefined} */
export function openOf(citizenId) {
  return present?.entries.find((entry) => entry.citizen.id === citizenId && OPEN.has(entry.audience.state));
}

function draw() {
  if (!present) return;
  const day = present;
  const show = filter.querySelector("input:checked");
  const wanted = show instanceof HTMLInputElement ? show.value : "open";
  const entries = day.entries.filter(({ audience }) =>
    wanted === "all" ? true : wanted === "waiting" ? audience.state === "arrived" : OPEN.has(audience.state),
  );
  byId("day-date", HTMLElement).textContent = day.sitting ? dates.day(day.sitting.opens_at) : say("desk-day-none");
  byId("day-empty", HTMLElement).hidden = entries.length > 0;
  // A list that did not change is left alone, so that an open menu stays open and a reader is not interrupted.
  const image = JSON.stringify(entries);
  if (image === drawn) return;
  drawn = image;
  rows.replaceChildren(...entries.map((entry) => row(entry, day)));
}

/** @param {api.Entry} entry @param {api.Day} day @returns {Node} */
function row(entry, day) {
  const node = /** @type {DocumentFragment} */ (rowTemplate.content.cloneNode(true));
  /** @param {string} part @param {...(string | Node)} content */
  const put = (part, ...content) => node.querySelector(`[data-part="${part}"]`)?.replaceChildren(...content);
  const { audience, citizen } = entry;
  put("time", dates.time(audience.slot_starts_at));
  put("name", citizen.name);
  put("place", placeOf(audience, day));
  put("reference", audience.reference);
  put("subject", entry.subject);
  put("state", stateLabel(audience.state), ...(audience.arrived_at ? [document.createElement("br"), assuranceLabel(audience.assurance)] : []));
  put("actions", actionsFor(entry));
  if (audience.state === "arrived") node.firstElementChild?.setAttribute("data-attention", "");
  return node;
}

/** @param {api.Audience} audience @param {api.Day} day @returns {string} */
function placeOf(audience, day) {
  if (audience.venue !== "kiosk") return say("desk-own-location");
  const kiosk = day.kiosks.find((each) => each.id === audience.kiosk_id);
  return kiosk ? nameOf(kiosk.name) : say("desk-venue-kiosk");
}
