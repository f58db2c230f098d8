/**
 * The office's identity in this browser: its key, its certificate, and what it judges others by. The decisions are `identity-core.js`'s.
 *
 * `loadIdentity()` gives it to a call, or null, and then nobody is called in. What the server hands over here is believed only as far as
 * signatures reach: up to the anchor, which comes with the console's own package, or else is the first one that this browser was shown.
 *
 * @import { Anchor } from "./e2ee/certificate.js"
 * @import { SigningKey } from "./e2ee/keys.js"
 * @import { Trust } from "./e2ee/revocation.js"
 * @import { Act, IdentityGiven, IdentityState, Standing } from "./identity-core.js"
 * @typedef {{key: SigningKey, chain: string[], urn: string, trust: Trust}} OfficeIdentity `chain` is `[device's, issuer's]`
 * @typedef {object} IdentityView
 * @property {Standing} standing
 * @property {IdentityState} state
 * @property {Anchor | null} anchor
 * @property {boolean} anchorByHand it came with the console and not from the server
 * @property {boolean} offeredByHand the anchor that differs is the one that came with the console
 * @property {string | null} urn our name
 * @property {string | null} thumbprint of our key
 * @property {boolean | null} kept whether the browser promised to keep the key; null while it was not asked
 */
import { Problem, get, post } from "./api.js";
import { readAnchor } from "./e2ee/certificate.js";
import { isObject } from "./e2ee/claims.js";
import { codeOf as codeOfKey, makeRenewal, makeRequest } from "./e2ee/enrolment.js";
import { PrivacyError, refuseUnless } from "./e2ee/errors.js";
import { LIST_EVERY, UNKNOWN, deadline, handle, standingOf } from "./identity-core.js";
import { Held } from "./identity-held.js";
import { IdentityStore } from "./identity-store.js";

/** Seconds. A timer for weeks would be due at once in browsers; to look once more costs nothing. */
const LONGEST_TIMER = 3600;

class Identity extends EventTarget {
  #store = new IdentityStore("office");
  /** @type {IdentityState} */ #state = UNKNOWN;
  /** @type {Held | null} */ #held = null;
  /** @type {string | null} */ #byHand = null;
  /** @type {boolean | null} */ #kept = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  /** @type {Promise<void>} */ #acting = Promise.resolve();

  /**
   * Begins; `change` events tell of everything that follows.
   * @param {string} anchorText the anchor that came with the console; empty on a page that the server served
   */
  async start(anchorText) {
    this.#held = await Held.load(this.#store, seconds());
    if (anchorText) {
      const anchor = JSON.parse(anchorText);
      this.#byHand = (await readAnchor(anchor)).root.thumbprint;
      await this.#held.pin(anchor);
    }
    const { anchor, certificate, listUntil } = this.#held;
    const fingerprint = anchor?.root.thumbprint ?? null;
    const offered = this.#byHand === fingerprint ? null : this.#byHand;
    this.#give({ type: "known", anchor: fingerprint, offered, certificate: certificate && termOf(certificate), listUntil });
    addEventListener("online", () => this.lookNow());
    // Unasked, a browser that needs room may throw the key away, and two members of staff would have to come again.
    this.#kept = await navigator.storage.persist();
    this.#tell();
  }

