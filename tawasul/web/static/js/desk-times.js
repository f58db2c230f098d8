/**
 * When: two weeks of days, and the free times of the chosen one with the pauses between them. Moving by the arrows chooses a day, but never a time:
 * a time that is chosen is kept for this desk, so it is pressed.
 */
import { announce } from "./announce.js";
import { byId } from "./controllers.js";
import { inRiyadh } from "./dates.js";
import * as api from "./desk-api.js";
import { givenBack } from "./desk-hold.js";
import { attempt } from "./form.js";
import { pressed } from "./pressed.js";
import { rove, settle } from "./roving.js";
import { dates, locale, nameOf, say } from "./words.js";

const DAYS = 14;
const DAY_MS = 24 * 3600 * 1000;

const daysBox = byId("days", HTMLElement);
const slotsBox = byId("slots", HTMLElement);
const firstFree = byId("first-free", HTMLButtonElement);
const earlier = byId("times-earlier", HTMLButtonElement);

/** @type {api.Place} */
let place = { venue: "kiosk" };
/** The first day shown. */
let from = today();
/** @type {api.Availability | null} */
let shown = null;
/** @type {string | null} */
let chosenDay = null;
/** How often the free times were asked for: the answer to an earlier question is about a place that is no longer chosen. */
let asked = 0;

/** @type {(slot: api.FreeSlot) => void} */
let choose = () => {};

/** @param {(slot: api.FreeSlot) => void} chosen called with the time that was pressed */
export function startTimes(chosen) {
  choose = chosen;
  rove(daysBox, ".day-choice", (item) => chooseDay(item.dataset.day ?? ""));
  rove(slotsBox, ".slot");
  slotsBox.addEventListener("keydown", (event) => {
    const step = event.key === "PageDown" ? 1 : event.key === "PageUp" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    turnDay(step);
  });
  earlier.addEventListener("click", () => show(shifted(from, -DAYS)));
  byId("times-later", HTMLElement).addEventListener("click", () => show(shifted(from, DAYS)));
  firstFree.addEventListener("click", () => show(firstFree.value, true));
}

/** The free times of a place, from the first day on. @param {api.Place} where @param {boolean} [focus] whether the keyboard goes to them */
export async function showTimesOf(where, focus = false) {
  place = where;
  from = today();
  chosenDay = null;
  await load(focus);
}

/** Asks again for what is shown, as after somebody else took a time. @param {boolean} [focus] */
export function refreshTimes(focus = false) {
  return load(focus);
}

/** Puts the keyboard on the first free time, or on the days where there is none. */
export function focusTimes() {
  const slot = slotsBox.querySelector(".slot[tabindex='0']") ?? daysBox.querySelector(".day-choice[tabindex='0']");
  if (slot instanceof HTMLElement) slot.focus();
}

/** @returns {boolean} whether any of the days shown has a free time */
export function anyFree() {
  return shown?.days.some((day) => day.free > 0) ?? false;
}

/** @param {string} day @param {boolean} [choosing] whether that day is also chosen */
async function show(day, choosing = false) {
  from = day < today() ? today() : day;
  chosenDay = choosing ? day : null;
  await load(true);
}

/** @param {boolean} focus */
async function load(focus) {
  const question = ++asked;
  const [stood, before] = [document.activeElement, pressed()];
  await attempt(
    null,
    async () => {
      await givenBack();
      const answer = await api.availability(place, from, DAYS);
      if (question !== asked) return;
      shown = answer;
      draw();
      // Whoever has gone elsewhere in the meantime is not called back; the list of the day, which moves its reader as it is drawn anew, is not they.
      const moved = pressed() !== before && document.activeElement !== stood && document.activeElement !== document.body;
      if (focus && !moved) focusTimes();
    },
    { notice: "book-problem" },
  );
}

function draw() {
  if (!shown) return;
  const { days } = shown;
  const first = shown.first_free && dayOf(shown.first_free.starts_at);
  if (!days.some((day) => day.day === chosenDay)) {
    chosenDay = days.find((day) => day.day === first)?.day ?? days.find((day) => day.free > 0)?.day ?? days[0]?.day ?? null;
  }
  byId("times-months", HTMLElement).textContent = monthsOf(days);
  daysBox.replaceChildren(...days.map(dayButton));
  settle(daysBox, ".day-choice");
  earlier.hidden = from <= today();
  const beyond = first && first > days[days.length - 1]?.day ? first : null;
  firstFree.hidden = !beyond;
  firstFree.value = beyond ?? "";
  firstFree.textContent = beyond && shown.first_free ? say("desk-first-free", { day: dates.day(shown.first_free.starts_at) }) : "";
  drawSlots();
}

function drawSlots() {
  const day = shown?.days.find((each) => each.day === chosenDay);
  byId("day-said", HTMLElement).textContent = day ? `${dates.day(noon(day.day))} – ${stateOf(day)}` : say("desk-day-none");
  slotsBox.replaceChildren(...(day ? inOrder(day) : []));
  slotsBox.hidden = !day || day.slots.length === 0;
  settle(slotsBox, ".slot");
}

