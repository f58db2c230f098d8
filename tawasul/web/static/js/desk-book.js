/**
 * The desk's second step: a place, a time and a subject; then the slip with the reference.
 */
import { copy } from "./clipboard.js";
import { byId } from "./controllers.js";
import * as api from "./desk-api.js";
import { allFilled, attempt, clearErrors, fieldError, notice } from "./form.js";
import { dates, nameOf, say } from "./words.js";

const form = byId("book", HTMLFormElement);
const kiosk = byId("book_kiosk", HTMLSelectElement);
const subject = byId("book_subject", HTMLTextAreaElement);
const slots = byId("slots", HTMLElement);
const booked = byId("booked", HTMLElement);
const link = byId("booked-link", HTMLInputElement);
const slotChoice = byId("slot-choice", HTMLTemplateElement);

/** @type {api.Citizen | null} */
let citizen = null;
/** @type {string | null} */
let sittingId = null;
/** How often the free slots were asked for. */
let asked = 0;

/** @param {() => void} done called when an audience was booked @param {() => void} another called for the next citizen */
export function startBooking(done, another) {
  form.addEventListener("change", (event) => {
    if (event.target === kiosk || (event.target instanceof HTMLInputElement && event.target.name === "venue")) void showSlots();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearErrors(form);
    const slot = chosen("slot");
    if (!slot) fieldError("slots", say("desk-slot-needed"));
    if (!allFilled(form) || !slot || !citizen || !sittingId) return;
    const wish = { citizen_id: citizen.id, sitting_id: sittingId, slot_starts_at: slot, ...place(), subject: subject.value };
    const problem = await attempt(
      event.submitter,
      async () => {
        showBooked(await api.book(wish));
        done();
      },
      { notice: "book-problem", fields: { subject: "book_subject" } },
    );
    // Somebody else was quicker, or the minute has passed: what is free now?
    if (problem?.status === 409) await showSlots();
  });
  byId("copy-link", HTMLElement).addEventListener("click", () => copy(link));
  byId("print-slip", HTMLElement).addEventListener("click", () => print());
  byId("book-another", HTMLElement).addEventListener("click", another);
}

/** The kiosks that may be chosen. @param {api.Kiosk[]} kiosks */
export function offerKiosks(kiosks) {
  const before = kiosk.value;
  kiosk.replaceChildren(...kiosks.map((each) => new Option(nameOf(each.name), each.id)));
  if (kiosks.some((each) => each.id === before)) kiosk.value = before;
}

/** Opens the form for this citizen. @param {api.Citizen} whom */
export function bookFor(whom) {
  citizen = whom;
  clearErrors(form);
  form.reset();
  form.hidden = false;
  booked.hidden = true;
  void showSlots();
}

/** Nothing of a citizen stays on the desk. */
export function clearBooking() {
  citizen = null;
  form.hidden = true;
  booked.hidden = true;
  link.value = "";
}

async function showSlots() {
  const question = ++asked;
  byId("book-kiosk-field", HTMLElement).hidden = chosen("venue") !== "kiosk";
  await attempt(
    null,
    async () => {
      const free = await api.slots(place().kiosk_id);
      // The answer to an earlier question is about a place that is no longer chosen.
      if (question !== asked) return;
      const slot = chosen("slot");
      sittingId = free.sitting?.id ?? null;
      byId("book-day", HTMLElement).textContent = free.sitting ? dates.day(free.sitting.opens_at) : say("desk-day-none");
      slots.replaceChildren(...free.slots.map(slotButton));
      for (const input of slots.querySelectorAll("input")) input.checked = input.value === slot;
      byId("slots-empty", HTMLElement).hidden = free.slots.length > 0;
    },
    { notice: "book-problem" },
  );
}

/** @param {string} starts @returns {Node} */
function slotButton(starts) {
  const node = /** @type {DocumentFragment} */ (slotChoice.content.cloneNode(true));
  const input = node.querySelector("input");
  const time = node.querySelector('[data-part="time"]');
  if (input) input.value = starts;
  if (time) time.textContent = dates.time(starts);
  return node;
}

/** @param {{audience: api.Audience, link: string | null}} answer */
function showBooked(answer) {
  form.hidden = true;
  byId("citizen", HTMLElement).hidden = true;
  byId("booked-reference", HTMLElement).textContent = answer.audience.reference;
  const starts = answer.audience.slot_starts_at;
  byId("booked-when", HTMLElement).textContent = say("desk-booked-when", { day: dates.day(starts), time: dates.time(starts) });
  byId("booked-place", HTMLElement).textContent =
    answer.audience.venue === "kiosk" ? kiosk.selectedOptions[0]?.text ?? "" : say("desk-venue-own");
  byId("booked-link-block", HTMLElement).hidden = !answer.link;
  link.value = answer.link ? location.origin + answer.link : "";
  notice("book-problem");
  booked.hidden = false;
  byId("booked-title", HTMLElement).focus();
}

/** @returns {{venue: api.Venue, kiosk_id: string | null}} */
function place() {
  return chosen("venue") === "kiosk" ? { venue: "kiosk", kiosk_id: kiosk.value } : { venue: "own-location", kiosk_id: null };
}

/** The value of the chosen radio button. @param {string} name @returns {string} */
function chosen(name) {
  return String(new FormData(form).get(name) ?? "");
}
