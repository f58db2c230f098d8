/**
 * Which counters were received: the highest, and one bit for each of the 1 024 behind it. Pure.
 */

/** Counters behind the highest that may still come: 20 s of sound, which no network reorders by. */
const WINDOW = 1024n;
const KEPT = (1n << (WINDOW + 1n)) - 1n;

export class ReplayWindow {
  #highest = -1n;
  #bits = 0n;

  /** Whether a counter was seen, or is too far behind to know. @param {bigint} counter */
  has(counter) {
    const behind = this.#highest - counter;
    return behind > WINDOW || (behind >= 0n && ((this.#bits >> behind) & 1n) === 1n);
  }

  /** Remembers a counter that `has` does not have. @param {bigint} counter */
  add(counter) {
    const ahead = counter - this.#highest;
    if (ahead > 0n) {
      this.#bits = ((ahead <= WINDOW ? this.#bits << ahead : 0n) | 1n) & KEPT;
      this.#highest = counter;
    } else {
      this.#bits |= 1n << -ahead;
    }
  }
}
