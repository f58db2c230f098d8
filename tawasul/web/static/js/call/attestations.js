/**
 * What this end can say under its signature when a call is over: with whom, by which handshakes, how many frames. Nothing of what was said.
 *
 * @import { Session } from "../e2ee/session.js"
 * @typedef {{attempt: number, th: string, from: number, to: number, epochs: [number, number][]}} Handshake
 *   times are seconds since 1970 UTC; `epochs` are pairs of number and time; of one that still runs `to` is not true yet
 * @typedef {{sealed: number, opened: number, refused: number}} Frames
 */
import { b64 } from "../e2ee/bytes.js";

/** @type {Frames} */
const NONE = { sealed: 0, opened: 0, refused: 0 };

/** Of one call, over all its attempts with the same two keys. */
export class Ledger {
  #frames = NONE;
  /** @type {Handshake | null} */ #running = null;
  #changed;

  /**
   * @param {Handshake[]} handshakes of this call before the page was loaded again
   * @param {string | null} pair the two keys between which they were
   * @param {(handshakes: Handshake[], pair: string | null) => void} changed
   */
  constructor(handshakes, pair, changed) {
    this.handshakes = handshakes;
    this.pair = pair;
    this.#changed = changed;
  }

  /** @param {number} attempt @param {Session} session @param {number} now seconds since 1970 UTC */
  began(attempt, session, now) {
    const { citizen, office } = session.parties;
    const pair = `${citizen.thumbprint} ${office.thumbprint}`;
    if (pair !== this.pair) {
      // Another device sits at the other end: what was with the former is not signed as if it had been with this one.
      [this.handshakes, this.#frames, this.pair] = [[], NONE, pair];
    }
    this.#running = { attempt, th: b64(session.transcript), from: whole(now), to: whole(now), epochs: [[session.epoch.number, whole(now)]] };
    this.handshakes = [...this.handshakes.filter((each) => each.attempt !== attempt), this.#running];
    this.#changed(this.handshakes, this.pair);
  }

  /** New keys are in force. @param {number} epoch @param {number} now */
  renewed(epoch, now) {
    this.#running?.epochs.push([epoch, whole(now)]);
    this.#changed(this.handshakes, this.pair);
  }

  /** @param {Frames} frames of this attempt @param {number} now */
  ended({ sealed, opened, refused }, now) {
    if (!this.#running) return;
    this.#running.to = whole(now);
    this.#running = null;
    const sum = this.#frames;
    this.#frames = { sealed: sum.sealed + sealed, opened: sum.opened + opened, refused: sum.refused + refused };
    this.#changed(this.handshakes, this.pair);
  }

  get frames() {
    return this.#frames;
  }
}

/** @param {number} seconds */
function whole(seconds) {
  return Math.floor(seconds);
}
