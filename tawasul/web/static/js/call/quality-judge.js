/**
 * From successive figures of one connection to what is told of it. Pure.
 *
 * @import { Around, Figures, Measures } from "./quality-core.js"
 */
import { NOTHING_KNOWN, SPAN, causeOf, levelOf, measured } from "./quality-core.js";
import { Steady } from "./quality-steady.js";

export class QualityJudge {
  /** Of the last `SPAN` seconds. @type {Measures} */ now = NOTHING_KNOWN;
  #steady = new Steady();
  /** @type {Figures[]} */ #figures = [];

  get told() {
    return this.#steady.told;
  }

  /** What is counted now; about once a second. @param {Figures} figures */
  take(figures) {
    const last = this.#figures.at(-1);
    if (!Number.isFinite(figures.at) || (last && figures.at <= last.at)) return;
    this.#figures.push(figures);
    while (this.#figures.length > 2 && this.#figures[1].at <= figures.at - SPAN) this.#figures.shift();
    this.now = measured(this.#figures[0], figures);
  }

  /** What to tell now. @param {Around} around */
  judge(around) {
    const last = this.#figures.at(-1);
    return last ? this.#steady.take(levelOf(this.now, around), causeOf(around), last.at) : this.told;
  }
}
