/**
 * A time offered to somebody on the waitlist: when, where, how long it is kept; yes, or no, which is asked once more. Looking changes nothing.
 */
import { post, Problem } from "./api.js";
import { placeWords, pressed, putFacts, showProblem, showStep, token } from "./booking-link.js";
import { byId } from "./controllers.js";
import { dates, say } from "./words.js";

const page = byId("offer", HTMLElement);
const left = byId("offer-left", HTMLElement);
const yes = byId("offer-yes", HTMLButtonElement);
const no = byId("offer-no", HTMLButtonElement);
const sure = byId("sure-yes", HTMLButtonElement);

yes.addEventListener("click", () =>
  answer(yes, "offer-problem", async () => {
    const { booking, booking_token: given } = await post("/api/offer/accept", { token: token() });
    byId("accepted-reference", HTMLElement).textContent = booking.reference;
    byId("accepted-when", HTMLElement).textContent = say("booking-when", {
      day: dates.day(booking.slot_starts_at),
      time: dates.time(booking.slot_starts_at),
      place: placeWords(booking.venue, booking.place),
    });
    byId("offer-booking", HTMLAnchorElement).href = `/booking#${given}`;
    showStep(page, "accepted");
  }),
);
no.addEventListener("click", () => showStep(page, "sure"));
byId("sure-no", HTMLElement).addEventListener("click", () => showStep(page, "offered"));
sure.addEventListener("click", () =>
  answer(sure, "sure-problem", async () => {
    const { waits } = await post("/api/offer/decline", { token: token() });
    byId("declined-text", HTMLElement).textContent = say(waits ? "offer-declined-text" : "offer-declined-over-text");
    showStep(page, "declined");
  }),
);

void open();

/**
 * What was answered elsewhere meanwhile is not asked any more.
 * @param {HTMLButtonElement} button
 * @param {string} at the notice's id
 * @param {() => Promise<void>} work
 */
function answer(button, at, work) {
  return pressed(button, at, async () => {
    try {
      await work();
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.code !== "offer-over") throw problem;
      showProblem(page, problem);
    }
  });
}

async function open() {
  try {
    const offered = await post("/api/offer/look", { token: token() });
    putFacts(offered);
    byId("booked-reference-line", HTMLElement).hidden = true;
    byId("sure-text", HTMLElement).textContent = say(offered.last ? "offer-sure-last" : "offer-sure-text");
    keepCounting(performance.now() + offered.seconds_left * 1000);
    showStep(page, "offered");
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    showProblem(page, problem);
  }
}

/** By how long the server says, not by this device's clock, which may be wrong. @param {number} until of `performance.now()` */
function keepCounting(until) {
  const show = () => {
    const seconds = Math.max(0, (until - performance.now()) / 1000);
    left.textContent = seconds ? say("offer-left", { wait: dates.wait(seconds) }) : say("offer-over");
    yes.disabled = no.disabled = !seconds;
    if (seconds) return;
    clearInterval(timer);
    if (page.dataset.step === "sure") showStep(page, "offered");
  };
  const timer = setInterval(show, 5000);
  show();
}
