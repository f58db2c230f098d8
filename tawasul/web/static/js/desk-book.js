/**
 * The desk's second step: a place and a time that is kept while a subject is typed; or the next turn without a time; or the waitlist.
 * The same form moves an audience.
 */
import { alertNow } from "./announce.js";
import { Problem } from "./api.js";
import { byId } from "./controllers.js";
import { receive } from "./desk-actions.js";
import * as api from "./desk-api.js";
import { bookedFiles, clearBooked, showBooked, startBooked } from "./desk-booked.js";
import { Files } from "./desk-files.js";
import { forget, held, letGo, startHolding, take } from "./desk-hold.js";
import { PARTY_FIELDS, party, startParty } from "./desk-party.js";
import { centreOf, choosePlace, knowPlaces, place, placeWords, resetPlace, startPlace } from "./desk-place.js";
import { focusTimes, refreshTimes, shifted, showTimesOf, startTimes, today } from "./desk-times.js";
import { allFilled, attempt, clearErrors, fieldError, notice } from "./form.js";
import { dates, say } from "./words.js";

/** @typedef {"time" | "walk-in" | "waitlist"} Way */

const form = byId("book", HTMLFormElement);
const subject = byId("book_subject", HTMLTextAreaElement);
const petition = byId("book_petition", HTMLTextAreaElement);
const details = byId("details", HTMLElement);
const alternatives = byId("alternatives", HTMLElement);
const submit = byId("book-submit", HTMLButtonElement);

const PLACES = { notice: "book-problem", fields: { subject: "book_subject", petition: "book_petition", ...PARTY_FIELDS } };

const files = new Files(byId("book-files", HTMLElement));

/** @type {api.Citizen | null} */
let citizen = null;
/** The audience that gets another time. @type {api.Entry | null} */
let moving = null;
/** One receiving is one, however often it is sent. */
let walkInKey = "";
/** @type {Way} */
let way = "time";
/** @type {() => void} */
let done = () => {};

/** @param {() => void} booked called when something was booked @param {() => void} another called for the next citizen */
export function startBooking(booked, another) {
  done = booked;
  startParty();
  startBooked(another);
  startTimes((slot) => choose(place(), slot));
  startPlace(() => {
    if (held()) letGo();
    void showTimes();
  });
  startHolding({ changed: showWay, lost, other: chooseAnother });
  byId("to-walk-in", HTMLElement).addEventListener("click", () => setWay("walk-in"));
  byId("to-waitlist", HTMLElement).addEventListener("click", () => setWay("waitlist"));
  byId("untimed-other", HTMLElement).addEventListener("click", () => setWay("time"));
  subject.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(submit);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
}

/**
 * Opens the form for this citizen.
 * @param {api.Citizen} whom
 * @param {string} [about] the subject, where it is known from an audience that could not be held
 */
export async function bookFor(whom, about = "") {
  const opened = open(whom, null);
  subject.value = about;
  await opened;
}

/** Opens the form for another time of this audience; who comes and why stays as it is. @param {api.Entry} entry */
export async function moveFor(entry) {
  await open(entry.citizen, entry);
}

/** Nothing of a citizen stays on the desk, and no time is kept. */
export function clearBooking() {
  citizen = null;
  moving = null;
  if (held()) letGo();
  files.clear();
  form.reset();
  form.hidden = true;
  clearBooked();
}

/** One step back, if there is one: from a kept time to the times. @returns {boolean} */
export function stepBack() {
  if (form.hidden || (way === "time" && !held())) return false;
  if (way === "time") chooseAnother();
  else setWay("time");
  return true;
}

/** Puts the keyboard into the form, where it goes on. */
export function focusBooking() {
  if (form.hidden) return;
  if (way === "time" && !held()) focusTimes();
  else if (moving) submit.focus();
  else subject.focus();
}

