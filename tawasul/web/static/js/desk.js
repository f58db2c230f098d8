/**
 * The reception desk: find or register, then book; beside it the list of the sitting.
 */
import { byId } from "./controllers.js";
import { bookFor, clearBooking, offerKiosks, startBooking } from "./desk-book.js";
import { openOf, startDay } from "./desk-day.js";
import { searchAgain, startFinding } from "./desk-find.js";
import { notice } from "./form.js";
import { kindWords, stateWords } from "./labels.js";
import { dates, say } from "./words.js";

const card = byId("citizen", HTMLElement);

startFinding(serve, clearDesk);
const refresh = startDay((day) => offerKiosks(day.kiosks));
startBooking(refresh, nextCitizen);
byId("find-other", HTMLElement).addEventListener("click", nextCitizen);

/** The citizen before the desk. @param {import("./desk-api.js").Citizen} citizen */
function serve(citizen) {
  byId("citizen-name", HTMLElement).textContent = citizen.name;
  byId("citizen-kind", HTMLElement).textContent = kindWords(citizen.kind);
  byId("citizen-id", HTMLElement).textContent = citizen.national_id_last_four;
  byId("citizen-mobile", HTMLElement).textContent = citizen.mobile_last_four;
  const open = openOf(citizen.id);
  const words = open && say("desk-has-open", { time: dates.time(open.audience.slot_starts_at), state: stateWords(open.audience.state) });
  notice("citizen-open", words);
  card.hidden = false;
  if (!open) bookFor(citizen);
  byId("citizen-name", HTMLElement).focus();
}

function clearDesk() {
  card.hidden = true;
  clearBooking();
}

function nextCitizen() {
  clearDesk();
  searchAgain();
}
