/**
 * The last words of a call on the data channel: each end's attestation. Nobody waits while it comes: sound and picture are off by then, and
 * whoever is called in next has a connection of their own.
 */

/**
 * @import { Session } from "../e2ee/session.js"
 * @import { Ledger } from "./attestations.js"
 * @typedef {object} Attesting
 * @property {Ledger} ledger
 * @property {(session: Session) => Promise<string>} sign what this end has to say of the call
 * @property {(own: string, other: string | null) => void} keep both, for as long as the page is open
 */

/** Milliseconds for the other's: an old telephone signs slowly while it draws the page after the call. */
const PATIENCE_MS = 4000;

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
