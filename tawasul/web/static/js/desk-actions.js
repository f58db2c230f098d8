/**
 * What the desk can do with one audience, by where it stands: check in, look at the ID, undo, move, missed, cancel, a new link, papers.
 */
import { toast } from "./announce.js";
import { Problem } from "./api.js";
import { copy } from "./clipboard.js";
import { byId } from "./controllers.js";
import * as api from "./desk-api.js";
import { Files } from "./desk-files.js";
import { dates, say } from "./words.js";

/** `AN_EVENING` of `tawasul/domain/audience.py`: how far a time of another day may be and still be this evening's. */
const AN_EVENING_MS = 12 * 3600_000;

const arriveDialog = byId("arrive-dialog", HTMLDialogElement);
const sureDialog = byId("sure-dialog", HTMLDialogElement);
const linkDialog = byId("link-dialog", HTMLDialogElement);
const filesDialog = byId("files-dialog", HTMLDialogElement);
const linkAddress = byId("link-address", HTMLInputElement);
const files = new Files(byId("files-list", HTMLElement));

/**
 * `refresh` shows how things stand after each step, whether it could be done or not; `move` opens the form for another time, `rebook` for a new
 * audience after one that the citizen did not miss by themselves.
 * @type {{refresh: () => Promise<void>, move: (entry: api.Entry) => void, rebook: (entry: api.Entry) => void}}
 */
let told = { refresh: async () => {}, move: () => {}, rebook: () => {} };

/** The audience that was acted on last: the keyboard goes back to its row. @type {string | null} */
let actedOn = null;

/** What a dialog's main button does at this moment. @type {{arrive: (assurance: string) => Promise<unknown>, sure: () => Promise<void>}} */
const meant = { arrive: async () => {}, sure: async () => {} };

byId("arrive-confirm", HTMLElement).addEventListener("click", () => finish(arriveDialog, () => meant.arrive(checked(arriveDialog) ?? "declared")));
byId("sure-confirm", HTMLElement).addEventListener("click", () => finish(sureDialog, meant.sure));
byId("link-copy", HTMLElement).addEventListener("click", () => copy(linkAddress));
filesDialog.addEventListener("close", () => told.refresh());

/** @param {typeof told} given */
export function startActions(given) {
  told = given;
}

/** Whose row the keyboard should go back to; asked once. @returns {string | null} */
export function lastActedOn() {
  const last = actedOn;
  actedOn = null;
  return last;
}

/** The buttons of a row. @param {api.Entry} entry @returns {HTMLElement} */
export function actionsFor(entry) {
  const { id, state, venue, assurance } = entry.audience;
  const buttons = document.createElement("div");
  buttons.className = "day-buttons";
  const menu = [];
  const here = venue !== "own-location";
  const stands = state === "booked" || state === "arrived";
  // One of another day is hardly meant: it is in the menu, should this device's clock be wrong.
  if (state === "booked" && here) {
    if (isOfAnotherDay(entry) && !isNear(entry)) menu.push(button(say("desk-arrive"), () => arrive(entry), "button-quiet"));
    else buttons.append(button(say("desk-arrive"), () => arrive(entry), "button-primary"));
  }
  if (state === "arrived" && assurance === "declared" && here) buttons.append(button(say("desk-see-id"), () => arrive(entry)));
  if (stands) menu.push(paper(say("desk-ticket-80"), api.ticketAt(id, "80mm")), paper(say("desk-ticket-a4"), api.ticketAt(id, "a4")));
  menu.push(button(say("desk-files"), () => showFiles(entry), "button-quiet"));
  if (stands && !here) menu.push(button(say("desk-new-link"), () => issueLink(entry), "button-quiet"));
  if (state === "booked") menu.push(button(say("desk-move"), () => told.move(entry), "button-quiet"));
  if (state === "arrived") menu.push(button(say("desk-undo-arrival"), () => undo(entry), "button-quiet"));
  if (stands) {
    menu.push(button(say("desk-missed"), () => missed(entry), "button-quiet"));
    menu.push(button(say("desk-cancel"), () => cancel(entry), "button-quiet"));
  }
  if (state === "cancelled" || state === "missed") {
    menu.push(button(say("desk-reinstate"), () => reinstate(entry.audience), "button-quiet"));
    menu.push(button(say("desk-rebook"), () => told.rebook(entry), "button-quiet"));
  }
  buttons.append(more(menu, entry.citizen.name));
  return buttons;
}

/** Reads the person back before they are received. @param {api.Entry} entry */
export function arrive(entry) {
  const at = entry.audience.slot_starts_at;
  const time = dates.time(at);
  receive(entry.citizen, isOfAnotherDay(entry) ? say("desk-booked-when", { day: dates.day(at), time }) : time, async (assurance) => {
    await api.checkIn(entry.audience.id, assurance);
    if (entry.audience.state !== "booked") return toast(say("desk-seen-done"));
    return toast(say("desk-arrived"), "success", { text: say("desk-undo"), press: () => undo(entry) });
  });
  actedOn = entry.audience.id;
}

/** @param {api.Entry} entry @returns {boolean} */
function isOfAnotherDay(entry) {
  return dates.day(entry.audience.slot_starts_at) !== dates.day(new Date());
}

/** An evening's sitting goes on past midnight: the other day's time is this evening's too. @param {api.Entry} entry @returns {boolean} */
function isNear(entry) {
  return Math.abs(Date.parse(entry.audience.slot_starts_at) - Date.now()) <= AN_EVENING_MS;
}

