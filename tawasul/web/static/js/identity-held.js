/**
 * What this device holds of its identity: the key, the anchor, the chain, and the trust by which it judges others. Everything that is kept
 * was verified before.
 *
 * @import { Anchor, Certificate } from "./e2ee/certificate.js"
 * @import { IdentityRecord, IdentityStore } from "./identity-store.js"
 */
import { readAnchor, signaturesOf } from "./e2ee/certificate.js";
import { PrivacyError, refuseUnless } from "./e2ee/errors.js";
import { generateSigningKey } from "./e2ee/keys.js";
import { Trust, verifyRevocations } from "./e2ee/revocation.js";

/** The Amir's office is one place; each of its consoles has a key of its own. */
const PLACE = "emirate";

export class Held {
  #store;
  #record;
  /** @type {Anchor | null} */ anchor = null;
  /** @type {Trust | null} */ trust = null;
  /** Our own, once its signatures were verified; it may have ended since. @type {Certificate | null} */ certificate = null;
  /** Until when the list is good. @type {number | null} */ listUntil = null;
  /** When the list came from the server, of what this page knows. */
  listFetchedAt = 0;

  /** @param {IdentityStore} store @param {IdentityRecord} record */
  constructor(store, record) {
    this.#store = store;
    this.#record = record;
  }

  /** From what was kept, or with a new key. @param {IdentityStore} store @param {number} now seconds since 1970 UTC */
  static async load(store, now) {
    const record = (await store.read()) ?? (await store.orElse({ ...NOTHING, key: await generateSigningKey() }));
    const held = new Held(store, record);
    if (record.anchor) await held.#holdTo(record.anchor);
    if (record.list) await held.#learn(record.list, now).catch(onlyRefusals);
    if (record.chain) await held.#recall(record.chain).catch(onlyRefusals);
    return held;
  }

  get key() {
    return this.#record.key;
  }

  get thumbprint() {
    return this.key.public.thumbprint;
  }

  get chain() {
    return this.#record.chain;
  }

  /** Our name. Throws `PrivacyError("certificate-malformed")` while there is no anchor to tell the region. */
  get urn() {
    refuseUnless(this.anchor, "certificate-malformed");
    return `urn:tawasul:${this.anchor.region}:office:${PLACE}`;
  }

  /** Holds to this anchor from now on, if to none yet. @param {object} json */
  async pin(json) {
    await readAnchor(json);
    this.#record = await this.#store.update((kept) => ({ ...kept, anchor: kept.anchor ?? json }));
    await this.#holdTo(/** @type {object} */ (this.#record.anchor));
  }

  /** Takes a fresh list. Throws `PrivacyError` as `verifyRevocations`; then the former stays. @param {unknown} given @param {number} now */
  async learn(given, now) {
    await this.#learn(given, now);
    const atLeast = this.trust?.atLeast ?? 0;
    this.#record = await this.#store.update((kept) =>
      // Another page of this console may have seen a later one.
      kept.atLeast > atLeast ? kept : { ...kept, list: /** @type {object} */ (given), atLeast },
    );
    this.listFetchedAt = now;
  }

  /**
   * Takes a chain for our own key. One that has ended is taken by who has nothing better, as when this page was closed for days after two
   * people approved it: with it the issuer gives the next. Throws `PrivacyError`: why it is none.
   * @param {unknown} chain @param {number} now @returns {Promise<Certificate>}
   */
  async take(chain, now) {
    const certificate = await this.judge(chain, now).catch((error) => {
      const better = this.certificate && now < this.certificate.expires;
      if (better || !(error instanceof PrivacyError) || error.code !== "certificate-expired") throw error;
      return this.#ours(/** @type {string[]} */ (chain));
    });
    this.#record = await this.#store.update((kept) => ({ ...kept, chain: /** @type {string[]} */ (chain) }));
    this.certificate = certificate;
    return certificate;
  }

  /** Our certificate, when this chain holds now, for our name and our key. Throws `PrivacyError`. @param {unknown} chain @param {number} now */
  async judge(chain, now) {
    refuseUnless(this.trust, "chain-wrong");
    const certificate = await this.trust.verify(chain, now, ["office"], PLACE);
    refuseUnless(certificate.key.thumbprint === this.thumbprint && certificate.urn === this.urn, "key-mismatch");
    return certificate;
  }

  /** @param {object} json */
  async #holdTo(json) {
    this.anchor = await readAnchor(json);
    this.trust = new Trust(this.anchor, this.#record.atLeast);
  }

  /** @param {unknown} given @param {number} now */
  async #learn(given, now) {
    refuseUnless(this.anchor && this.trust, "revocations-wrong");
    const { expires } = await verifyRevocations(given, this.anchor, now, this.trust.atLeast);
    await this.trust.learn(given, now);
    this.listUntil = expires;
  }

  /** What was kept is ours even when it has ended: it can be renewed. @param {string[]} chain */
  async #recall(chain) {
    this.certificate = await this.#ours(chain);
  }

  /** Our certificate, whose time is not looked at. @param {string[]} chain @returns {Promise<Certificate>} */
  async #ours(chain) {
    refuseUnless(this.anchor, "chain-wrong");
    const [own] = await signaturesOf(chain, this.anchor);
    refuseUnless(own.key.thumbprint === this.thumbprint && own.urn === this.urn, "key-mismatch");
    return own;
  }
}

/** @type {Omit<IdentityRecord, "key">} */
const NOTHING = { anchor: null, chain: null, list: null, atLeast: 0 };

/** @param {unknown} error */
function onlyRefusals(error) {
  if (!(error instanceof PrivacyError)) throw error;
}
