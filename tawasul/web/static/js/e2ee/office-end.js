/**
 * The office's end of the handshake (B): takes init with the offer, says resp with its answer, takes reveal.
 *
 * @import { Bytes } from "./bytes.js"
 * @import { Credentials, HandshakeEffect } from "./handshake.js"
 * @import { Trust } from "./revocation.js"
 * @import { RevealSeal, Seal } from "./seal.js"
 * @import { Party } from "./session.js"
 *
 * @typedef {object} OfficePart
 * @property {string} sid `<call id>/<attempt>`
 * @property {Credentials & {urn: string, chain: string[]}} credentials `urn`: this office's name
 * @property {string | null} kiosk the place of the kiosk of which the server speaks; null where the citizen is at their own device
 * @property {Trust} trust
 * @property {Bytes} [nonce] n_B
 * @property {Bytes} [secret] ss
 * @typedef {{jws: string, share: Bytes, commitment: string, citizen: Party}} Heard
 * @typedef {{jws: string, secret: Bytes, fingerprint: string}} Said
 */
import { b64, fromB64, random, sha256, utf8 } from "./bytes.js";
import { INIT, RESP, commitmentTo } from "./citizen-end.js";
import { orRefuse, refuseUnless } from "./errors.js";
import { HandshakeEnd, WITHIN, checkClaims, sending } from "./handshake.js";
import { PUBLIC_LENGTH, sealSecret } from "./hpke.js";
import { read, sign } from "./jws.js";
import { phraseOf } from "./phrase.js";
import { Epoch, Session, transcriptOf } from "./session.js";

const MEMBERS = ["v", "sid", "iat", "role", "to", "chain?", "fp", "pk", "hc"];

export class OfficeEnd extends HandshakeEnd {
  #part;
  /** @type {Heard | null} */ #heard = null;
  /** @type {Said | null} */ #said = null;

  /** @param {OfficePart} part */
  constructor(part) {
    super("init");
    this.#part = part;
  }

  /** @override @protected @param {Seal} seal @param {number} now @returns {Promise<HandshakeEffect[]>} */
  async took(seal, now) {
    if (seal.t === "init") return this.#initial(seal.jws, now);
    return seal.t === "reveal" ? this.#revealed(seal) : [];
  }

  /** @param {string} jws @param {number} now @returns {Promise<HandshakeEffect[]>} */
  async #initial(jws, now) {
    this.deadline = now + WITHIN;
    const { sid, credentials } = this.#part;
    const { key, claims } = await read(jws, INIT, { tooLarge: "seal-too-large" });
    checkClaims(claims, { members: MEMBERS, sid, role: "citizen", to: credentials.urn, now });
    const share = await orRefuse("seal-malformed", () => fromB64(claims.pk, PUBLIC_LENGTH));
    const certificate = await this.#certificateOf(claims.chain, now);
    refuseUnless(!certificate || certificate.key.thumbprint === key.thumbprint, "key-mismatch");
    refuseUnless(key.thumbprint !== credentials.key.public.thumbprint, "reflected");
    const fingerprint = /** @type {string} */ (claims.fp);
    const citizen = { thumbprint: key.thumbprint, urn: certificate?.urn ?? null, certificate, fingerprint };
    this.#heard = { jws, share, commitment: /** @type {string} */ (claims.hc), citizen };
    return [{ do: "pin-peer", fingerprint, peer: citizen }];
  }

  /** A chain that is there must hold; it may be absent only from a citizen's own device. @param {unknown} chain @param {number} now */
  async #certificateOf(chain, now) {
    const { kiosk, trust } = this.#part;
    refuseUnless(chain !== undefined || kiosk === null, "certificate-missing");
    return chain === undefined ? null : trust.verify(chain, now, ["kiosk"], kiosk ?? undefined);
  }

  /** @override @protected @param {string} fingerprint @param {number} now @returns {Promise<HandshakeEffect[]>} */
  async made(fingerprint, now) {
    if (!this.#heard || this.#said) return [];
    const { sid, credentials, nonce = random(32), secret = random(32) } = this.#part;
    const { jws: initial, share, citizen } = this.#heard;
    const hash = await sha256(utf8(initial));
    const sealed = await orRefuse("key-share-wrong", () => sealSecret(share, secret, hash));
    const claims = {
      v: 1,
      sid,
      iat: Math.floor(now),
      role: "office",
      to: citizen.thumbprint,
      chain: credentials.chain,
      hi: b64(hash),
      fp: fingerprint,
      ct: b64(sealed),
      n: b64(nonce),
    };
    const jws = await sign(credentials.key, RESP, claims);
    this.#said = { jws, secret, fingerprint };
    this.awaits("reveal");
    return [sending({ t: "resp", jws })];
  }

  /** @param {RevealSeal} revealed @returns {Promise<HandshakeEffect[]>} */
  async #revealed({ n, mac }) {
    const { sid, credentials } = this.#part;
    const heard = /** @type {Heard} */ (this.#heard);
    const said = /** @type {Said} */ (this.#said);
    refuseUnless(b64(await commitmentTo(n)) === heard.commitment, "commitment-broken");
    const epoch = await Epoch.of(0, await transcriptOf(heard.jws, said.jws, n), said.secret);
    refuseUnless(await epoch.confirms("citizen", mac), "confirmation-wrong");
    this.deadline = null;
    const office = { thumbprint: credentials.key.public.thumbprint, urn: credentials.urn, certificate: null, fingerprint: said.fingerprint };
    const session = new Session({
      sid,
      role: "office",
      parties: { citizen: heard.citizen, office },
      epoch,
      phrase: await phraseOf(epoch),
    });
    return [sending({ t: "conf", mac: await epoch.confirmation("office") }), { do: "confirmed", session }];
  }
}
