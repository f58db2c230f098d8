/**
 * Says in words how the line to the service stands (`#line-notice`), and offers what a person can do where only a person can.
 */
import { byId } from "./controllers.js";
import { locale, say } from "./words.js";

/** @import { LineState, Reason } from "./line-core.js" */

/**
 * What a person can do about a line that stopped.
 * @param {string} code of the problem
 * @returns {{word: string, act: "use-here" | "reload" | "sign-in"} | null}
 */
export function remedyFor(code) {
  switch (code) {
    case "replaced":
      return { word: "line-use-here", act: "use-here" };
    case "not-signed-in":
      return { word: "line-sign-in", act: "sign-in" };
    case "link-not-valid":
    case "link-expired":
    case "link-used-elsewhere":
    case "refused":
      return null;
    default:
      return { word: "line-reload", act: "reload" };
  }
}

/** The server's own words, or ours where it could say none. @param {Reason} why */
export function reasonText({ code, text }) {
  if (text) return locale === "ar" ? text.arabic : text.english;
  if (code === "replaced") return say("line-replaced");
  if (code === "not-signed-in") return say("line-signed-out");
  return say("line-stopped");
}

export class LineNotice {
  #root = byId("line-notice", HTMLElement);
  #text = byId("line-notice-text", HTMLElement);
  #button = document.createElement("button");

  /** @param {(act: "use-here" | "reload" | "sign-in") => void} act */
  constructor(act) {
    this.#button.type = "button";
    this.#button.className = "button";
    this.#button.hidden = true;
    this.#button.addEventListener("click", () => act(/** @type {"use-here"} */ (this.#button.dataset.act)));
    this.#root.append(this.#button);
  }

  /**
   * @param {LineState} line
   * @param {string | null} note what is true of the call beside (an id of the catalogue)
   */
  show(line, note) {
    const remedy = line.standing === "stopped" && line.why ? remedyFor(line.why.code) : null;
    this.#button.hidden = remedy === null;
    if (remedy) {
      this.#button.textContent = say(remedy.word);
      this.#button.dataset.act = remedy.act;
    }
    const text = sentence(line, note);
    if (this.#text.textContent !== text) this.#text.textContent = text;
    this.#root.hidden = text === "";
  }
}

/** @param {LineState} line @param {string | null} note */
function sentence(line, note) {
  if (line.standing === "stopped") return line.why ? reasonText(line.why) : "";
  if (note) return say(note);
  if (line.standing === "up") return "";
  return line.standing === "connecting" ? say("line-connecting") : say("line-restoring");
}

/** Does what the button of a notice offers. @param {"use-here" | "reload" | "sign-in"} act @param {() => void} useHere */
export function perform(act, useHere) {
  if (act === "use-here") useHere();
  else if (act === "reload") location.reload();
  else location.assign("/sign-in");
}
