/**
 * What the two pages behind a message's link share: the token, which stands in the fragment and reaches no server by itself; the steps; when
 * and where an audience is.
 */
import { Problem } from "./api.js";
import { byId } from "./controllers.js";
import { notice } from "./form.js";
import { dates, nameOf, say } from "./words.js";

/** @typedef {{arabic: string, english: string}} Name */
/** @typedef {"kiosk" | "own-location" | "in-person"} Venue */
/**
 * @typedef {{reference: string, state: string, slot_starts_at: string, slot_ends_at: string | null, venue: Venue, place: Name | null,
 *   may_change: boolean}} OwnBooking
 */

const NOT_THE_LINKS = new Set(["no-answer", "internal", "too-many-attempts"]);

/** What stands after the `#`. @returns {string} */
export function token() {
  return location.hash.slice(1);
}

/** A token that takes the place of the present one: the address stays one that can be kept. @param {string} next */
export function keepToken(next) {
  history.replaceState(null, "", `${location.pathname}#${next}`);
}

/**
 * Shows one step of the page and goes to its heading.
 * @param {HTMLElement} page
 * @param {string} step
 */
export function showStep(page, step) {
  page.dataset.step = step;
  const heading = page.querySelector(`section[data-step="${step}"] h1`);
  if (heading instanceof HTMLElement) heading.focus();
  scrollTo({ top: 0 });
}

/** When and where. @param {{starts_at: string, venue: Venue, place: Name | null}} slot */
export function putFacts({ starts_at, venue, place }) {
  byId("booked-day", HTMLElement).textContent = dates.day(starts_at);
  byId("booked-time", HTMLElement).textContent = dates.time(starts_at);
  byId("booked-place", HTMLElement).textContent = placeWords(venue, place);
}

/** @param {Venue} venue @param {Name | null} place @returns {string} */
export function placeWords(venue, place) {
  if (venue === "kiosk") return place ? nameOf(place) : say("booking-place-centre");
  return say(venue === "in-person" ? "booking-place-in-person" : "booking-place-own");
}

/**
 * Does `work` while the button is busy; a problem is said at `at` and nothing is lost.
 * @param {HTMLButtonElement} button
 * @param {string} at the notice's id
 * @param {() => Promise<void>} work
 */
export async function pressed(button, at, work) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  notice(at);
  try {
    await work();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    notice(at, problem.text);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/**
 * The link opens nothing, or the service does not answer.
 * @param {HTMLElement} page
 * @param {Problem} problem
 */
export function showProblem(page, problem) {
  if (problem.code === "offer-over") byId("problem-title", HTMLElement).textContent = say("offer-over-title");
  byId("problem-text", HTMLElement).textContent = problem.text;
  const again = byId("problem-again", HTMLButtonElement);
  again.hidden = !NOT_THE_LINKS.has(problem.code);
  again.onclick = () => location.reload();
  showStep(page, "problem");
}

/** Another link opened in the same page is another booking. */
addEventListener("hashchange", () => location.reload());
