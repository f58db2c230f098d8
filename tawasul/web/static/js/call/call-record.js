/**
 * What this page keeps of one call over all its attempts: the key made for it, the comparison of the phrase, and what is signed at the end.
 *
 * @import { Session } from "../e2ee/session.js"
 * @import { Negotiate } from "../messages.d.ts"
 * @import { Ends } from "./ends.js"
 * @import { Attesting } from "./parting.js"
 * @import { Part } from "./proving.js"
 */
import { makeAttestation } from "../e2ee/attestation.js";
import { generateSigningKey } from "../e2ee/keys.js";
import { Ledger } from "./attestations.js";
import { forgetCalls, recall, remember } from "./call-memory.js";

export class CallRecord {
  /** The pair of keys of which this person said that the phrase is the same. @type {string | null} */ compared = null;
  /** Both ends' signed texts, once the call is over: the file of docs/end-to-end.md. @type {string | null} */ attestation = null;
  #callId;
  #ends;
  #kept;
  #isOver = false;
  #ledger = new Ledger([], null, (handshakes, pair) => this.#remember({ handshakes, pair }));
  #remembered;
  /** @type {Part["credentials"] | null} */ #credentials = null;

  /** @param {string} callId @param {Ends} ends @param {() => void} kept the attestation is there */
  constructor(callId, ends, kept) {
    this.#callId = callId;
    this.#ends = ends;
    this.#kept = kept;
    this.#remembered = recall(ends.role, callId).then((known) => {
      this.#ledger.handshakes = known.handshakes;
      this.#ledger.pair = known.pair;
      this.compared = known.compared;
      return known;
    });
  }

  get callId() {
    return this.#callId;
  }

  /** What this end says of itself in this attempt. @param {Negotiate} negotiate @returns {Promise<Part>} */
  async part(negotiate) {
    const known = await this.#remembered;
    const part = await this.#ends.part(negotiate, async () => known.key ?? this.#makeKey(known));
    this.#credentials = part.credentials;
    return part;
  }

  /** @returns {Attesting} */
  get attesting() {
    return {
      ledger: this.#ledger,
      sign: (session) => this.#sign(session),
      keep: (own, other) => {
        const [citizen, office] = this.#ends.role === "citizen" ? [own, other] : [other, own];
        this.attestation = JSON.stringify({ v: 1, citizen, office });
        this.#kept();
      },
    };
  }

  /** This person said that the phrase is the same. @param {string} pair */
  rememberCompared(pair) {
    this.compared = pair;
    this.#remember({ compared: pair });
  }

  /** The call is over: its key and all that was kept on this device go. */
  forget() {
    this.#isOver = true;
    forgetCalls(this.#ends.role).catch(() => {}); // What was never kept need not be forgotten.
  }

  /** @param {import("./call-memory.js").Remembered} known */
  async #makeKey(known) {
    known.key = await generateSigningKey();
    await remember(this.#ends.role, this.#callId, { key: known.key });
    return known.key;
  }

  /** @param {Partial<import("./call-memory.js").Remembered>} more */
  #remember(more) {
    // A browser that keeps nothing costs a second comparison after a reload, and no call.
    if (!this.#isOver) remember(this.#ends.role, this.#callId, more).catch(() => {});
  }

  /** @param {Session} session */
  #sign({ role, parties: { citizen, office } }) {
    if (!this.#credentials) throw new TypeError("a session without credentials");
    const { key, chain } = this.#credentials;
    const pair = `${citizen.thumbprint} ${office.thumbprint}`;
    return makeAttestation(key, {
      v: 1,
      call: this.#callId,
      role,
      parties: { citizen: partyOf(citizen), office: partyOf(office) },
      handshakes: this.#ledger.handshakes,
      phrase: this.compared === pair ? "same" : "not-compared",
      frames: this.#ledger.frames,
      recorder: false,
      ...(chain ? { chain } : {}),
    });
  }
}

/** @param {import("../e2ee/session.js").Party} party */
function partyOf({ thumbprint, urn }) {
  return { jkt: thumbprint, ...(urn ? { urn } : {}) };
}
