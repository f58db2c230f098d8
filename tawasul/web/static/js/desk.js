/**
 * The reception desk: find or register, then book; beside it the list of the sitting.
 */
import { byId } from "./controllers.js";
import { actionsFor } from "./desk-actions.js";
import { bookFor, clearBooking, offerKiosks, startBooking } from "./desk-book.js";
import { openOf, startDay } from "./desk-day.js";
import { searchAgain, startFinding } from "./desk-find.js";
import { notice } from "./form.js";
import { kindWords, stateWords } from "./labels.js";
import { dates, say } from "./words.js";

const card = byId("citizen", HTMLElement);

startFinding(serve, clearDesk);
/** Who is before the desk. @type {import("./desk-api.js").Citizen | null} */
let present = null;
let drawn = "";

const refresh = startDay((day) => {
  offerKiosks(day.kiosks);
  showOpen();
});
startBooking(refresh, nextCitizen);
byId("find-other", HTMLElement).addEventListener("click", nextCitizen);

/** The citizen before the desk. @param {import("./desk-api.js").Citizen} citizen */
function serve(citizen) {
  byId("citizen-name", HTMLElement).textContent = citizen.name;
  byId("citizen-kind", HTMLElement).textContent = kindWords(citizen.kind);
  byId("citizen-id", HTMLElement).textContent = citizen.national_id_last_four;
  byId("citizen-mobile", HTMLElement).textContent = citizen.mobile_last_four;
  present = citizen;
  drawn = "";
  card.hidden = false;
  if (!showOpen()) bookFor(citizen);
  byId("citizen-name", HTMLElement).focus();
}

/** How the citizen's audience in this sitting stands, and what can be done with it. @returns {boolean} whether there is one */
function showOpen() {
  const open = present ? openOf(present.id) : undefined;
  // As in the list: what did not change is left alone, so that an open menu stays open.
  const image = JSON.stringify(open ?? null);
  if (image === drawn) return Boolean(open);
  drawn = image;
  const words = open && say("desk-has-open", { time: dates.time(open.audience.slot_starts_at), state: stateWords(open.audience.state) });
  notice("citizen-open", words);
  byId("citizen-actions", HTMLElement).replaceChildren(...(open ? [actionsFor(open)] : []));
  return Boolean(open);
}

function clearDesk() {
  present = null;
  card.hidden = true;
  clearBooking();
}

function nextCitizen() {
  clearDesk();
  searchAgain();
}
