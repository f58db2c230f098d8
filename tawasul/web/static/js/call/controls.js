/**
 * The buttons of a call and its clock (`_stage.html`): mute, end after a question, how long it has lasted.
 */
import { byId } from "../controllers.js";
import { dates } from "../words.js";
import { secondsSince } from "./clock.js";

/** @import { CallPart, MutedParts } from "./state-types.d.ts" */

export class Controls {
  #sound = byId("mute-sound", HTMLButtonElement);
  #picture = byId("mute-picture", HTMLButtonElement);
  #clock = byId("call-clock", HTMLElement);
  #dialog = byId("hang-up-dialog", HTMLDialogElement);
  /** @type {CallPart | null} */ #state = null;
  #user;

  /** @param {{mute: (muted: MutedParts) => void, hangUp: () => void}} user */
  constructor(user) {
    this.#user = user;
    this.#sound.addEventListener("click", () => this.toggleSound());
    this.#picture.addEventListener("click", () => this.togglePicture());
    byId("hang-up", HTMLButtonElement).addEventListener("click", () => this.askToEnd());
    byId("hang-up-confirm", HTMLButtonElement).addEventListener("click", () => {
      this.#dialog.close();
      user.hangUp();
    });
    setInterval(() => this.#tick(), 1000);
  }

  toggleSound() {
    if (this.#state?.call) this.#user.mute({ ...this.#state.muted, sound: !this.#state.muted.sound });
  }

  togglePicture() {
    if (this.#state?.call) this.#user.mute({ ...this.#state.muted, picture: !this.#state.muted.picture });
  }

  /** A call that was never joined ends at once; a conversation only after a question. */
  askToEnd() {
    const { call } = this.#state ?? {};
    if (!call) return;
    if (call.everConnected) this.#dialog.showModal();
    else this.#user.hangUp();
  }

  /** @param {CallPart} state */
  show(state) {
    this.#state = state;
    this.#sound.setAttribute("aria-pressed", String(state.muted.sound));
    this.#picture.setAttribute("aria-pressed", String(state.muted.picture));
    if (!state.call && this.#dialog.open) this.#dialog.close();
    this.#tick();
  }

  #tick() {
    const server = this.#state?.call?.server;
    const runs = server && server.phase !== "connecting";
    this.#clock.hidden = !runs;
    if (runs) this.#clock.textContent = dates.clock(secondsSince(server.since));
  }
}