/** @param {api.Citizen} whom @param {api.Entry | null} entry */
async function open(whom, entry) {
  clearBooking();
  citizen = whom;
  moving = entry;
  walkInKey = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  clearErrors(form);
  details.hidden = Boolean(entry);
  subject.disabled = Boolean(entry);
  byId("book-title", HTMLElement).textContent = say(entry ? "desk-move-title" : "desk-book-title");
  const before = byId("book-of", HTMLElement);
  before.hidden = !entry;
  if (entry) before.textContent = say("desk-move-from", { reference: entry.audience.reference, when: whenWords(entry.audience) });
  form.hidden = false;
  alternatives.hidden = true;
  setWay("time", false);
  await knowPlaces();
  resetPlace();
  if (entry) choosePlace(entry.audience.venue, centreOf(entry.audience.kiosk_id));
  await showTimes(true);
}

/** @param {boolean} [focus] */
function showTimes(focus = false) {
  alternatives.hidden = true;
  notice("book-problem");
  return showTimesOf(place(), focus);
}

/** A time was pressed: it is kept from now on. @param {api.Place} where @param {{sitting_id: string, starts_at: string}} slot */
async function choose(where, slot) {
  clearErrors(form);
  alternatives.hidden = true;
  const problem = await attempt(byId("times", HTMLElement), () => take({ place: where, sitting_id: slot.sitting_id, starts_at: slot.starts_at }), PLACES);
  if (!problem) return focusBooking();
  if (problem.code === "slot-taken") offerOthers(problem.text, problem.members.alternatives ?? []);
  if (problem.status === 409) await refreshTimes(alternatives.hidden);
}

/** Somebody was quicker: what else is near. @param {string} text @param {api.Alternative[]} others */
function offerOthers(text, others) {
  notice("book-problem");
  byId("alternatives-text", HTMLElement).textContent = others.length ? `${text} ${say("desk-alternatives")}` : text;
  byId("alternatives-list", HTMLElement).replaceChildren(
    ...others.map((other) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "slot";
      button.textContent = say("desk-alternative", {
        day: dates.weekday(other.starts_at),
        time: dates.time(other.starts_at),
        place: placeWords(other.venue, other.centre_id),
      });
      button.addEventListener("click", () => {
        choosePlace(other.venue, other.centre_id);
        void choose(place(), other);
      });
      return button;
    }),
  );
  alternatives.hidden = false;
  byId("alternatives-list", HTMLElement).querySelector("button")?.focus();
}

/** The kept time is over. What was typed stays. */
function lost() {
  notice("book-problem", say("desk-held-over"));
  const here = document.activeElement;
  void refreshTimes(here === document.body || Boolean(here?.closest("#held")));
}

function chooseAnother() {
  letGo();
  void refreshTimes().then(focusTimes);
}

/** @param {Way} chosen @param {boolean} [focus] */
function setWay(chosen, focus = true) {
  way = chosen;
  notice("book-problem");
  if (chosen !== "time" && held()) letGo();
  showWay();
  if (focus) focusBooking();
}

/** Shows what belongs to the way, and to whether a time is kept. */
function showWay() {
  const timed = way === "time";
  form.dataset.way = way;
  byId("times", HTMLElement).hidden = !timed || Boolean(held());
  byId("place", HTMLElement).hidden = timed && Boolean(held());
  byId("untimed", HTMLElement).hidden = timed;
  byId("wait-field", HTMLElement).hidden = way !== "waitlist";
  for (const id of ["to-walk-in", "to-waitlist"]) byId(id, HTMLElement).hidden = Boolean(moving);
  byId("untimed-title", HTMLElement).textContent = say(way === "walk-in" ? "desk-walk-in" : "desk-wait");
  byId("untimed-text", HTMLElement).textContent = say(way === "walk-in" ? "desk-walk-in-text" : "desk-wait-text");
  const action = moving ? "desk-move-action" : way === "walk-in" ? "desk-walk-in-action" : way === "waitlist" ? "desk-wait-action" : "desk-book-action";
  byId("book-submit-text", HTMLElement).textContent = say(action);
}

