/**
 * The citizen's own booking: look at it, choose another time, give it up, take that back. Looking changes nothing; each step is a press.
 */
import { announce } from "./announce.js";
import { post, Problem } from "./api.js";
import { keepToken, placeWords, pressed, putFacts, showProblem, showStep, token } from "./booking-link.js";
import { byId } from "./controllers.js";
import { notice } from "./form.js";
import { dates, say } from "./words.js";

/** @typedef {import("./booking-link.js").OwnBooking} OwnBooking */
/** @typedef {{sitting_id: string, starts_at: string, ends_at: string}} Time */

const page = byId("booking", HTMLElement);
const change = byId("booking-change", HTMLButtonElement);
const cancel = byId("booking-cancel", HTMLButtonElement);
const list = byId("times-list", HTMLElement);

/** As long as the words beside the button say. */
const UNDO_MS = 60_000;

/** What a time that was given up cannot come back for: somebody has it, or the office is closed then. */
const GONE = new Set(["slot-taken", "slot-not-offered", "slot-passed", "quota-reached", "already-booked", "link-expired"]);

let undo = "";

/** @type {ReturnType<typeof setTimeout> | undefined} */
let undoEnds;

change.addEventListener("click", () => pressed(change, "booked-problem", chooseTime));
cancel.addEventListener("click", () => showStep(page, "sure"));
byId("times-back", HTMLElement).addEventListener("click", () => showStep(page, "booked"));
byId("sure-no", HTMLElement).addEventListener("click", () => showStep(page, "booked"));

const sure = byId("sure-yes", HTMLButtonElement);
sure.addEventListener("click", () =>
  pressed(sure, "sure-problem", async () => {
    const given = await post("/api/booking/cancel", { token: token() });
    undo = given.undo;
    // The entry of the history outlives a reload, and nothing else has to.
    history.replaceState({ undo, until: Date.now() + UNDO_MS }, "");
    showStep(page, "given-up");
    letTakeBack(UNDO_MS);
  }),
);

const takeBack = byId("given-up-undo", HTMLButtonElement);
takeBack.addEventListener("click", () =>
  pressed(takeBack, "given-up-problem", async () => {
    try {
      show(await post("/api/booking/undo", { undo }));
      history.replaceState(null, "");
      announce(say("booking-undone"));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      // Taken back already, in another window or by the desk: what is true is shown.
      if (problem.code === "unlawful-transition") await open();
      else if (GONE.has(problem.code)) endTakingBack("booking-undo-gone");
      else throw problem;
    }
  }),
);

/** For a minute: then the time is somebody else's. @param {number} milliseconds what is left of it */
function letTakeBack(milliseconds) {
  const until = byId("given-up-until", HTMLElement);
  until.textContent = say("booking-undo-until");
  takeBack.hidden = false;
  notice("given-up-problem");
  clearTimeout(undoEnds);
  undoEnds = setTimeout(() => endTakingBack("booking-undo-over"), milliseconds);
}

/** @param {string} why the word that says it, and what can be done instead */
function endTakingBack(why) {
  clearTimeout(undoEnds);
  if (document.activeElement === takeBack) byId("given-up-title", HTMLElement).focus();
  takeBack.hidden = true;
  byId("given-up-until", HTMLElement).textContent = say(why);
}

void open();

async function open() {
  const left = (history.state?.until ?? 0) - Date.now();
  try {
    show(await post("/api/booking/look", { token: token() }));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.code !== "link-not-valid" || left <= 0) return showProblem(page, problem);
    // Given up a moment ago, and the page was loaded again.
    undo = history.state.undo;
    showStep(page, "given-up");
    letTakeBack(left);
  }
}

/** @param {OwnBooking} booking */
function show(booking) {
  putFacts({ starts_at: booking.slot_starts_at, venue: booking.venue, place: booking.place });
  byId("booked-reference", HTMLElement).textContent = booking.reference;
  byId("booked-moved", HTMLElement).hidden = true;
  byId("sure-when", HTMLElement).textContent = say("booking-when", {
    day: dates.day(booking.slot_starts_at),
    time: dates.time(booking.slot_starts_at),
    place: placeWords(booking.venue, booking.place),
  });
  change.hidden = cancel.hidden = !booking.may_change;
  notice("booking-fixed", booking.may_change ? undefined : say("booking-fixed"));
  showStep(page, "booked");
}

/** The free times of the days to come, the nearest first. */
async function chooseTime() {
  const { days } = await post("/api/booking/times", { token: token() });
  list.replaceChildren(...days.map(dayOf));
  byId("times-none", HTMLElement).hidden = days.length > 0;
  notice("times-problem");
  showStep(page, "times");
}

/** @param {{day: string, slots: Time[]}} day @param {number} index @returns {HTMLElement} */
function dayOf(day, index) {
  const details = document.createElement("details");
  details.className = "times-day";
  details.open = index === 0;
  const summary = document.createElement("summary");
  summary.textContent = dates.day(day.slots[0].starts_at);
  const times = document.createElement("div");
  times.className = "times-slots";
  times.append(...day.slots.map(timeOf));
  details.append(summary, times);
  return details;
}

/** @param {Time} time @returns {HTMLElement} */
function timeOf(time) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button times-slot number";
  button.textContent = dates.time(time.starts_at);
  button.addEventListener("click", () =>
    pressed(button, "times-problem", async () => {
      try {
        const moved = await post("/api/booking/move", { token: token(), sitting_id: time.sitting_id, starts_at: time.starts_at });
        keepToken(moved.booking_token);
        offerToJoin(moved.link);
        show(moved.booking);
        byId("booked-moved", HTMLElement).hidden = false;
      } catch (problem) {
        // Somebody was quicker: the list is asked for again, and the word says why.
        if (problem instanceof Problem && problem.code === "slot-taken") await chooseTime();
        throw problem;
      }
    }),
  );
  return button;
}

/** The link by which the citizen joins, which a move made anew. @param {string | null} link */
function offerToJoin(link) {
  const join = byId("booked-join", HTMLAnchorElement);
  join.hidden = !link;
  if (link) join.href = link;
}
