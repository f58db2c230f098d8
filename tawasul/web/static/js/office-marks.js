/**
 * The marks on a citizen's row and card, in words with an icon: how sure the identity is, whether their line stands, the way of the media,
 * why they go first, and that they came without a time.
 */
import { icon } from "./announce.js";
import { priorityWords } from "./labels.js";
import { say } from "./words.js";

/** @import { BoardRow } from "./messages.d.ts" @import { Path } from "./call/state-types.d.ts" */

/** @type {Record<BoardRow["assurance"], [kind: string, icon: string, word: string]>} */
const ASSURANCE = {
  declared: ["warning", "alert", "office-assurance-declared"],
  "seen-at-desk": ["good", "check", "office-assurance-seen"],
  nafath: ["good", "check-circle", "office-assurance-nafath"],
};

/** @type {Record<Path, string>} */
const PATHS = { host: "path-host", reflexive: "path-reflexive", relay: "path-relay" };

/** @param {HTMLElement} element @param {BoardRow["assurance"]} assurance */
export function markAssurance(element, assurance) {
  mark(element, ...ASSURANCE[assurance]);
}

/** @param {HTMLElement} element @param {BoardRow} row */
export function markOnline(element, row) {
  if (row.venue === "in-person") mark(element, "info", "person", "office-in-person");
  else if (row.online) mark(element, "good", row.venue === "kiosk" ? "kiosk" : "phone", "office-online");
  else mark(element, "warning", "line-off", "office-offline");
}

/** @param {HTMLElement} element @param {number} interruptions */
export function markInterruptions(element, interruptions) {
  if (interruptions > 0) mark(element, "info", "undo", "office-interrupted", { count: interruptions });
  else element.replaceChildren();
}

/** Why somebody goes before others, and that they came without a time: nobody has to wonder at the order. @param {HTMLElement} element @param {BoardRow} row */
export function markOrder(element, row) {
  const words = [...(row.priorities ?? []).map(priorityWords), ...(row.walk_in ? [say("office-walk-in")] : [])];
  if (element.textContent === words.join("")) return;
  element.replaceChildren(...words.flatMap((word) => [pill(word), " "]).slice(0, -1));
}

/** @param {string} word */
function pill(word) {
  const element = document.createElement("span");
  element.className = "status status-info";
  element.textContent = word;
  return element;
}

/** @param {HTMLElement} element @param {Path | null} path */
export function markPath(element, path) {
  element.hidden = path === null;
  if (path) mark(element, "info", "line", PATHS[path]);
}

/**
 * @param {HTMLElement} element
 * @param {string} kind
 * @param {string} picture
 * @param {string} word
 * @param {import("./catalogue.js").Arguments} [values]
 */
function mark(element, kind, picture, word, values) {
  const text = say(word, values);
  const shown = `status status-${kind}`;
  if (element.textContent === text && element.className === shown) return;
  element.className = shown;
  element.replaceChildren(icon(picture), text);
}