  /** @returns {IdentityView} */
  get view() {
    const state = this.#state;
    const anchor = this.#held?.anchor ?? null;
    return {
      standing: standingOf(state, seconds()),
      state,
      anchor,
      anchorByHand: this.#byHand !== null,
      offeredByHand: this.#byHand !== null && state.offered === this.#byHand,
      urn: anchor && /** @type {Held} */ (this.#held).urn,
      thumbprint: this.#held?.thumbprint ?? null,
      kept: this.#kept,
    };
  }

  /** Fetches the list, and how a request stands; done when nothing more is to be done at once. */
  async lookNow() {
    this.#give({ type: "look-now" });
    while (this.#state.doing) await this.#acting;
  }

  /** What a call needs; null unless everything holds at this very moment. @returns {Promise<OfficeIdentity | null>} */
  async credentials() {
    const held = this.#held;
    if (!held) return null;
    if (seconds() - held.listFetchedAt >= LIST_EVERY) await this.lookNow();
    const { chain, trust } = held;
    if (this.view.standing !== "enrolled" || !chain || !trust) return null;
    const holds = await held.judge(chain, seconds()).then(() => true, () => false);
    return holds ? { key: held.key, chain, urn: held.urn, trust } : null;
  }

  /** Gives up key, certificate and anchor: what follows is a new device, which two members of staff have to enrol. */
  async beginAnew() {
    await this.#store.forget();
    location.reload();
  }

  /** @param {IdentityGiven} given */
  #give(given) {
    const now = seconds();
    const [state, act] = handle(this.#state, given, now);
    this.#state = state;
    if (act) this.#acting = this.#perform(act);
    clearTimeout(this.#timer);
    const due = deadline(state, now);
    if (due !== null) this.#timer = setTimeout(() => this.#give({ type: "time" }), Math.min(Math.max(0, due - now), LONGEST_TIMER) * 1000 + 1);
    this.#tell();
  }

  /** @param {Act} act */
  async #perform(act) {
    const given = await ACTS[act](/** @type {Held} */ (this.#held)).catch((error) => failure(act, error));
    this.#give(given);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

/** The one identity of this page. */
export const identity = new Identity();

/** For a call: key, chain, name and trust; null when this console may not call anybody in. @returns {Promise<OfficeIdentity | null>} */
export function loadIdentity() {
  return identity.credentials();
}

/** @type {Record<Act, (held: Held) => Promise<IdentityGiven>>} */
const ACTS = {
  async anchor(held) {
    const json = await get("/api/trust/anchor");
    const { root } = await readAnchor(json);
    if (!held.anchor) await held.pin(json);
    return { type: "anchor", fingerprint: root.thumbprint };
  },
  async list(held) {
    await held.learn(await get("/api/trust/revocations"), seconds());
    const own = held.chain ? await held.judge(held.chain, seconds()).then(() => null, codeOf) : null;
    return { type: "list", until: /** @type {number} */ (held.listUntil), own };
  },
  async ask(held) {
    const answer = await post("/api/trust/requests", { request: await makeRequest(held.key, held.urn, seconds()) });
    // Compared and never shown: whoever took the request names our key's code, and for any other word nobody is sent to this screen.
    refuseUnless(isObject(answer) && answer.code === (await codeOfKey(held.thumbprint)), "enrolment-malformed");
    return { type: "asked" };
  },
  async poll(held) {
    const answer = await get(`/api/trust/requests/${held.thumbprint}`);
    refuseUnless(isObject(answer), "enrolment-malformed");
    const { state, approvals } = answer;
    if (state === "enrolled") return { type: "enrolled", certificate: termOf(await held.take(answer.chain, seconds())) };
    refuseUnless(state === "waiting" || state === "unknown", "enrolment-malformed");
    return { type: "standing", state, approvals: approvals === 1 || approvals === 2 ? approvals : 0 };
  },
  async renew(held) {
    const { serial } = /** @type {import("./e2ee/certificate.js").Certificate} */ (held.certificate);
    const answer = await post("/api/trust/renewals", { renewal: await makeRenewal(held.key, held.urn, serial, seconds()) });
    return { type: "enrolled", certificate: termOf(await held.take(answer?.chain, seconds())) };
  },
};

/** @param {Act} act @param {unknown} error @returns {IdentityGiven} */
function failure(act, error) {
  return { type: "failed", act, code: codeOf(error) };
}

/** The code of what went wrong outside of us; anything else is a fault. @param {unknown} error */
function codeOf(error) {
  if (error instanceof Problem || error instanceof PrivacyError) return error.code;
  // IndexedDB could not write.
  if (error instanceof DOMException) return "identity-not-kept";
  throw error;
}

/** @param {import("./e2ee/certificate.js").Certificate} certificate */
function termOf({ notBefore, expires }) {
  return { from: notBefore, until: expires };
}

/** Since 1970 UTC, by this machine's clock: a server's would say what suits it. */
function seconds() {
  return Date.now() / 1000;
}