/** Times and the pauses among them, as the day goes. @param {api.FreeDay} day @returns {HTMLElement[]} */
function inOrder(day) {
  const last = day.slots[day.slots.length - 1]?.starts_at ?? "";
  const pauses = day.pauses.filter((pause) => day.slots.length > 0 && Date.parse(pause.starts_at) < Date.parse(last));
  const all = [
    ...day.slots.map((slot) => ({ at: Date.parse(slot.starts_at), node: slotButton(slot) })),
    ...pauses.map((pause) => ({ at: Date.parse(pause.starts_at), node: pauseLine(pause) })),
  ];
  // Pauses before the first time would stand above it and say nothing.
  const begins = Math.min(...day.slots.map((slot) => Date.parse(slot.starts_at)));
  return all.filter(({ at }) => at >= begins).sort((one, other) => one.at - other.at).map(({ node }) => node);
}

/** @param {api.FreeSlot} slot @returns {HTMLElement} */
function slotButton(slot) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "slot";
  button.setAttribute("role", "radio");
  button.setAttribute("aria-checked", "false");
  button.value = slot.starts_at;
  const time = document.createElement("span");
  time.className = "number";
  time.textContent = dates.time(slot.starts_at);
  button.append(time);
  button.addEventListener("click", () => choose(slot));
  return button;
}

/** @param {api.Pause} pause @returns {HTMLElement} */
function pauseLine(pause) {
  const line = document.createElement("div");
  line.className = "slot-pause";
  line.textContent = say("desk-pause", { prayer: say(PRAYERS[pause.prayer] ?? "prayer-dhuhr"), until: dates.time(pause.ends_at) });
  return line;
}

/** @param {api.FreeDay} day @returns {HTMLElement} */
function dayButton(day) {
  const at = noon(day.day);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "day-choice";
  button.dataset.day = day.day;
  button.dataset.state = day.state;
  button.setAttribute("role", "radio");
  button.setAttribute("aria-checked", String(day.day === chosenDay));
  button.setAttribute("aria-label", `${dates.day(at)} – ${stateOf(day)}`);
  const weekday = dates.weekday(at);
  button.append(
    span("day-choice-name", locale === "en" ? weekday.slice(0, 3) : weekday),
    span("day-choice-number number", String(inRiyadh(at).day)),
    span("day-choice-hijri number", dates.hijriParts(at).day),
    span("day-choice-state", day.state === "open" ? say("desk-free", { free: day.free }) : shortState(day)),
  );
  button.addEventListener("click", () => chooseDay(day.day));
  return button;
}

/** @param {string} day */
function chooseDay(day) {
  chosenDay = day;
  for (const item of daysBox.querySelectorAll(".day-choice")) {
    item.setAttribute("aria-checked", String(item instanceof HTMLElement && item.dataset.day === day));
  }
  drawSlots();
}

/** To the next day, or the one before, that has a free time. @param {number} step */
function turnDay(step) {
  const days = shown?.days ?? [];
  let at = days.findIndex((day) => day.day === chosenDay) + step;
  while (days[at] && days[at].free === 0) at += step;
  if (!days[at]) return;
  chooseDay(days[at].day);
  settle(daysBox, ".day-choice");
  announce(byId("day-said", HTMLElement).textContent ?? "");
  focusTimes();
}

/** Why a day is as it is, in a sentence. @param {api.FreeDay} day @returns {string} */
function stateOf(day) {
  if (day.state === "open") return say("desk-free-times", { free: day.free });
  if (day.state === "full") return say(day.why === "quota" ? "desk-day-quota" : "desk-day-full");
  const why = say(WHY[day.why ?? ""] ?? "desk-why-closed");
  return day.name ? `${why}: ${nameOf(day.name)}` : why;
}

/** The same in a word. @param {api.FreeDay} day @returns {string} */
function shortState(day) {
  if (day.state === "full") return say("desk-full");
  return say(day.why === "holiday" ? "desk-why-holiday" : day.why === "no-sitting" ? "desk-no-sitting" : "desk-closed");
}

/** The months that the days lie in, in both calendars. @param {api.FreeDay[]} days @returns {string} */
function monthsOf(days) {
  if (days.length === 0) return "";
  const ends = [noon(days[0].day), noon(days[days.length - 1].day)];
  const named = [ends.map((at) => dates.gregorianMonth(at)), ends.map((at) => dates.hijriParts(at).month)];
  return named.map(([one, other]) => (one === other ? one : `${one} – ${other}`)).join(" · ");
}

/** @param {string} className @param {string} text @returns {HTMLElement} */
function span(className, text) {
  const node = document.createElement("span");
  node.className = className;
  node.textContent = text;
  return node;
}

/** Noon in Riyadh, so that no zone makes another day of it. @param {string} day @returns {string} */
function noon(day) {
  return `${day}T12:00:00+03:00`;
}

/** The day in Riyadh. @param {Date | string} moment @returns {string} as 2026-11-22 */
function dayOf(moment) {
  const { year, month, day } = inRiyadh(moment);
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** @returns {string} */
function today() {
  return dayOf(new Date());
}

/** @param {string} day @param {number} days @returns {string} */
export function shifted(day, days) {
  return dayOf(new Date(Date.parse(noon(day)) + days * DAY_MS));
}

export { today };

/** @type {Record<string, string>} */
const WHY = {
  "no-sitting": "desk-why-no-sitting",
  holiday: "desk-why-holiday",
  blackout: "desk-why-blackout",
  quota: "desk-day-quota",
};

/** @type {Record<string, string>} */
const PRAYERS = { fajr: "prayer-fajr", dhuhr: "prayer-dhuhr", asr: "prayer-asr", maghrib: "prayer-maghrib", isha: "prayer-isha", jumuah: "prayer-jumuah" };
