/**
 * The details of how private the call is (`_privacy.html`): who is present, the phrase, what the devices agreed, the attestation.
 */
import { icon } from "../announce.js";
import { byId } from "../controllers.js";
import { dates, say } from "../words.js";
import { showPhrase } from "./phrase-view.js";
import { sentenceOf, titleOf } from "./privacy-view.js";
import { write } from "./stage-parts.js";

/**
 * @import { PrivacyDescription } from "./privacy.js"
 * @import { Holder, Privacy } from "./state-types.d.ts"
 * @typedef {object} Traffic what passes at the moment
 * @property {number} epoch
 * @property {number} sealed frames
 * @property {number} opened frames
 * @property {number} refused frames
 */

/** While somebody looks. */
const LOOK_MS = 1000;

/** Both are fixed by docs/end-to-end.md. */
const ALGORITHMS = "ES256 · X-Wing (ML-KEM-768, X25519) · HKDF-SHA-256 · SFrame AES-256-GCM · DTLS-SRTP";

export class PrivacyDetails {
  #dialog = byId("privacy-dialog", HTMLDialogElement);
  #traffic;
  /** @type {Privacy | null} */ #privacy = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */ #timer;

  /** @param {() => Promise<Traffic | null>} traffic @param {() => void} save */
  constructor(traffic, save) {
    this.#traffic = traffic;
    byId("save-attestation", HTMLButtonElement).addEventListener("click", save);
    // However it is opened: by the strip, or by a key.
    new MutationObserver(() => this.#watch()).observe(this.#dialog, { attributeFilter: ["open"] });
  }

  /**
   * @param {PrivacyDescription} description
   * @param {Privacy | null} privacy of the call, also when it is over
   * @param {boolean} attested whether there is an attestation to save
   */
  show(description, privacy, attested) {
    this.#privacy = privacy;
    write("privacy-standing", sentenceOf(description));
    byId("save-attestation", HTMLButtonElement).disabled = !attested;
    byId("save-attestation-later", HTMLElement).hidden = attested;
    const { compare, phrase } = description;
    byId("privacy-compare", HTMLElement).hidden = phrase === null;
    showPhrase(byId("privacy-digits", HTMLElement), phrase ?? "");
    if (compare) write("privacy-compare-text", say(WORDS[compare]));
    const answers = /** @type {HTMLElement} */ (byId("privacy-compare", HTMLElement).querySelector('[data-part="answers"]'));
    answers.hidden = compare === "answered";
    this.#present();
    this.#facts();
  }

  #present() {
    const { own, other } = this.#privacy ?? {};
    const key = own && other ? `${own.thumbprint} ${other.thumbprint}` : "";
    const list = byId("privacy-present", HTMLElement);
    if (list.dataset.pair === key) return;
    list.dataset.pair = key;
    const ownName = say(own?.urn ? "privacy-office" : "privacy-own-device");
    list.replaceChildren(...(own && other ? [line(`${say("privacy-you")}: ${ownName}`), line(titleOf(other))] : [line(say("privacy-checking"))]));
  }

  #facts() {
    const { own, other } = this.#privacy ?? {};
    if (!own || !other) return;
    fact("privacy-other-key", short(other.thumbprint));
    fact("privacy-own-key", short(own.thumbprint));
    fact("privacy-certificate", other.urn ? certified(other) : say("privacy-certificate-none"));
    fact("privacy-transport", short(other.fingerprint.replace(/^sha-256 /, "")));
    fact("privacy-algorithms", ALGORITHMS);
  }

  #watch() {
    clearInterval(this.#timer);
    if (!this.#dialog.open) return;
    this.#look();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  async #look() {
    const traffic = await this.#traffic();
    if (!traffic) return;
    fact("privacy-epoch", say("privacy-epoch-value", { epoch: traffic.epoch }));
    fact("privacy-frames", say("privacy-frames-value", { sealed: traffic.sealed, opened: traffic.opened, refused: traffic.refused }));
  }
}

/** @type {Record<"asked" | "offered" | "answered", string>} */
const WORDS = { asked: "privacy-compare-needed", offered: "privacy-compare-optional", answered: "privacy-compared-same" };

/** @param {string} word @param {string} text */
function fact(word, text) {
  const place = document.querySelector(`[data-fact="${word}"]`);
  if (place && place.textContent !== text) place.textContent = text;
}

/** @param {Holder} holder */
function certified(holder) {
  const until = new Date((holder.expires ?? 0) * 1000).toISOString();
  return say("privacy-certificate-until", { name: `${titleOf(holder)} (${holder.urn})`, until: `${dates.day(until)} ${dates.time(until)}` });
}

/** Enough to compare by eye with another screen. @param {string} hash */
function short(hash) {
  return `${hash.slice(0, 17)}…`;
}

/** @param {string} text */
function line(text) {
  const element = document.createElement("li");
  element.append(icon("person"), text);
  return element;
}
