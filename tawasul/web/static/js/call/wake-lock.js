/**
 * Keeps the screen on while someone waits or speaks, where the browser offers it. It is lost whenever the page is hidden, so it is taken again.
 */

export class WakeLock {
  #wanted = false;
  /** @type {WakeLockSentinel | null} */ #held = null;

  constructor() {
    document.addEventListener("visibilitychange", () => this.#renew());
  }

  /** @param {boolean} wanted */
  keep(wanted) {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted) this.#renew();
    else this.#release();
  }

  async #renew() {
    if (!this.#wanted || document.visibilityState !== "visible") return;
    if (this.#held && !this.#held.released) return;
    try {
      this.#held = (await navigator.wakeLock?.request("screen")) ?? null;
      if (!this.#wanted) this.#release();
    } catch {
      // Refused, for instance to save the battery: the screen may go dark, and the chime still calls.
    }
  }

  #release() {
    this.#held?.release();
    this.#held = null;
  }
}
