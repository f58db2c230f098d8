/**
 * The last words of a call on the data channel: each end's attestation. Waits for the other's no longer than anyone would notice.
 */

/**
 * @import { Session } from "../e2ee/session.js"
 * @import { Ledger } from "./attestations.js"
 * @typedef {object} Attesting
 * @property {Ledger} ledger
 * @property {(session: Session) => Promise<string>} sign what this end has to say of the call
 * @property {(own: string, other: string | null) => void} keep both, for as long as the page is open
 */

/** Milliseconds for the other's. */
const PATIENCE_MS = 1000;

export class Parting {
  /** @type {(jws: string) => void} */ #take = () => {};
  /** The first that came; a second changes nothing. @type {Promise<string>} */
  #came = new Promise((resolve) => (this.#take = resolve));

  /** @param {string} jws what the other end signed; nothing of it is believed here */
  take(jws) {
    this.#take(jws);
  }

  /** What the other end signed, or null when it did not come. @returns {Promise<string | null>} */
  others() {
    return Promise.race([this.#came, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null))]);
  }
}
