/**
 * What the desk can do with one audience, by where it stands: check in, look at the ID, undo, missed, cancel, a new link.
 */
import { toast } from "./announce.js";
import { Problem } from "./api.js";
import { copy } from "./clipboard.js";
import { byId } from "./controllers.js";
import * as api from "./desk-api.js";
import { say } from "./words.js";

const arriveDialog = byId("arrive-dialog", HTMLDialogElement);
const sureDialog = byId("sure-dialog", HTMLDialogElement);
const linkDialog = byId("link-dialog", HTMLDialogElement);
const linkAddress = byId("link-address", HTMLInputElement);

/** Shows how things stand after each step. @type {() => Promise<void>} */
let refresh = async () => {};

/** What a dialog's main button does at this moment. @type {{arrive: () => Promise<void>, sure: () => Promise<void>}} */
const meant = { arrive: async () => {}, sure: async () => {} };

byId("arrive-confirm", HTMLElement).addEventListener("click", () => finish(arriveDialog, meant.arrive));
byId("sure-confirm", HTMLElement).addEventListener("click", () => finish(sureDialog, meant.sure));
byId("link-copy", HTMLElement).addEventListener("click", () => copy(linkAddress));

/** @param {() => Promise<void>} afterwards called after each step, whether it could be done or not */
export function startActions(afterwards) {
  refresh = afterwards;
}

/** The buttons of a row. @param {api.Entry} entry @returns {HTMLElement} */
export function actionsFor(entry) {
  const { state, venue, assurance } = entry.audience;
  const buttons = document.createElement("div");
  buttons.className = "day-buttons";
  const menu = [];
  if (state === "booked" && venue !== "own-location") buttons.append(button(say("desk-arrive"), () => arrive(entry), "button-primary"));
  if (state === "arrived" && assurance === "declared" && venue !== "own-location") {
    buttons.append(button(say("desk-see-id"), () => arrive(entry)));
  }
  if (state === "booked" || state === "arrived") {
    if (venue === "own-location") menu.push(button(say("desk-new-link"), () => issueLink(entry), "button-quiet"));
    if (state === "arrived") menu.push(button(say("desk-undo-arrival"), () => undo(entry), "button-quiet"));
    menu.push(button(say("desk-missed"), () => missed(entry), "button-quiet"));
    menu.push(button(say("desk-cancel"), () => cancel(entry), "button-quiet"));
  }
  if (menu.length > 0) buttons.append(more(menu));
  return buttons;
}

/** @param {api.Entry} entry */
function arrive(entry) {
  byId("arrive-name", HTMLElement).textContent = entry.citizen.name;
  byId("arrive-id", HTMLElement).textContent = entry.citizen.national_id_last_four;
  meant.arrive = async () => {
    const seen = arriveDialog.querySelector("input:checked");
    await api.checkIn(entry.audience.id, seen instanceof HTMLInputElement ? seen.value : "declared");
    toast(entry.audience.state === "booked" ? say("desk-arrived") : say("desk-seen-done"));
  };
  arriveDialog.showModal();
}

/** @param {api.Entry} entry */
function undo(entry) {
  return run(async () => {
    await api.take(entry.audience.id, "withdraw-arrival");
    toast(say("desk-undone"));
  });
}

/** @param {api.Entry} entry */
function missed(entry) {
  ask(say("desk-missed-title"), say("desk-missed-text", { name: entry.citizen.name }), say("desk-missed"), async () => {
    await api.take(entry.audience.id, "missed");
    toast(say("desk-missed-done"));
  });
}

/** @param {api.Entry} entry */
function cancel(entry) {
  ask(say("desk-cancel-title"), say("desk-cancel-text", { name: entry.citizen.name }), say("desk-cancel"), async () => {
    await api.take(entry.audience.id, "cancel");
    toast(say("desk-cancelled"));
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

/** @param {string} title @param {string} text @param {string} yes @param {() => Promise<void>} then */
function ask(title, text, yes, then) {
  byId("sure-title", HTMLElement).textContent = title;
  byId("sure-text", HTMLElement).textContent = text;
  byId("sure-confirm", HTMLElement).textContent = yes;
  meant.sure = then;
  sureDialog.showModal();
}

/** @param {HTMLDialogElement} dialog @param {() => Promise<void>} work */
async function finish(dialog, work) {
  dialog.close();
  await run(work);
}

/** Does it, says what went wrong, and shows how things stand now in either case. @param {() => Promise<void>} work */
async function run(work) {
  try {
    await work();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.text, "danger");
  }
  await refresh();
}

/** @param {string} text @param {() => unknown} press @param {string} [kind] @returns {HTMLButtonElement} */
function button(text, press, kind = "") {
  const node = document.createElement("button");
  node.type = "button";
  node.className = `button ${kind}`;
  node.textContent = text;
  node.addEventListener("click", () => {
    const menu = node.closest("details");
    if (menu) menu.open = false;
    press();
  });
  return node;
}

/** @param {HTMLElement[]} buttons @returns {HTMLElement} */
function more(buttons) {
  const details = document.createElement("details");
  details.className = "more";
  details.name = "desk-more"; // one open at a time
  const summary = document.createElement("summary");
  summary.className = "button";
  summary.textContent = say("desk-more");
  const list = document.createElement("div");
  list.className = "more-list";
  list.append(...buttons);
  details.append(summary, list);
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    details.open = false;
    summary.focus();
  });
  return details;
}
