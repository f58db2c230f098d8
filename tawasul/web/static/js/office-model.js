/**
 * What the office's page shows, made from the board, the call and the line. Pure.
 *
 * @import { Board, BoardRow } from "./messages.d.ts"
 * @import { CallPart } from "./call/state-types.d.ts"
 * @typedef {"connecting" | "idle" | "calling" | "in-call" | "reconnecting" | "heard"} OfficeState
 * @typedef {object} Sections
 * @property {BoardRow[]} waiting whom the office is with, then those who wait, in the order of calling
 * @property {BoardRow[]} booked not here yet
 * @property {BoardRow[]} done
 */

/** @type {ReadonlySet<BoardRow["state"]>} */
const WITH_THE_OFFICE = new Set(["called-in", "in-call", "heard"]);

/** @param {Board} board @returns {Sections} */
export function sections({ rows }) {
  return {
    waiting: [...rows.filter(isWithOffice), ...rows.filter((row) => row.state === "arrived")],
    booked: rows.filter((row) => row.state === "booked"),
    done: rows.filter((row) => row.state === "concluded" || row.state === "missed"),
  };
}

/** Whom the office is with, on any of its pages. @param {Board | null} board @returns {BoardRow | null} */
export function current(board) {
  return board?.rows.find(isWithOffice) ?? null;
}

/** Whom "call the next in" means: the first in order whose line stands. @param {Board | null} board @returns {BoardRow | null} */
export function next(board) {
  return board?.rows.find((row) => row.state === "arrived" && row.online) ?? null;
}

/**
 * Whether this row can be called in now.
 * @param {BoardRow} row
 * @param {Board} board
 * @param {boolean} lineUp
 */
export function canCall(row, board, lineUp) {
  return lineUp && row.online === true && row.state === "arrived" && current(board) === null;
}

/**
 * @param {Board | null} board
 * @param {CallPart} part
 * @param {"none" | "connecting" | "in-call" | "reconnecting" | "over"} standing of the call on this page
 * @returns {OfficeState}
 */
export function officeState(board, part, standing) {
  if (part.call) {
    if (standing === "connecting") return "calling";
    if (standing === "in-call" || standing === "reconnecting") return standing;
  }
  if (!board) return "connecting";
  const row = current(board);
  // In the room there is nothing to hang up: the outcome can be written from the first moment.
  if (isInTheRoom(row)) return "heard";
  // The server's word on the end may come a moment before the board that shows it.
  const isHeard = row && (row.state === "heard" || (part.over?.audienceId === row.audience_id && part.over.waitsAgain === false));
  return isHeard ? "heard" : "idle";
}

/**
 * The sentence over the caller's name.
 * @param {BoardRow} row
 * @param {CallPart} part
 * @param {OfficeState} state
 * @returns {string} an id of the catalogue
 */
export function callerWord(row, part, state) {
  if (isInTheRoom(row)) return "office-caller-in-the-room";
  if (state === "heard") return "office-caller-heard";
  if (part.call?.audienceId !== row.audience_id) {
    return row.state === "called-in" ? "office-caller-called-elsewhere" : "office-caller-elsewhere";
  }
  if (state === "calling") return "office-caller-called";
  return state === "reconnecting" ? "office-caller-again" : "office-caller-in-call";
}

/** Whether the office receives this citizen in person now. @param {BoardRow | null} row */
export function isInTheRoom(row) {
  return row?.venue === "in-person" && row.state === "in-call";
}

/** @param {BoardRow} row */
function isWithOffice(row) {
  return WITH_THE_OFFICE.has(row.state);
}
