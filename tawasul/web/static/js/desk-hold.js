/**
 * A time that is kept for this desk while the form is filled: taken, shown with the time it is kept for, prolonged, given back.
 */
import { announce } from "./announce.js";
import { Problem } from "./api.js";
import { byId } from "./controllers.js";
import * as api from "./desk-api.js";
import { attempt } from "./form.js";
import { dates, say } from "./words.js";

/** Said aloud when so much is left. */
const WARN_AT_SECONDS = 60;

const box = byId("held", HTMLElement);
const left = byId("held-left", HTMLElement);

/** @type {api.Hold | null} */
let hold = null;
/** The way back of the time before. @type {Promise<void>} */
let leaving = Promise.resolve();
/** When it is over, on the browser's running clock: the wall clock of a desk may be wrong. */
let over = 0;
let warned = false;

/** @type {{lost: () => void, changed: () => void}} */
let told = { lost: () => {}, changed: () => {} };

/**
 * @param {{lost: () => void, changed: () => void, other: () => void}} given `lost`: the time is over; `changed`: a hold came or went;
 *   `other`: another time is wanted
 */
export function startHolding(given) {
  told = given;
  setInterval(tick, 250);
  byId("held-longer", HTMLElement).addEventListener("click", async (event) => {
    const asked = hold;
    if (!asked) return;
    const problem = await attempt(
      event.currentTarget instanceof Element ? event.currentTarget : null,
      async () => {
        const longer = await api.prolong(asked.id);
        if (hold?.id !== asked.id) return;
        keep(longer);
        announce(say("desk-held-longer-done"));
      },
      { notice: "book-problem" },
    );
    if (problem?.code === "hold-expired") lose();
  });
  byId("held-other", HTMLElement).addEventListener("click", given.other);
  // A desk that goes away keeps no time from others.
  addEventListener("pagehide", () => hold && api.leave(hold.id));
}

/** The time that is kept now. @returns {api.Hold | null} */
export function held() {
  return hold;
}

/**
 * Keeps a time, in the place of the one that this form kept before.
 * @param {{place: api.Place, sitting_id: string, starts_at: string}} wish
 * @throws {Problem} such as slot-taken; the one before is kept
 */
export async function take(wish) {
  keep(await api.hold(hold ? { ...wish, replaces: hold.id } : wish));
}

/** Gives the time back. */
export function letGo() {
  const before = hold;
  forget();
  if (before) leaving = giveBack(before.id);
}

/** What was given back is free after this: whoever asks for the free times before misses it among them. @returns {Promise<void>} */
export function givenBack() {
  return leaving;
}

/** The time was used, or is lost: nothing is to be given back. */
export function forget() {
  hold = null;
  box.hidden = true;
  told.changed();
}

/** @param {api.Hold} taken */
function keep(taken) {
  hold = taken;
  over = performance.now() + taken.seconds_left * 1000;
  warned = taken.seconds_left <= WARN_AT_SECONDS;
  byId("held-when", HTMLElement).textContent = say("desk-booked-when", { day: dates.day(taken.starts_at), time: dates.time(taken.starts_at) });
  box.hidden = false;
  tick();
  told.changed();
}

/** @param {string} id */
async function giveBack(id) {
  try {
    await api.release(id);
  } catch (problem) {
    // It is over by itself in minutes.
    if (!(problem instanceof Problem)) throw problem;
  }
}

function tick() {
  if (!hold) return;
  const seconds = Math.ceil((over - performance.now()) / 1000);
  left.textContent = dates.clock(seconds);
  box.toggleAttribute("data-soon", seconds <= WARN_AT_SECONDS);
  if (seconds <= 0) {
    lose();
  } else if (seconds <= WARN_AT_SECONDS && !warned) {
    warned = true;
    announce(say("desk-held-soon"));
  }
}

function lose() {
  forget();
  told.lost();
}
