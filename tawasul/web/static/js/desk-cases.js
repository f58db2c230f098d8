/**
 * The desk's cases: lists beside one case, or beside what is just brought. What is open stands in the address, so that Back works:
 * `#<case>`, `#new`, `#citizen=<id>`.
 */
import { toast } from "./announce.js";
import { byId } from "./controllers.js";
import { endSearch, focusRow, focusSearch, markCurrent, refreshList, startList } from "./desk-cases-list.js";
import { clearCase, focusCode, refreshCase, reload, remember, showCase, shownCase, startShown } from "./desk-cases-shown.js";
import { startSteps } from "./desk-cases-steps.js";
import { startTaking, stepBack, takeFor, takeForAnybody } from "./desk-cases-take.js";
import * as keys from "./desk-keys.js";
import { countTasks } from "./desk-nav.js";
import { startLive } from "./live.js";
import { say } from "./words.js";

const page = byId("desk-cases", HTMLElement);
const keysDialog = byId("keys-dialog", HTMLDialogElement);
const keysOn = byId("keys-on", HTMLInputElement);

/** What was open before, for the way back to its row. @type {string | null} */
let last = null;

startSteps(reload);
startShown(() => void refreshList());
startTaking({
  taken: (id, likely, own) => {
    remember(id, likely, own);
    toast(say("desk-cases-taken"));
    location.replace(`#${id}`);
    void refreshList();
  },
  chosen: (citizen) => {
    if (location.hash !== `#citizen=${citizen}`) history.pushState(null, "", `#citizen=${citizen}`);
  },
});
startList();
keys.listen(perform, back);
keysOn.checked = !keys.areOff();
keysOn.addEventListener("change", () => keys.turn(keysOn.checked));
addEventListener("hashchange", () => void follow(true));
void follow(false);
void countTasks();
startLive(
  (what) => {
    if (what === "cases") void Promise.all([refreshList(), refreshCase()]);
    if (what === "tasks") void countTasks();
  },
  ["cases", "tasks"],
);

/** Shows what the address says. @param {boolean} moved by hand, and not with the page */
async function follow(moved) {
  const given = decodeURIComponent(location.hash.slice(1));
  const citizen = given.startsWith("citizen=") ? given.slice("citizen=".length) : null;
  const takes = given === "new" || citizen !== null;
  const opens = /^[\w-]+$/.test(given) && !takes ? given : null;
  page.dataset.shows = takes ? "take" : opens ? "case" : "nothing";
  byId("take", HTMLElement).hidden = !takes;
  byId("case-shown", HTMLElement).hidden = !opens;
  byId("case-none", HTMLElement).hidden = takes || opens !== null;
  if (!opens) clearCase();
  markCurrent(opens);
  if (opens) {
    last = opens;
    await showCase(opens);
  } else if (citizen) {
    await takeFor(citizen);
  } else if (takes) {
    takeForAnybody();
  } else if (moved) {
    focusRow(last);
  }
}

/** One step back: what was found of a citizen, then what is open, then a search. @returns {boolean} */
function back() {
  if (page.dataset.shows === "take" && stepBack()) return true;
  if (page.dataset.shows !== "nothing") {
    location.hash = "";
    return true;
  }
  return endSearch();
}

/** @param {keys.Act} act */
function perform(act) {
  // A scanner's digits are the ticket where one is asked for, else what is looked for.
  if (act === "digit") {
    if (!shownCase() || !focusCode()) focusSearch();
  } else if (act === "find") {
    if (page.dataset.shows === "take") location.hash = "";
    focusSearch();
  } else if (act === "new") location.hash = "new";
  else if (act === "help") keysDialog.showModal();
  else if (act === "day") location.assign("/desk");
  else if (act === "tasks" || act === "waitlist") location.assign(`/desk/${act}`);
}
