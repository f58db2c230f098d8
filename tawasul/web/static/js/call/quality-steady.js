/**
 * What people are told of a connection, kept from flickering: soon worse, slowly better. Pure; the kiosk's `steady.py` with the same numbers.
 *
 * @import { QualityCause, QualityLevel } from "./state-types.d.ts"
 * @typedef {{level: QualityLevel, cause: QualityCause | null}} ToldQuality
 */
import { LEVELS } from "./quality-core.js";

/** Seconds for which it must be worse; better, and the last word must have stood; and for another cause to be said. */
export const DOWN_AFTER = 2;
export const UP_AFTER = 8;
const CAUSE_AFTER = 4;
/** Seconds for which a cause holds though nothing speaks for it any more. */
const FORGOTTEN_AFTER = 20;

export class Steady {
  /** @type {ToldQuality} */ told = { level: "good", cause: null };
  #now = -Infinity;
  #changed = -Infinity;
  /** @type {[at: number, rank: number][]} */ #seen = [];
  /** @type {QualityCause | null} */ #otherCause = null;
  #otherSince = -Infinity;
  #evident = -Infinity;

  /** A judgement of this moment; what is told from now on. @param {QualityLevel} level @param {QualityCause | null} cause @param {number} at seconds */
  take(level, cause, at) {
    const now = (this.#now = Math.max(at, this.#now));
    this.#seen.push([now, LEVELS.indexOf(level)]);
    while (this.#seen.length > 1 && this.#seen[1][0] <= now - UP_AFTER) this.#seen.shift();
    this.#weigh(cause, now);
    const shown = LEVELS.indexOf(this.told.level);
    const stood = now - this.#changed;
    const [down, up] = [this.#ofLast(DOWN_AFTER), this.#ofLast(UP_AFTER)];
    if (down.length && Math.min(...down) > shown && stood >= DOWN_AFTER) this.#say(LEVELS[Math.min(...down)], now);
    else if (up.length && Math.max(...up) < shown && stood >= UP_AFTER) this.#say(LEVELS[Math.max(...up)], now);
    else if (shown && this.#cause(now) !== this.told.cause && stood >= CAUSE_AFTER) this.#say(this.told.level, now);
    return this.told;
  }

  /** The ranks of so many seconds; none before there are so many. @param {number} seconds */
  #ofLast(seconds) {
    const since = this.#now - seconds;
    return this.#seen[0][0] <= since ? this.#seen.filter(([at]) => at >= since).map(([, rank]) => rank) : [];
  }

  /** @param {QualityCause | null} cause @param {number} now */
  #weigh(cause, now) {
    if (cause !== this.#otherCause) [this.#otherCause, this.#otherSince] = [cause, now];
    if (cause !== null && cause === this.told.cause) this.#evident = now;
  }

  /** @param {number} now */
  #cause(now) {
    if (this.#otherCause === null) return now - this.#evident < FORGOTTEN_AFTER ? this.told.cause : null;
    return now - this.#otherSince >= CAUSE_AFTER ? this.#otherCause : this.told.cause;
  }

  /** @param {QualityLevel} level @param {number} now */
  #say(level, now) {
    // At first what is likeliest is said; another word for the same only when it lasts.
    const said = this.told.level === "good" ? this.#otherCause : this.#cause(now);
    const cause = level === "good" ? null : said;
    if (cause !== null) this.#evident = now;
    this.told = { level, cause };
    this.#changed = now;
  }
}
