/**
 * One end's part in the handshake: what `citizen-end.js` and `office-end.js` share.
 *
 *     end.handle(given, now) → effects        end.deadline: when to give {type: "time"}, or null
 *
 * `now` and `deadline` are seconds since 1970 UTC. `handle` is asynchronous because the browser's cryptography is; calls stand in a queue,
 * so what is given is taken in order. After `refuse` nothing comes out any more.
 *
 * @import { Bytes } from "./bytes.js"
 * @import { SigningKey } from "./keys.js"
 * @import { Seal } from "./seal.js"
 * @import { Party, Session } from "./session.js"
 *
 * @typedef {{key: SigningKey, chain: string[] | null, urn: string | null}} Credentials by which this end says who it is; a citizen's own
 * device has neither chain nor name
 * @typedef {{type: "begin", fingerprint: string} | {type: "answering", fingerprint: string}
 *   | {type: "received", payload: Uint8Array} | {type: "time"}} HandshakeGiven
 * `begin`: a citizen's end has made its offer, with this DTLS certificate; `answering`: an office's end has made its answer
 * @typedef {{do: "send", payload: Bytes}
 *   | {do: "pin-peer", fingerprint: string, peer: Party}
 *   | {do: "confirmed", session: Session}
 *   | {do: "refuse", error: PrivacyError, tell: boolean}} HandshakeEffect
 * `pin-peer`: put this fingerprint, and no other, in the other's description before it is taken. `refuse`: end the attempt, close the
 * connection, show why; `tell` says that a `refused` goes before it, for the other end
 */
import { b64 } from "./bytes.js";
import { hasExactly, isFingerprint, isThumbprint, isTime } from "./claims.js";
import { PrivacyError, refuseUnless } from "./errors.js";
import { readSeal, writeSeal } from "./seal.js";

/** All is done within this, in seconds. */
export const WITHIN = 15;
/** How old or how early what the other signed may be, in seconds. */
const CLOCK_DIFFERENCE = 300;

export class HandshakeEnd {
  /** @type {number | null} */ deadline = null;
  /** The other's message that comes next; null where none may. @type {Seal["t"] | null} */ #expected;
  /** What was taken, byte for byte: at most two, since a third is out of order. @type {Set<string>} */ #taken = new Set();
  #over = false;
  /** @type {Promise<HandshakeEffect[]>} */ #turn = Promise.resolve([]);

  /** @param {Seal["t"] | null} expected */
  constructor(expected) {
    this.#expected = expected;
  }

  /** @param {HandshakeGiven} given @param {number} now @returns {Promise<HandshakeEffect[]>} */
  handle(given, now) {
    const turn = this.#turn.then(() => this.#one(given, now));
    this.#turn = turn.catch(() => []);
    return turn;
  }

  /** @param {HandshakeGiven} given @param {number} now @returns {Promise<HandshakeEffect[]>} */
  async #one(given, now) {
    if (this.#over) return [];
    try {
      refuseUnless(this.deadline === null || now < this.deadline, "handshake-late");
      if (given.type === "received") return await this.#received(given.payload, now);
      return given.type === "time" ? [] : await this.made(given.fingerprint, now);
    } catch (error) {
      this.#over = true;
      this.deadline = null;
      if (!(error instanceof PrivacyError)) throw error;
      const tell = error.code !== "refused-by-other";
      const refuse = /** @type {HandshakeEffect} */ ({ do: "refuse", error, tell });
      return tell ? [sending({ t: "refused", code: error.code }), refuse] : [refuse];
    }
  }

  /** @param {Uint8Array} payload @param {number} now @returns {Promise<HandshakeEffect[]>} */
  async #received(payload, now) {
    const seal = readSeal(payload);
    if (seal.t === "refused") throw new PrivacyError("refused-by-other", seal.code);
    const text = b64(payload);
    refuseUnless(!this.#taken.has(text), "seal-repeated");
    refuseUnless(seal.t === this.#expected, "seal-out-of-order");
    this.#taken.add(text);
    this.#expected = null;
    return this.took(seal, now);
  }

  /** From now on the other has so long. @protected @param {Seal["t"]} next @param {number} [until] */
  awaits(next, until) {
    this.#expected = next;
    this.deadline = until ?? this.deadline;
  }

  /** This end's description is made, with this DTLS certificate. @protected @param {string} _fingerprint @param {number} _now @returns {Promise<HandshakeEffect[]>} */
  async made(_fingerprint, _now) {
    return [];
  }

  /** A message whose turn it was. @protected @param {Seal} _seal @param {number} _now @returns {Promise<HandshakeEffect[]>} */
  async took(_seal, _now) {
    return [];
  }
}

/** @param {Seal} seal @returns {HandshakeEffect} */
export function sending(seal) {
  return { do: "send", payload: writeSeal(seal) };
}

/**
 * What init and resp have in common, in the order in which it is refused.
 * @param {Record<string, unknown>} claims
 * @param {{members: string[], sid: string, role: string, to: string, now: number}} expected
 */
export function checkClaims(claims, { members, sid, role, to, now }) {
  // Before the shape: another version may have another one, and its people should read why.
  refuseUnless(!Number.isInteger(claims.v) || claims.v === 1, "version-unknown");
  refuseUnless(claims.v === 1 && hasExactly(claims, members), "seal-malformed");
  refuseUnless(isTime(claims.iat) && isFingerprint(claims.fp), "seal-malformed");
  refuseUnless([claims.sid, claims.role, claims.to].every((text) => typeof text === "string"), "seal-malformed");
  refuseUnless([claims.hc, claims.hi].every((hash) => hash === undefined || isThumbprint(hash)), "seal-malformed");
  refuseUnless(claims.chain === undefined || isChain(claims.chain), "seal-malformed");
  refuseUnless(claims.sid === sid, "session-wrong");
  refuseUnless(Math.abs(now - claims.iat) <= CLOCK_DIFFERENCE, "handshake-stale");
  refuseUnless(claims.role === role, "role-wrong");
  refuseUnless(claims.to === to, "not-for-us");
}

/** @param {unknown} value */
function isChain(value) {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
