/**
 * Whether one or two earlier frames of speech travel again in each packet, by the loss that the other end reports. Pure.
 *
 * Quickly more and slowly fewer, and never by what is said. The kiosk has the same rule, with its reasons and with none at all on a clean
 * line, in `kiosk_client/media/core/redundancy_choice.py`.
 */

/** Shares of packets lost from which on it is two, and below which it is one again. */
const [MORE, FEWER] = [0.05, 0.03];
/** Seconds: at least before it becomes fewer, and the time constants in which a higher and a lower loss are mostly believed. */
const [HOLD, RISE, FALL] = [10, 1.5, 12];
/** Seconds that one report speaks for at most. */
const LONGEST_STEP = 5;
/** Bits a second that must be free to be sent: twice what the voice takes with two earlier frames, so that pictures keep half. */
const AFFORDABLE = 2 * (56_000 + 2 * 34_000);

export class RedundancyChoice {
  /** Earlier frames that are to go with each: 1 or 2. */
  depth = 1;
  #wanted = 1;
  #loss = 0;
  #heardAt = -Infinity;
  #deepenedAt = -Infinity;

  /** @param {Iterable<any>} report the values of an `RTCStatsReport` @returns {number} the depth from now on */
  take(report) {
    const stats = [...report];
    const voice = stats.find(({ type, kind }) => type === "outbound-rtp" && kind === "audio");
    const told = stats.find(({ type, localId }) => type === "remote-inbound-rtp" && voice && localId === voice.id);
    const at = told?.timestamp / 1000;
    if (Number.isFinite(told?.fractionLost) && at > this.#heardAt) this.#heard(told.fractionLost, at);
    this.depth = room(stats) < AFFORDABLE ? 1 : this.#wanted;
    return this.depth;
  }

  /** @param {number} lost 0 … 1 @param {number} at seconds */
  #heard(lost, at) {
    const passed = Math.min(at - this.#heardAt, LONGEST_STEP);
    this.#heardAt = at;
    this.#loss += -Math.expm1(-passed / (lost > this.#loss ? RISE : FALL)) * (lost - this.#loss);
    if (this.#loss >= MORE) [this.#wanted, this.#deepenedAt] = [2, this.#wanted === 2 ? this.#deepenedAt : at];
    else if (this.#loss < FEWER && at - this.#deepenedAt >= HOLD) this.#wanted = 1;
  }
}

/** @param {any[]} stats @returns {number} where it is not known, enough */
function room(stats) {
  const rates = stats.map((one) => (one.type === "candidate-pair" && one.nominated ? one.availableOutgoingBitrate : undefined)).filter(Number.isFinite);
  return rates.length ? Math.max(...rates) : Infinity;
}
