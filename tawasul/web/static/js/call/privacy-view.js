/**
 * How private the call is, on the stage (`_stage.html`): the strip in words, icon and colour, and the phrase while this person is asked.
 */
import { alertNow } from "../announce.js";
import { byId } from "../controllers.js";
import { nameOf, say } from "../words.js";
import { showPhrase } from "./phrase-view.js";
import { write } from "./stage-parts.js";

/**
 * @import { PrivacyDescription } from "./privacy.js"
 * @import { Holder } from "./state-types.d.ts"
 */

/** @type {Record<PrivacyDescription["standing"], string>} */
const ICONS = { none: "lock", checking: "lock", unverified: "shield-open", verified: "shield", ended: "alert", over: "shield" };

export class PrivacyView {
  #strip = byId("privacy", HTMLElement);
  #phrase = byId("phrase", HTMLElement);
  #said = "";

  /** @param {(same: boolean) => void} compared */
  constructor(compared) {
    for (const button of document.querySelectorAll("[data-compare]")) {
      button.addEventListener("click", () => {
        byId("privacy-dialog", HTMLDialogElement).close();
        compared(button.getAttribute("data-compare") === "same");
      });
    }
  }

  /** @param {PrivacyDescription} description */
  show(description) {
    const { standing, phrase, compare } = description;
    const sentence = sentenceOf(description);
    this.#strip.dataset.state = standing;
    byId("privacy-icon", SVGUseElement).setAttribute("href", `#icon-${ICONS[standing]}`);
    write("privacy-text", sentence);
    byId("privacy-open", HTMLElement).hidden = standing === "ended";
    // The other sentences are read where they stand (a status); this one at once.
    if (standing === "ended" && sentence !== this.#said) alertNow(sentence);
    this.#said = sentence;
    // Asked as soon as people see each other, and not before: to read digits to nobody is of no use.
    const isAsked = standing === "unverified" && compare === "asked";
    if (this.#phrase.hidden === isAsked) this.#phrase.hidden = !isAsked;
    showPhrase(byId("phrase-digits", HTMLElement), isAsked && phrase ? phrase : "");
  }
}

/** The strip's sentence; empty for none. @param {PrivacyDescription} description @returns {string} */
export function sentenceOf({ standing, word, other, code }) {
  if (!word) return "";
  if (standing === "ended") return say("privacy-ended", { reason: `${say(word)}${code ? ` (${code})` : ""}` });
  return say(word, other ? { name: titleOf(other) } : {});
}

/** The name in the certificate; a citizen's own device has none. @param {Holder} holder */
export function titleOf({ title }) {
  return title ? nameOf({ arabic: title.ar, english: title.en }) : say("privacy-citizen-device");
}
