/**
 * The stage of a call (`_stage.html`): the other's picture large, one's own small, and in words what is true of both.
 *
 * A new attempt's picture replaces the old one only when its first frame is there; until then the last picture stays, dimmed by the style
 * sheet (`data-state` on `#stage`).
 */
import { announce } from "../announce.js";
import { byId } from "../controllers.js";
import { nameOf, say } from "../words.js";
import { spareFor, unlockButton, write } from "./stage-parts.js";

/**
 * @import { Party } from "../messages.d.ts"
 * @import { Description } from "./describe.js"
 * @import { MutedParts } from "./state-types.d.ts"
 */

/** @type {Record<Description["standing"], [state: string, icon: string]>} How the template calls each standing. */
const STATES = {
  none: ["idle", "people"],
  connecting: ["calling", "call-in"],
  "in-call": ["in-call", "people"],
  reconnecting: ["reconnecting", "line"],
  over: ["idle", "check-circle"],
};

export class Stage {
  #root = byId("stage", HTMLElement);
  #own = byId("own-video", HTMLVideoElement);
  #shown = byId("remote-video", HTMLVideoElement);
  #spare = spareFor(this.#shown);
  #unlock = unlockButton();
  #said = "";

  constructor() {
    this.#own.muted = true; // Heard twice, one's own voice is an echo.
    this.#unlock.addEventListener("click", () => this.#unlocked());
  }

  /** The other's picture and sound of a new attempt. @param {MediaStream} stream */
  expect(stream) {
    const next = this.#spare;
    next.srcObject = stream;
    this.#play(next);
    next.requestVideoFrameCallback?.(() => this.#show(next, stream));
  }

  /** The other is seen and heard: whatever they send is shown, be it sound alone. */
  connected() {
    if (this.#spare.srcObject instanceof MediaStream) this.#show(this.#spare, this.#spare.srcObject);
  }

  /** One's own picture, as in a mirror. @param {MediaStream} stream */
  showOwn(stream) {
    if (this.#own.srcObject !== stream) this.#own.srcObject = stream;
    this.#own.play().catch(() => {}); // Without a track there is nothing to play yet.
  }

  /** Nothing is left of the call on the page. */
  clear() {
    for (const video of [this.#shown, this.#spare, this.#own]) video.srcObject = null;
    this.#unlock.hidden = true;
  }

  /**
   * @param {Description} description
   * @param {Party | null} other
   * @param {MutedParts} otherMuted
   * @param {MutedParts} ownMissing
   */
  tell(description, other, otherMuted, ownMissing) {
    const [state, usual] = STATES[description.standing];
    const picture = description.title === "call-over-not-private" ? "alert" : usual;
    this.#root.dataset.state = state;
    write("stage-message-title", say(description.title));
    write("stage-message-text", say(description.text));
    byId("stage-message-icon", SVGUseElement).setAttribute("href", `#icon-${picture}`);
    write("remote-name", other ? nameOf(other.name) : "");
    byId("remote-sound-off", HTMLElement).hidden = !otherMuted.sound;
    byId("remote-picture-off", HTMLElement).hidden = !otherMuted.picture;
    byId("own-picture-off", HTMLElement).hidden = !ownMissing.picture;
    this.#aloud(description);
  }

  /** How the call is; nothing where all is well. It is read where it stands (a status). @param {(string | null)[]} words @param {string} level */
  tellQuality(words, level) {
    byId("quality", HTMLElement).dataset.level = level;
    write("quality", words.flatMap((word) => (word ? [say(word)] : [])).join(" "));
  }

  /** @param {Description} description */
  #aloud({ standing, title, text }) {
    const sentence = `${say(title)} ${say(text)}`;
    if (sentence !== this.#said && (standing !== "none" || this.#said)) announce(sentence);
    this.#said = sentence;
  }

  /** @param {HTMLVideoElement} next @param {MediaStream} stream */
  #show(next, stream) {
    if (next.srcObject !== stream || next === this.#shown) return;
    const last = this.#shown;
    [this.#shown, this.#spare] = [next, last];
    next.id = last.id;
    last.removeAttribute("id");
    next.hidden = false;
    last.hidden = true;
    last.srcObject = null;
  }

  /** @param {HTMLVideoElement} video */
  async #play(video) {
    try {
      video.muted = false;
      await video.play();
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "NotAllowedError") return;
      // After a reload some browsers give sound only after a touch: the picture comes at once, and a button for the sound.
      video.muted = true;
      this.#unlock.hidden = false;
      announce(say("call-sound-locked"));
      await video.play().catch(() => {});
    }
  }

  #unlocked() {
    this.#unlock.hidden = true;
    for (const video of [this.#shown, this.#spare]) if (video.srcObject) this.#play(video);
  }
}
