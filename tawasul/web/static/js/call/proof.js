/**
 * Looks at a connection's statistics until they prove that the other end is seen and heard.
 */
import { NOTHING_YET, grown, isSeenAndHeard, readEvidence } from "./evidence.js";

/**
 * @import { Evidence } from "./evidence.js"
 * @import { MutedParts } from "./state-types.d.ts"
 */

/** Often, so that the first picture is told without delay; the reading takes about a millisecond. */
const LOOK_MS = 200;

export class Proof {
  #connection;
  #other;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #round = 0;

  /**
   * @param {RTCPeerConnection} connection
   * @param {{otherMuted: () => MutedParts, opened: () => Promise<number>}} other what the other end says it does not send; how many of its
   *   frames opened under the keys of this attempt
   */
  constructor(connection, other) {
    this.#connection = connection;
    this.#other = other;
  }

  /**
   * Starts looking, from nothing.
   * @param {(evidence: Evidence) => void} found called once, when picture and sound have been decoded since
   * @param {boolean} [since] whether what was decoded before now counts for nothing: after a loss
   */
  async seek(found, since = false) {
    const round = (this.#round += 1);
    const base = since ? await this.#read() : NOTHING_YET;
    const look = async () => {
      const evidence = await this.#read();
      if (round !== this.#round) return;
      if (isSeenAndHeard(grown(base, evidence), this.#other.otherMuted())) found(evidence);
      else this.#timer = setTimeout(look, LOOK_MS);
    };
    await look();
  }

  stop() {
    this.#round += 1;
    clearTimeout(this.#timer);
  }

  async #read() {
    const [report, opened] = await Promise.all([this.#connection.getStats(), this.#other.opened()]);
    return readEvidence(report.values(), opened);
  }
}
