/**
 * What has been done for the citizen before the desk: the reference, when and where, the papers, the link; one key to the next.
 */
import { announce } from "./announce.js";
import { copy } from "./clipboard.js";
import { byId } from "./controllers.js";
import * as api from "./desk-api.js";
import { Files } from "./desk-files.js";

/** Whoever presses Enter twice shall still see the reference. */
const AT_LEAST_MS = 700;

const booked = byId("booked", HTMLElement);
const link = byId("booked-link", HTMLInputElement);
const another = byId("book-another", HTMLElement);

let ready = 0;

/** What came with the petition, and what is added now. */
export const bookedFiles = new Files(byId("booked-files", HTMLElement));

/** @param {() => void} next called for the next citizen */
export function startBooked(next) {
  byId("copy-link", HTMLElement).addEventListener("click", () => copy(link));
  another.addEventListener("click", () => "ready" in another.dataset && next());
}

/**
 * @param {{title: string, name: string, audience?: api.Audience, when: string, place: string, link?: string | null}} done `audience`: whose
 *   reference, papers and files are shown; without one (the waitlist) there are none
 */
export function showBooked({ title, name, audience, when, place, link: path }) {
  byId("booked-title", HTMLElement).textContent = title;
  byId("booked-name", HTMLElement).textContent = name;
  byId("booked-reference", HTMLElement).textContent = audience?.reference ?? "";
  for (const id of ["booked-over", "booked-reference-line", "booked-papers", "booked-files"]) byId(id, HTMLElement).hidden = !audience;
  byId("booked-when", HTMLElement).textContent = when;
  byId("booked-place", HTMLElement).textContent = place;
  byId("booked-link-block", HTMLElement).hidden = !path;
  link.value = path ? location.origin + path : "";
  if (audience) {
    byId("ticket-80", HTMLAnchorElement).href = api.ticketAt(audience.id, "80mm");
    byId("ticket-a4", HTMLAnchorElement).href = api.ticketAt(audience.id, "a4");
    byId("ticket-pdf", HTMLAnchorElement).href = api.ticketPdfAt(audience.id);
  }
  booked.hidden = false;
  delete another.dataset.ready;
  clearTimeout(ready);
  ready = setTimeout(() => {
    another.dataset.ready = "";
  }, AT_LEAST_MS);
  another.focus();
  announce(title);
}

/** Nothing of a citizen stays on the desk. */
export function clearBooked() {
  booked.hidden = true;
  link.value = "";
  bookedFiles.clear();
}
