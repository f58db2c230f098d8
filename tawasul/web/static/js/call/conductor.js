/**
 * Performs what `state.js` decides: brings together the line, the connection to the other person, the devices and the stage.
 */
import { describe } from "./describe.js";
import { Peer } from "./peer.js";
import { NOTHING_MUTED } from "./state-end.js";
import { NO_CALL, deadline, handle, ongoing } from "./state.js";

/**
 * @import { FromEndpoint } from "../messages.d.ts"
 * @import { CallEffect, CallGiven, CallPart } from "./state-types.d.ts"
 * @import { Capture } from "./devices.js"
 * @import { Stage } from "./stage.js"
 * @typedef {object} Means
 * @property {import("./describe.js").End} end
 * @property {(message: FromEndpoint) => boolean} say over the line
 * @property {Stage} stage
 * @property {Capture} capture
 * @property {(state: CallPart) => void} changed
 */

export class Conductor {
  /** @type {CallPart} */ #state = NO_CALL;
  /** @type {Peer | null} */ #peer = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #means;

  /** @param {Means} means */
  constructor(means) {
    this.#means = means;
    means.capture.addEventListener("change", () => this.#captureChanged());
    this.#show();
  }

  get state() {
    return this.#state;
  }

  /** What the greeting of a new line says. */
  ongoing() {
    return ongoing(this.#state);
  }

  /** @param {CallGiven} given */
  feed(given) {
    const [state, effects] = handle(this.#state, given, performance.now());
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    clearTimeout(this.#timer);
    const due = deadline(state);
    if (due !== null) this.#timer = setTimeout(() => this.feed({ type: "time" }), Math.max(0, due - performance.now()) + 1);
    this.#show();
    this.#means.changed(this.#state);
  }

  /** @param {CallEffect} effect */
  #perform(effect) {
    const { capture, stage, say } = this.#means;
    switch (effect.do) {
      case "send":
        return void say(effect.message);
      case "connect":
        return this.#connect(effect.negotiate);
      case "to-peer":
        return this.#peer?.take(effect.message);
      case "apply-muted":
        return capture.mute(effect.muted);
      case "goodbye":
        return this.#peer?.sayGoodbye();
      case "disconnect":
        this.#peer?.close();
        this.#peer = null;
        return undefined;
      case "release":
        capture.close();
        return stage.clear();
    }
  }

  /** @param {Extract<CallEffect, {do: "connect"}>["negotiate"]} negotiate */
  #connect(negotiate) {
    const { capture, stage } = this.#means;
    this.#peer?.close();
    const muted = this.#state.muted;
    const peer = new Peer(negotiate, muted, (event) => {
      if (peer !== this.#peer) return;
      if (event.type === "connected") stage.connected();
      this.feed({ type: "peer", attempt: negotiate.attempt, event });
    });
    this.#peer = peer;
    stage.expect(peer.remote);
    stage.showOwn(capture.stream);
    // The connection does not wait for the camera: what it gives is put in when it is there.
    peer.send(capture.stream);
    capture.open().then(() => this.#captureChanged());
  }

  #captureChanged() {
    const { capture, stage } = this.#means;
    if (!this.#peer) return;
    stage.showOwn(capture.stream);
    this.#peer.send(capture.stream);
    this.#peer.tellMuted(capture.missing);
    this.#show();
  }

  #show() {
    const { stage, end, capture } = this.#means;
    const { call } = this.#state;
    const missing = call ? capture.missing : NOTHING_MUTED;
    stage.tell(describe(this.#state, end), call?.other ?? null, call?.otherMuted ?? NOTHING_MUTED, missing);
  }
}
