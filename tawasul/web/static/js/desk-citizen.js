/**
 * The citizen before the desk: who they are, what is open for them, what was; a mobile that has changed.
 */
import { toast } from "./announce.js";
import { Problem } from "./api.js";
import { byId } from "./controllers.js";
import { actionsFor } from "./desk-actions.js";
import * as api from "./desk-api.js";
import { entriesOf, entryOf, isOpen } from "./desk-day.js";
import { placeWords } from "./desk-place.js";
import { allFilled, attempt, clearErrors } from "./form.js";
import { daysWords, kindWords, stateLabel } from "./labels.js";
import { dates, say } from "./words.js";

const card = byId("citizen", HTMLElement);
const openList = byId("citizen-open", HTMLElement);
const pastList = byId("citizen-past", HTMLElement);
const correct = byId("citizen-correct", HTMLDetailsElement);
const mobile = byId("citizen_mobile_new", HTMLInputElement);
const mobileForm = byId("citizen-mobile-form", HTMLFormElement);

/** @type {api.Citizen | null} */
let present = null;
let drawn = "";

/** @param {(citizen: api.Citizen) => void} book called when the citizen wants another time besides */
export function startCitizen(book) {
  byId("book-more", HTMLElement).addEventListener("click", () => present && book(present));
  correct.addEventListener("toggle", () => correct.open && mobile.focus());
  mobileForm.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearErrors(mobileForm);
    if (!present || !allFilled(mobileForm)) return;
    const { id } = present;
    await attempt(
      event.submitter,
      async () => {
        show(await api.correct(id, { mobile: mobile.value }));
        correct.open = false;
        toast(say("desk-corrected"));
      },
      { notice: "citizen-problem", fields: { mobile: "citizen_mobile_new" } },
    );
  });
}

/** Whoever is before the desk. @returns {api.Citizen | null} */
export function before() {
  return present;
}

/**
 * Shows who is before the desk, and what there is of them.
 * @param {api.Citizen} citizen
 * @returns {Promise<boolean>} whether anything is open
 */
export async function showCitizen(citizen) {
  show(citizen);
  drawn = "";
  openList.replaceChildren();
  pastList.replaceChildren();
  byId("citizen-past-block", HTMLDetailsElement).hidden = true;
  byId("citizen-past-block", HTMLDetailsElement).open = false;
  correct.open = false;
  mobileForm.reset();
  clearErrors(mobileForm);
  card.hidden = false;
  return refreshCitizen();
}

/** Asks again how things stand. @returns {Promise<boolean>} whether anything is open */
export async function refreshCitizen() {
  const whom = present;
  if (!whom) return false;
  const { entries, waits, elsewhere } = await fileOf(whom);
  if (present?.id !== whom.id) return false;
  // They come the last first, as one reads what was; of what is to come the next is wanted.
  const open = entries.filter(({ audience }) => isOpen(audience.state)).sort((a, b) => Date.parse(a.audience.slot_starts_at) - Date.parse(b.audience.slot_starts_at));
  // As in the list: what did not change is left alone, so that an open menu stays open.
  const image = JSON.stringify([entries, waits, elsewhere]);
  if (image !== drawn) {
    drawn = image;
    openList.replaceChildren(...open.map(line), ...waits.map(waitLine), ...(elsewhere ? [remark(say("desk-elsewhere", { count: elsewhere }))] : []));
    const past = entries.filter(({ audience }) => !isOpen(audience.state));
    pastList.replaceChildren(...past.map(line));
    byId("citizen-past-block", HTMLElement).hidden = past.length === 0;
  }
  byId("book-more", HTMLElement).hidden = open.length === 0;
  return open.length > 0;
}

/** Puts the keyboard on what one does next: the first button of what is open. */
export function focusCitizen() {
  // What stands in a closed menu cannot have the keyboard: then it is the menu.
  const next = openList.querySelector(".day-buttons > button, summary");
  if (next instanceof HTMLElement) next.focus();
  else byId("citizen-name", HTMLElement).focus();
}

/** Nothing of a citizen stays on the desk. */
export function clearCitizen() {
  present = null;
  card.hidden = true;
}

/**
 * All that there is of a citizen; where it cannot be had, what the list of the day knows.
 * @param {api.Citizen} whom
 * @returns {Promise<{entries: api.Entry[], waits: api.Wish[], elsewhere: number}>}
 */
async function fileOf(whom) {
  try {
    const { audiences, waitlist, elsewhere } = await api.citizen(whom.id);
    const entries = audiences.map((audience) => ({ ...(entryOf(audience.id) ?? entryFrom(audience, whom)), audience }));
    return { entries, waits: waitlist.filter(({ state }) => state === "waiting" || state === "offered"), elsewhere };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return { entries: entriesOf(whom.id), waits: [], elsewhere: 0 };
  }
}

/** @param {api.Citizen} citizen */
function show(citizen) {
  present = citizen;
  byId("citizen-name", HTMLElement).textContent = citizen.name;
  byId("citizen-kind", HTMLElement).textContent = kindWords(citizen.kind);
  byId("citizen-id", HTMLElement).textContent = citizen.national_id_last_four;
  byId("citizen-mobile", HTMLElement).textContent = citizen.mobile_last_four;
  byId("citizen-cases", HTMLAnchorElement).href = `/desk/cases#citizen=${citizen.id}`;
}

/** @param {api.Entry} entry @returns {HTMLElement} */
function line(entry) {
  const { audience } = entry;
  const item = document.createElement("li");
  item.className = "citizen-audience";
  item.dataset.audience = audience.id;
  const words = document.createElement("div");
  const when = document.createElement("p");
  when.className = "citizen-when";
  when.textContent = say("desk-booked-when", { day: dates.day(audience.slot_starts_at), time: dates.time(audience.slot_starts_at) });
  const where = document.createElement("p");
  where.className = "citizen-line";
  const reference = document.createElement("bdi");
  reference.className = "number";
  reference.textContent = audience.reference;
  where.append(`${placeWords(audience.venue, null, audience.kiosk_id)} · `, reference);
  words.append(when, where, stateLabel(audience.state));
  item.append(words, actionsFor(entry));
  return item;
}

/** @param {api.Wish} wish @returns {HTMLElement} */
function waitLine(wish) {
  return remark(say("desk-on-waitlist", { days: daysWords(wish) }));
}

/** @param {string} text @returns {HTMLElement} */
function remark(text) {
  const item = document.createElement("li");
  item.className = "citizen-audience";
  const words = document.createElement("p");
  words.textContent = text;
  item.append(words);
  return item;
}

/** An audience of another day, as a row of the list has it. @param {api.Audience} audience @param {api.Citizen} citizen @returns {api.Entry} */
function entryFrom(audience, citizen) {
  return { audience, citizen, subject: "", party: { kind: "alone" }, attachments: 0, petition: false, order: null };
}
