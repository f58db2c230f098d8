/**
 * What both ends of a rekey do alike: the present epoch, dropping the one before, time, and refusing once.
 *
 * @import { Epoch } from "./session.js"
 * @typedef {{type: "message", message: object} | {type: "time"}} RekeyGiven
 * @typedef {{do: "send", message: object}
 *   | {do: "install-receive", epoch: Epoch} | {do: "switch-send", epoch: Epoch} | {do: "drop", epoch: number}
 *   | {do: "refuse", error: PrivacyError}} RekeyEffect
 */
import { PrivacyError, refuseUnless } from "./errors.js";

/** For so long frames of the old epoch may still arrive, in seconds: longer than any jitter buffer. */
export const KEPT_FOR = 5;

export class Rekey {
  /** The epoch under which this end sends. */ epoch;
  /** @protected @type {number | null} */ lateAt = null;
  /** @type {{at: number, epoch: number}[]} */ #drops = [];
  #over = false;
  /** @type {Promise<RekeyEffect[]>} */ #turn = Promise.resolve([]);

  /** @param {Epoch} epoch that of the confirmed session */
  constructor(epoch) {
    this.epoch = epoch;
  }

  /** When `{type: "time"}` is due, or null. @returns {number | null} */
  get deadline() {
    if (this.#over) return null;
    const times = [this.lateAt, this.beginAt, ...this.#drops.map(({ at }) => at)].filter((at) => at !== null);
    return times.length ? Math.min(...times) : null;
  }

  /** @param {RekeyGiven} given @param {number} now @returns {Promise<RekeyEffect[]>} */
  handle(given, now) {
    const turn = this.#turn.then(() => this.#one(given, now));
    this.#turn = turn.catch(() => []);
    return turn;
  }

  /** @param {RekeyGiven} given @param {number} now @returns {Promise<RekeyEffect[]>} */
  async #one(given, now) {
    if (this.#over) return [];
    /** @type {RekeyEffect[]} */
    const effects = this.#drops.filter(({ at }) => now >= at).map(({ epoch }) => ({ do: "drop", epoch }));
    this.#drops = this.#drops.filter(({ at }) => now < at);
    try {
      refuseUnless(this.lateAt === null || now < this.lateAt, "rekey-late");
      return [...effects, ...(given.type === "time" ? await this.passed(now) : await this.took(given.message, now))];
    } catch (error) {
      this.#over = true;
      if (!(error instanceof PrivacyError)) throw error;
      return [...effects, { do: "refuse", error }];
    }
  }

  /** @protected @type {number | null} */
  get beginAt() {
    return null;
  }

  /** @protected @param {number} _now @returns {Promise<RekeyEffect[]>} */
  async passed(_now) {
    return [];
  }

  /** @protected @param {object} _message @param {number} _now @returns {Promise<RekeyEffect[]>} */
  async took(_message, _now) {
    return [];
  }

  /** @protected @param {Epoch} fresh @param {number} now @returns {RekeyEffect} */
  switchTo(fresh, now) {
    this.#drops.push({ at: now + KEPT_FOR, epoch: this.epoch.number });
    this.epoch = fresh;
    this.lateAt = null;
    return { do: "switch-send", epoch: fresh };
  }
}
