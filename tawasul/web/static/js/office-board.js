/**
 * The board of today's sitting: who is with the office, who waits and for how long, who is still to come, who was heard.
 */
import { byId } from "./controllers.js";
import { secondsSince } from "./call/clock.js";
import { markAssurance, markInterruptions, markOnline, markOrder } from "./office-marks.js";
import { canCall, current, next, sections } from "./office-model.js";
import { dates, nameOf, say } from "./words.js";

/** @import { Board, BoardRow } from "./messages.d.ts" */

/** Waits are shown in whole minutes: this often they are true enough. */
const COUNT_MS = 5000;

export class BoardView {
  #template = byId("board-row", HTMLTemplateElement);
  #next = byId("call-next", HTMLButtonElement);
  /** @type {Board | null} */ #board = null;
  /** @type {Map<string, HTMLElement>} */ #rows = new Map();
  #lineUp = false;
  #busy = false;

  /** @param {(row: BoardRow) => void} callIn */
  constructor(callIn) {
    this.#next.addEventListener("click", () => this.#board && this.callNext(callIn));
    for (const list of LISTS) {
      byId(list.id, HTMLElement).addEventListener("click", ({ target }) => {
        const row = target instanceof Element && target.closest('[data-part="call"]') && this.#rowOf(target);
        if (row) callIn(row);
      });
    }
    setInterval(() => this.#count(), COUNT_MS);
  }

  /** @param {(row: BoardRow) => void} callIn */
  callNext(callIn) {
    const row = next(this.#board);
    if (row && !this.#next.disabled) callIn(row);
  }

  /**
   * @param {Board | null} board
   * @param {boolean} lineUp
   * @param {boolean} busy a citizen is being called in from this page
   */
  show(board, lineUp, busy) {
    [this.#board, this.#lineUp, this.#busy] = [board, lineUp, busy];
    if (!board) return;
    byId("board-date", HTMLElement).textContent = dates.day(board.opens_at ?? board.server_time);
    byId("waiting-count", HTMLElement).textContent = String(board.rows.filter(({ state }) => state === "arrived").length);
    byId("concluded-count", HTMLElement).textContent = String(board.concluded);
    const parts = sections(board);
    for (const { id, of } of LISTS) this.#list(byId(id, HTMLElement), parts[of]);
    this.#forget(board);
    this.#showNext(board);
    this.#count();
  }

  /** @param {Board} board */
  #showNext(board) {
    const row = next(board);
    this.#next.disabled = !row || this.#busy || !canCall(row, board, this.#lineUp);
    byId("call-next-name", HTMLElement).textContent = row ? `${row.citizen_name} – ${nameOf(row.place)}` : "";
  }

  /** Rows keep their element, and with it the reader's place and focus. @param {HTMLElement} list @param {BoardRow[]} rows */
  #list(list, rows) {
    const elements = rows.map((row) => this.#draw(row));
    for (const [at, element] of elements.entries()) {
      if (list.children[at] !== element) list.insertBefore(element, list.children[at] ?? null);
    }
    while (list.children.length > elements.length) list.lastElementChild?.remove();
  }

  /** @param {BoardRow} row */
  #draw(row) {
    const element = this.#rows.get(row.audience_id) ?? this.#make(row);
    const part = (/** @type {string} */ name) => partOf(element, name);
    part("position").textContent = row.position ? String(row.position) : "";
    part("name").textContent = row.citizen_name;
    part("place").textContent = nameOf(row.place);
    part("subject").textContent = row.subject;
    part("slot").textContent = dates.time(row.slot_starts_at);
    markAssurance(part("assurance"), row.assurance);
    markOrder(part("order"), row);
    const isHere = row.state === "arrived" || row.state === "called-in" || row.state === "in-call";
    if (isHere) markOnline(part("online"), row);
    else part("online").replaceChildren();
    markInterruptions(part("interruptions"), row.interruptions ?? 0);
    element.toggleAttribute("data-current", row.audience_id === current(this.#board)?.audience_id);
    const call = /** @type {HTMLButtonElement} */ (part("call"));
    call.hidden = row.state !== "arrived";
    call.disabled = this.#busy || !this.#board || !canCall(row, this.#board, this.#lineUp);
    call.setAttribute("aria-label", say("office-call-in-name", { name: row.citizen_name }));
    return element;
  }

  /** @param {BoardRow} row */
  #make(row) {
    const copy = /** @type {DocumentFragment} */ (this.#template.content.cloneNode(true));
    const element = /** @type {HTMLElement} */ (copy.firstElementChild);
    element.dataset.audience = row.audience_id;
    this.#rows.set(row.audience_id, element);
    return element;
  }

  /** @param {Board} board */
  #forget({ rows }) {
    const known = new Set(rows.map((row) => row.audience_id));
    for (const id of this.#rows.keys()) if (!known.has(id)) this.#rows.delete(id);
  }

  /** How long each has waited, by the server's clock. */
  #count() {
    for (const row of this.#board?.rows ?? []) {
      const element = this.#rows.get(row.audience_id);
      if (!element) continue;
      const waits = row.state === "arrived" && row.arrived_at;
      partOf(element, "wait").textContent = waits ? say("office-waits", { wait: dates.wait(secondsSince(waits)) }) : "";
    }
  }

  /** @param {Element} inside */
  #rowOf(inside) {
    const id = inside.closest("[data-audience]")?.getAttribute("data-audience");
    return this.#board?.rows.find((row) => row.audience_id === id) ?? null;
  }
}

/** @type {{id: string, of: "waiting" | "booked" | "done"}[]} */
const LISTS = [
  { id: "board-waiting", of: "waiting" },
  { id: "board-booked", of: "booked" },
  { id: "board-done", of: "done" },
];

/** @param {HTMLElement} element @param {string} name */
function partOf(element, name) {
  return /** @type {HTMLElement} */ (element.querySelector(`[data-part="${name}"]`));
}
