/**
 * The line to the service: a WebSocket that is made anew by itself, for ever, without a click. The decisions are `line-core.js`'s.
 */
import ReconnectingSocket from "partysocket/ws";
import { setServerTime } from "./call/clock.js";
import { NEW_LINE, deadline, handle, mayReturn } from "./line-core.js";

/**
 * @import { FromEndpoint, FromServer, OngoingCall } from "./messages.d.ts"
 * @import { LineEffect, LineGiven, LineState } from "./line-core.js"
 * @typedef {object} LineUser
 * @property {() => OngoingCall | null} ongoing the call whose media this page holds, said in the greeting
 * @property {(message: FromServer) => void} heard every message but the pulse
 * @property {(state: LineState) => void} changed the line's standing changed
 */

export class Line {
  /** @type {LineState} */ #state = NEW_LINE;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #socket;
  #user;

  /**
   * Opens at once.
   * @param {string} path of our own host, e.g. `/signaling/office`
   * @param {LineUser} user
   */
  constructor(path, user) {
    this.#user = user;
    this.#socket = new ReconnectingSocket(() => address(path), undefined, {
      // Each page draws its own pace, so that a restarted server is not met by everyone in the same instant.
      minReconnectionDelay: 400 + Math.random() * 800,
      maxReconnectionDelay: 6000 + Math.random() * 2000,
      reconnectionDelayGrowFactor: 1.6,
      connectionTimeout: 6000,
      // Nothing may go out before the greeting: what cannot be said now is refused, never kept for later.
      maxEnqueuedMessages: 0,
      shouldReconnectOnClose: (event) => mayReturn(event.code),
    });
    // By property: the events that the library dispatches lose their close code on the way.
    this.#socket.onopen = () => this.#give({ type: "opened", call: this.#user.ongoing() });
    this.#socket.onmessage = (event) => this.#read(event.data);
    this.#socket.onclose = (event) => this.#give({ type: "closed", code: event.code, reason: event.reason });
    globalThis.addEventListener("online", () => this.#give({ type: "network-back" }));
  }

  /** Whether the server has greeted this line and can be spoken to now. */
  get isUp() {
    return this.#state.standing === "up";
  }

  /**
   * Says `message` now.
   * @param {FromEndpoint} message
   * @returns {boolean} false when the line is not up; nothing is kept for later
   */
  say(message) {
    return this.isUp && this.#socket.send(JSON.stringify(message));
  }

  /** Takes the place back from another page that replaced this one, or tries again after a stop. */
  useHere() {
    this.#give({ type: "use-here" });
  }

  /** @param {unknown} data */
  #read(data) {
    /** @type {FromServer} */
    const message = JSON.parse(String(data));
    if ("server_time" in message) setServerTime(message.server_time);
    this.#give({ type: "heard", message });
  }

  /** @param {LineGiven} given */
  #give(given) {
    const [state, effects] = handle(this.#state, given, performance.now());
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    this.#arm();
  }

  /** @param {LineEffect} effect */
  #perform(effect) {
    if (effect.do === "send") this.#socket.send(JSON.stringify(effect.message));
    else if (effect.do === "make-anew") this.#socket.reconnect();
    else if (effect.do === "tell") this.#user.changed(this.#state);
    else if (effect.message.type !== "pulse") this.#user.heard(effect.message);
  }

  #arm() {
    clearTimeout(this.#timer);
    const due = deadline(this.#state);
    if (due === null) return;
    this.#timer = setTimeout(() => this.#give({ type: "time" }), Math.max(0, due - performance.now()) + 1);
  }
}

/** @param {string} path */
function address(path) {
  const here = new URL(path, location.href);
  here.protocol = here.protocol === "https:" ? "wss:" : "ws:";
  return here.href;
}
