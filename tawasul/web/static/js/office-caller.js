/**
 * The card of the citizen whom the office is with: who, from where, for what, how sure the identity is.
 */
import { byId } from "./controllers.js";
import { markAssurance, markPath } from "./office-marks.js";
import { callerWord } from "./office-model.js";
import { nameOf, say } from "./words.js";

/** @import { BoardRow } from "./messages.d.ts" @import { CallPart } from "./call/state-types.d.ts" @import { OfficeState } from "./office-model.js" */

/** @param {BoardRow | null} row @param {CallPart} part @param {OfficeState} state */
export function showCaller(row, part, state) {
  byId("caller", HTMLElement).hidden = row === null;
  if (!row) return;
  write("caller-state", say(callerWord(row, part, state)));
  write("caller-name", row.citizen_name);
  write("caller-place", nameOf(row.place));
  write("caller-subject", row.subject);
  write("caller-reference", row.reference);
  write("caller-id", row.id_last_four);
  markAssurance(byId("caller-assurance", HTMLElement), row.assurance);
  markPath(byId("call-path", HTMLElement), state === "in-call" ? (part.call?.path ?? null) : null);
}

/** @param {string} id @param {string} text */
function write(id, text) {
  const element = byId(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}