async function send() {
  clearErrors(form);
  if (!citizen) return;
  if (way === "time" && !held()) {
    fieldError("slots", say("desk-slot-needed"));
    return focusTimes();
  }
  if (!moving && !allFilled(form)) return;
  const whom = citizen;
  if (way === "walk-in") return receive(whom, null, (assurance) => attempt(submit, () => receiveNow(whom, assurance), PLACES));
  const problem = await attempt(submit, () => (way === "waitlist" ? wait(whom) : bookOrMove(whom)), PLACES);
  if (problem?.code === "hold-expired") {
    forget();
    notice("book-problem", problem.text);
    await refreshTimes(true);
  } else if (problem?.status === 409 && held()) {
    alertNow(problem.text);
  }
}

/** @param {api.Citizen} whom */
async function bookOrMove(whom) {
  const hold = held();
  if (!hold) return;
  const where = placeWords(hold.venue, hold.centre_id, hold.kiosk_id);
  if (moving) {
    const audience = await api.reschedule(moving.audience.id, { hold_id: hold.id, version: moving.audience.version });
    finished({ title: say("desk-moved"), name: whom.name, audience, when: whenWords(audience), place: where, link: audience.link });
    return;
  }
  const { audience, link } = await api.book({ citizen_id: whom.id, hold_id: hold.id, ...written() });
  finished({ title: say("desk-booked-title"), name: whom.name, audience, when: whenWords(audience), place: where, link });
}

/** @param {api.Citizen} whom @param {string} assurance */
async function receiveNow(whom, assurance) {
  const where = place();
  const wish = { citizen_id: whom.id, place: where, assurance, ...written() };
  const { audience, position, estimate } = await api.walkIn(wish, walkInKey);
  const when = estimate
    ? say("desk-walk-in-turn", { position, time: dates.time(estimate) })
    : say("desk-walk-in-turn-if-time", { position });
  finished({ title: say("desk-walk-in-done"), name: whom.name, audience, when, place: placeWords(audience.venue, null, audience.kiosk_id) });
}

/** @param {api.Citizen} whom */
async function wait(whom) {
  const { subject: about, party: comes, priorities } = written();
  const until = shifted(today(), Number(byId("wait_until", HTMLSelectElement).value));
  const { venue, centre_id } = place();
  const wish = { citizen_id: whom.id, venue, centre_id, from_day: today(), to_day: until, subject: about, party: comes, priorities };
  const { id } = await api.wait(wish);
  finished({ title: say("desk-wait-done"), name: whom.name, when: await turnOf(id), place: placeWords(venue, centre_id) });
}

/** The place on the waitlist in words; none where it cannot be had: the citizen waits all the same. @param {string} id @returns {Promise<string>} */
async function turnOf(id) {
  try {
    const entry = (await api.waitlist()).entries.find((each) => each.id === id);
    if (entry?.offer) return say("desk-wait-offered", { day: dates.day(entry.offer.starts_at), time: dates.time(entry.offer.starts_at) });
    return entry?.position ? say("desk-wait-position", { position: entry.position }) : "";
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return "";
  }
}

/** What was typed, as the API takes it. */
function written() {
  const { party: comes, priorities } = party();
  return {
    subject: subject.value,
    party: comes,
    priorities,
    petition: petition.value.trim() ? petition.value : undefined,
    language: byId("book_language", HTMLSelectElement).value,
  };
}

/** @param {Parameters<typeof showBooked>[0]} what */
function finished(what) {
  forget();
  form.hidden = true;
  byId("citizen", HTMLElement).hidden = true;
  showBooked(what);
  if (what.audience) void bookedFiles.send(what.audience.id, files);
  done();
}

/** @param {api.Audience} audience @returns {string} */
function whenWords({ slot_starts_at: starts }) {
  return say("desk-booked-when", { day: dates.day(starts), time: dates.time(starts) });
}
