/**
 * The reception desk: find or register, then book; beside it the list of the sitting.
 */
import { announce } from "./announce.js";
import { byId } from "./controllers.js";
import { arrive, startActions } from "./desk-actions.js";
import { bookFor, clearBooking, focusBooking, moveFor, startBooking, stepBack } from "./desk-book.js";
import { before, clearCitizen, focusCitizen, refreshCitizen, showCitizen, startCitizen } from "./desk-citizen.js";
import { refreshDay, startDay } from "./desk-day.js";
import { focusSearch, isChoosing, searchAgain, startFinding } from "./desk-find.js";
import * as keys from "./desk-keys.js";
import { countTasks } from "./desk-nav.js";
import { knowPlaces } from "./desk-place.js";
import { startLive } from "./live.js";
import { say } from "./words.js";

const keysDialog = byId("keys-dialog", HTMLDialogElement);
const keysOn = byId("keys-on", HTMLInputElement);

startActions({ refresh, move: (entry) => void move(entry), rebook: (entry) => void rebook(entry) });
startDay(() => {});
startCitizen((citizen) => void bookFor(citizen));
startBooking(() => void refreshDay(), nextCitizen);
startFinding({ found: serve, searching: clearDesk, ticket: arrive });
byId("find-other", HTMLElement).addEventListener("click", nextCitizen);
keys.listen(perform, back);
keysOn.checked = !keys.areOff();
keysOn.addEventListener("change", () => keys.turn(keysOn.checked));

void knowPlaces().then(refreshDay);
void countTasks();
startLive((what) => {
  if (what === "tasks") void countTasks();
  else void refresh();
});

/** The citizen before the desk. @param {import("./desk-api.js").Citizen} citizen */
async function serve(citizen) {
  clearDesk();
  announce(say("desk-found", { name: citizen.name }));
  if (await showCitizen(citizen)) focusCitizen();
  else if (before()?.id === citizen.id) await bookFor(citizen);
}

/** How things stand, in the list and on the desk. */
async function refresh() {
  await Promise.all([refreshDay(), before() ? refreshCitizen() : null]);
}

/** @param {import("./desk-api.js").Entry} entry */
async function move(entry) {
  clearDesk();
  await showCitizen(entry.citizen);
  await moveFor(entry);
}

/** A new audience in the place of one that could not be held. @param {import("./desk-api.js").Entry} entry */
async function rebook(entry) {
  clearDesk();
  await showCitizen(entry.citizen);
  await bookFor(entry.citizen, entry.subject);
}

function clearDesk() {
  clearCitizen();
  clearBooking();
}

function nextCitizen() {
  clearDesk();
  searchAgain();
}

/** One step back: a kept time, then the citizen, then what was found. @returns {boolean} */
function back() {
  if (stepBack()) return true;
  if (!before() && !isChoosing() && byId("booked", HTMLElement).hidden) return false;
  nextCitizen();
  return true;
}

/** @param {keys.Act} act */
function perform(act) {
  if (act === "find" || act === "digit") focusSearch();
  else if (act === "book") focusBooking();
  else if (act === "day") byId("day-title", HTMLElement).focus();
  else if (act === "help") keysDialog.showModal();
  else location.assign(act === "new" ? "/desk/cases#new" : `/desk/${act}`);
}
