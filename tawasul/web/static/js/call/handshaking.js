/**
 * Runs one end of the handshake (`e2ee/handshake.js`): its seals in and out, its one timer, its outcome.
 */
import { b64, fromB64 } from "../e2ee/bytes.js";
import { PrivacyError } from "../e2ee/errors.js";

/**
 * @import { HandshakeEffect, HandshakeEnd, HandshakeGiven } from "../e2ee/handshake.js"
 * @import { Session } from "../e2ee/session.js"
 * @typedef {object} HandshakeUser
 * @property {(payload: string) => void} seal to be sent to the other end, in base64url
 * @property {(fingerprint: string) => void} pin the only DTLS certificate that the other end may use
 * @property {(session: Session) => void} confirmed both ends have the same keys
 * @property {(error: PrivacyError) => void} refused nothing comes after it
 */

export class Handshaking {
  #end;
  #user;
  #stopped = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /** @param {HandshakeEnd} end @param {HandshakeUser} user */
  constructor(end, user) {
    this.#end = end;
    this.#user = user;
  }

  /** This end's description is made: what it says goes before it. @param {"begin" | "answering"} type @param {string} fingerprint */
  described(type, fingerprint) {
    return this.#give({ type, fingerprint });
  }

  /** @param {string} payload of a `seal` */
  take(payload) {
    let bytes;
    try {
      bytes = fromB64(payload);
    } catch {
      return this.#refuse(new PrivacyError("seal-malformed"));
    }
    return this.#give({ type: "received", payload: bytes });
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** @param {HandshakeGiven} given */
  async #give(given) {
    if (this.#stopped) return;
    try {
      for (const effect of await this.#end.handle(given, seconds())) this.#perform(effect);
    } catch (error) {
      // Not the other's fault: the browser's own cryptography failed.
      console.warn("handshake:", error instanceof Error ? error.name : "failed");
      this.#refuse(new PrivacyError("browser-lacks-what-is-needed"));
    }
    this.#arm();
  }

  /** @param {HandshakeEffect} effect */
  #perform(effect) {
    if (this.#stopped) return;
    if (effect.do === "send") this.#user.seal(b64(effect.payload));
    else if (effect.do === "pin-peer") this.#user.pin(effect.fingerprint);
    else if (effect.do === "confirmed") this.#user.confirmed(effect.session);
    else this.#refuse(effect.error);
  }

  /** @param {PrivacyError} error */
  #refuse(error) {
    if (this.#stopped) return;
    this.stop();
    this.#user.refused(error);
  }

  #arm() {
    clearTimeout(this.#timer);
    const due = this.#end.deadline;
    if (this.#stopped || due === null) return;
    this.#timer = setTimeout(() => this.#give({ type: "time" }), Math.max(0, due - seconds()) * 1000 + 1);
  }
}

/** Seconds since 1970 by this device's clock: the server's is the server's word. */
function seconds() {
  return Date.now() / 1000;
}
