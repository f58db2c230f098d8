/**
 * What both ends hold once a handshake is confirmed: who they are, and the secret of each epoch. HKDF and HMAC are the browser's.
 *
 * @import { Bytes } from "./bytes.js"
 * @import { Certificate } from "./certificate.js"
 * @typedef {"citizen" | "office"} Role
 * @typedef {"audio" | "video"} Kind
 * @typedef {object} Party one end, as the handshake proved it
 * @property {string} thumbprint of its signing key
 * @property {string | null} urn its name; null for a citizen's own device
 * @property {Certificate | null} certificate the other's, as it was verified; null for one's own, and for a citizen's own device
 * @property {string} fingerprint of its DTLS certificate
 * @typedef {Record<Kind, Bytes>} FrameKeys one sender's base keys (RFC 9605) in one epoch, 32 bytes each
 */
import { join, prefixed, sha256, u64, utf8 } from "./bytes.js";

/** The key id of a sender's frames. @param {number} epoch @param {Role} sender @param {Kind} kind */
export function kidOf(epoch, sender, kind) {
  return epoch * 4 + (sender === "office" ? 2 : 0) + (kind === "video" ? 1 : 0);
}

/** TH: SHA-256 over the label and all that was said. @param {string} initial init's JWS @param {string} response resp's JWS @param {Bytes} nonce n_A */
export function transcriptOf(initial, response, nonce) {
  return sha256(join(prefixed(utf8("tawasul/1 transcript")), prefixed(utf8(initial)), prefixed(utf8(response)), prefixed(nonce)));
}

/** The secret of one epoch, and what is derived of it. The first epoch is 0. */
export class Epoch {
  #secret;

  /** @param {number} number @param {Bytes} transcript TH_n @param {CryptoKey} secret for HKDF, not extractable */
  constructor(number, transcript, secret) {
    /** @readonly */ this.number = number;
    /** @readonly */ this.transcript = transcript;
    this.#secret = secret;
  }

  /** @param {number} number @param {Bytes} transcript @param {Bytes[]} secret `ss`, or `chain_{n-1} ‖ ss_n` */
  static async of(number, transcript, ...secret) {
    return new Epoch(number, transcript, await crypto.subtle.importKey("raw", join(...secret), "HKDF", false, ["deriveBits"]));
  }

  /** K(label, L), HKDF-SHA-256 (RFC 5869). @param {string | Bytes} label @param {number} length in bytes @returns {Promise<Bytes>} */
  async derive(label, length) {
    const info = typeof label === "string" ? utf8(label) : label;
    const parameters = { name: "HKDF", hash: "SHA-256", salt: this.transcript, info };
    return new Uint8Array(await crypto.subtle.deriveBits(parameters, this.#secret, length * 8));
  }

  /** What the next epoch is chained to. */
  chain() {
    return this.derive("tawasul/1 chain", 32);
  }

  /** How this end confirms the keys: HMAC over TH. @param {Role} role */
  async confirmation(role) {
    return mac(await this.derive(`tawasul/1 confirm ${role}`, 32), this.transcript);
  }

  /** @param {Role} role @param {Bytes} given */
  async confirms(role, given) {
    return macHolds(await this.derive(`tawasul/1 confirm ${role}`, 32), given, this.transcript);
  }

  /** A sender's base keys. @param {Role} sender @returns {Promise<FrameKeys>} */
  async frameKeys(sender) {
    const [audio, video] = await Promise.all([
      this.#baseKey(kidOf(this.number, sender, "audio")),
      this.#baseKey(kidOf(this.number, sender, "video")),
    ]);
    return { audio, video };
  }

  /** @param {number} kid */
  #baseKey(kid) {
    return this.derive(join(utf8("tawasul/1 sframe"), u64(kid)), 32);
  }
}

/** A confirmed handshake. */
export class Session {
  /** @param {{sid: string, role: Role, parties: Record<Role, Party>, epoch: Epoch, phrase: string}} proven */
  constructor({ sid, role, parties, epoch, phrase }) {
    /** @readonly */ this.sid = sid;
    /** This end's. @readonly */ this.role = role;
    /** @readonly */ this.parties = parties;
    /** The one in force; `rekey.js` says when there is another. */ this.epoch = epoch;
    /** Six digits. @readonly */ this.phrase = phrase;
    /** TH of the handshake. @readonly */ this.transcript = epoch.transcript;
  }

  /** The other end. */
  get peer() {
    return this.parties[otherThan(this.role)];
  }
}

/** @param {Role} role @returns {Role} */
export function otherThan(role) {
  return role === "citizen" ? "office" : "citizen";
}

const HMAC = { name: "HMAC", hash: "SHA-256" };

/** @param {Bytes} key @param {Bytes} data @returns {Promise<Bytes>} */
export async function mac(key, data) {
  const imported = await crypto.subtle.importKey("raw", key, HMAC, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}

/** In constant time, by the browser. @param {Bytes} key @param {Bytes} given @param {Bytes} data */
export async function macHolds(key, given, data) {
  const imported = await crypto.subtle.importKey("raw", key, HMAC, false, ["verify"]);
  return crypto.subtle.verify("HMAC", imported, given, data);
}
