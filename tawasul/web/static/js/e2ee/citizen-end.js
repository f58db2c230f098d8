/**
 * The citizen's end of the handshake (A): says init with its offer, takes resp and conf.
 *
 * @import { Bytes } from "./bytes.js"
 * @import { Credentials, HandshakeEffect } from "./handshake.js"
 * @import { KeyShare } from "./hpke.js"
 * @import { Trust } from "./revocation.js"
 * @import { Seal } from "./seal.js"
 * @import { Party } from "./session.js"
 *
 * @typedef {object} CitizenPart
 * @property {string} sid `<call id>/<attempt>`
 * @property {Credentials} credentials
 * @property {string} office the name of the office that is wanted
 * @property {Trust} trust
 * @property {Bytes} [nonce] n_A
 * @property {KeyShare} [share]
 * @typedef {{jws: string, share: KeyShare, fingerprint: string}} Said
 * @typedef {{epoch: Epoch, office: Party}} Heard
 */
import { b64, fromB64, join, random, sha256, utf8 } from "./bytes.js";
import { orRefuse, refuseUnless } from "./errors.js";
import { HandshakeEnd, WITHIN, checkClaims, sending } from "./handshake.js";
import { SEALED_LENGTH, generateKeyShare, openSecret } from "./hpke.js";
import { read, sign } from "./jws.js";
import { phraseOf } from "./phrase.js";
import { Epoch, Session, transcriptOf } from "./session.js";

export const INIT = "tawasul-init+jwt";
export const RESP = "tawasul-resp+jwt";
const MEMBERS = ["v", "sid", "iat", "role", "to", "chain", "hi", "fp", "ct", "n"];

export class CitizenEnd extends HandshakeEnd {
  #part;
  #nonce;
  /** @type {Said | null} */ #said = null;
  /** @type {Heard | null} */ #heard = null;

  /** @param {CitizenPart} part */
  constructor(part) {
    super(null);
    this.#part = part;
    this.#nonce = part.nonce ?? random(32);
  }

  /** @override @protected @param {string} fingerprint @param {number} now @returns {Promise<HandshakeEffect[]>} */
  async made(fingerprint, now) {
    if (this.#said) return [];
    const { sid, credentials, office } = this.#part;
    const share = this.#part.share ?? (await generateKeyShare());
    const claims = {
      v: 1,
      sid,
      iat: Math.floor(now),
      role: "citizen",
      to: office,
      ...(credentials.chain ? { chain: credentials.chain } : {}),
      fp: fingerprint,
      pk: b64(share.publicKey),
      hc: b64(await commitmentTo(this.#nonce)),
    };
    const jws = await sign(credentials.key, INIT, claims);
    this.#said = { jws, share, fingerprint };
    this.awaits("resp", now + WITHIN);
    return [sending({ t: "init", jws })];
  }

  /** @override @protected @param {Seal} seal @param {number} now @returns {Promise<HandshakeEffect[]>} */
  async took(seal, now) {
    if (seal.t === "resp") return this.#response(seal.jws, now);
    return seal.t === "conf" ? this.#confirmed(seal.mac) : [];
  }

  /** @param {string} jws @param {number} now @returns {Promise<HandshakeEffect[]>} */
  async #response(jws, now) {
    const { sid, credentials, office, trust } = this.#part;
    const said = /** @type {Said} */ (this.#said);
    const { key, claims } = await read(jws, RESP, { tooLarge: "seal-too-large" });
    checkClaims(claims, { members: MEMBERS, sid, role: "office", to: credentials.key.public.thumbprint, now });
    const [sealed] = await orRefuse("seal-malformed", () => [fromB64(claims.ct, SEALED_LENGTH), fromB64(claims.n, 32)]);
    const certificate = await trust.verify(claims.chain, now, ["office"]);
    refuseUnless(certificate.urn === office, "certificate-place-wrong");
    refuseUnless(certificate.key.thumbprint === key.thumbprint, "key-mismatch");
    refuseUnless(key.thumbprint !== credentials.key.public.thumbprint, "reflected");
    const hash = await sha256(utf8(said.jws));
    refuseUnless(claims.hi === b64(hash), "transcript-wrong");
    const secret = await orRefuse("key-share-wrong", () => openSecret(said.share, sealed, hash));
    refuseUnless(secret.length === 32, "key-share-wrong");
    const fingerprint = /** @type {string} */ (claims.fp);
    const peer = { thumbprint: key.thumbprint, urn: certificate.urn, certificate, fingerprint };
    const epoch = await Epoch.of(0, await transcriptOf(said.jws, jws, this.#nonce), secret);
    this.#heard = { epoch, office: peer };
    this.awaits("conf");
    return [
      { do: "pin-peer", fingerprint, peer },
      sending({ t: "reveal", n: this.#nonce, mac: await epoch.confirmation("citizen") }),
    ];
  }

  /** @param {Bytes} mac @returns {Promise<HandshakeEffect[]>} */
  async #confirmed(mac) {
    const { sid, credentials } = this.#part;
    const { epoch, office } = /** @type {Heard} */ (this.#heard);
    refuseUnless(await epoch.confirms("office", mac), "confirmation-wrong");
    this.deadline = null;
    const { fingerprint } = /** @type {Said} */ (this.#said);
    const citizen = { thumbprint: credentials.key.public.thumbprint, urn: credentials.urn, certificate: null, fingerprint };
    const session = new Session({ sid, role: "citizen", parties: { citizen, office }, epoch, phrase: await phraseOf(epoch) });
    return [{ do: "confirmed", session }];
  }
}

/** hc: what this end commits to before it sees the other's nonce. @param {Bytes} nonce */
export function commitmentTo(nonce) {
  return sha256(join(utf8("tawasul/1 commit"), nonce));
}