/**
 * The dialog in which name and last four digits are read back.
 * @param {api.Citizen} citizen
 * @param {string | null} when the time of the audience; null for one without
 * @param {(assurance: string) => Promise<unknown>} then
 */
export function receive(citizen, when, then) {
  byId("arrive-name", HTMLElement).textContent = citizen.name;
  byId("arrive-id", HTMLElement).textContent = citizen.national_id_last_four;
  byId("arrive-when", HTMLElement).textContent = when ?? say("desk-walk-in");
  meant.arrive = then;
  arriveDialog.showModal();
  byId("arrive-confirm", HTMLElement).focus();
}

/** @param {api.Entry} entry */
function undo(entry) {
  return run(async () => {
    actedOn = entry.audience.id;
    await api.withdrawArrival(entry.audience.id);
    toast(say("desk-undone"));
  });
}

/** @param {api.Entry} entry */
function missed(entry) {
  const { id, version } = entry.audience;
  ask(entry, say("desk-missed-title"), say("desk-missed-text", { name: entry.citizen.name }), say("desk-missed"), async () => {
    const because = checked(byId("sure-because", HTMLElement)) ?? "citizen";
    const after = await api.missed(id, { because, version });
    toast(say("desk-missed-done"), "success", { text: say("desk-undo"), press: () => reinstate(after) });
    if (after.rebook) told.rebook({ ...entry, audience: after });
  });
  byId("sure-because", HTMLElement).hidden = false;
}

/** @param {api.Entry} entry */
function cancel(entry) {
  const { id, version } = entry.audience;
  ask(entry, say("desk-cancel-title"), say("desk-cancel-text", { name: entry.citizen.name }), say("desk-cancel"), async () => {
    const after = await api.cancel(id, version);
    toast(say("desk-cancelled"), "success", { text: say("desk-undo"), press: () => reinstate(after) });
  });
}

/** @param {api.Audience} audience */
function reinstate({ id, version }) {
  return run(async () => {
    actedOn = id;
    await api.reinstate(id, version);
    toast(say("desk-undone"));
  });
}

/** @param {api.Entry} entry */
function issueLink(entry) {
  return run(async () => {
    const { link } = await api.newLink(entry.audience.id);
    linkAddress.value = location.origin + link;
    linkDialog.showModal();
  });
}

/** @param {api.Entry} entry */
function showFiles(entry) {
  byId("files-name", HTMLElement).textContent = say("desk-files-of", { name: entry.citizen.name, reference: entry.audience.reference });
  return run(async () => {
    await files.show(entry.audience.id);
    filesDialog.showModal();
  });
}

/** @param {api.Entry} entry @param {string} title @param {string} text @param {string} yes @param {() => Promise<void>} then */
function ask(entry, title, text, yes, then) {
  byId("sure-title", HTMLElement).textContent = title;
  byId("sure-text", HTMLElement).textContent = text;
  byId("sure-confirm", HTMLElement).textContent = yes;
  byId("sure-because", HTMLElement).hidden = true;
  const first = sureDialog.querySelector('input[value="citizen"]');
  if (first instanceof HTMLInputElement) first.checked = true;
  meant.sure = then;
  actedOn = entry.audience.id;
  sureDialog.showModal();
}

/** @param {HTMLDialogElement} dialog @param {() => Promise<unknown>} work */
async function finish(dialog, work) {
  dialog.close();
  await run(work);
}

/** Does it, says what went wrong, and shows how things stand now in either case. @param {() => Promise<unknown>} work */
async function run(work) {
  try {
    await work();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.text, "danger");
  }
  await told.refresh();
}

/** @param {HTMLElement} box @returns {string | undefined} */
function checked(box) {
  const input = box.querySelector("input:checked");
  return input instanceof HTMLInputElement ? input.value : undefined;
}

/** @param {string} text @param {() => unknown} press @param {string} [kind] @returns {HTMLButtonElement} */
function button(text, press, kind = "") {
  const node = document.createElement("button");
  node.type = "button";
  node.className = `button ${kind}`;
  node.textContent = text;
  node.addEventListener("click", () => {
    closeMenu(node);
    press();
  });
  return node;
}

/** A paper to print, in a window of its own. @param {string} text @param {string} address @returns {HTMLAnchorElement} */
function paper(text, address) {
  const node = document.createElement("a");
  node.className = "button button-quiet";
  node.href = address;
  node.target = "_blank";
  node.textContent = text;
  node.addEventListener("click", () => closeMenu(node));
  return node;
}

/** A dialog gives the keyboard back to what had it: that must not be inside a closed menu. @param {HTMLElement} node */
function closeMenu(node) {
  const menu = node.closest("details");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
}

/** @param {HTMLElement[]} items @param {string} name whose menu it is @returns {HTMLElement} */
function more(items, name) {
  const details = document.createElement("details");
  details.className = "more";
  details.name = "desk-more"; // one open at a time
  const summary = document.createElement("summary");
  summary.className = "button";
  summary.textContent = say("desk-more");
  summary.setAttribute("aria-label", say("desk-more-of", { name }));
  const list = document.createElement("div");
  list.className = "more-list";
  list.append(...items);
  details.append(summary, list);
  details.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      details.open = true;
      const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length]?.focus();
    } else if (event.key === "Escape" && details.open) {
      event.stopPropagation();
      details.open = false;
      summary.focus();
    }
  });
  return details;
}
