/**
 * The data channel `tawasul`: heartbeats, who is muted, new keys, the attestation, goodbye, how the call is. What is said here stays true while the server is
 * away.
 */
import { HEARTBEAT_MS, born, heardBeat, look } from "./liveness.js";
import { readQuality } from "./quality-reading.js";

/**
 * @import { Attestation, PeerMessage, Quality, Rekey } from "../messages.d.ts"
 * @import { MutedParts } from "./state-types.d.ts"
 * @typedef {object} ChannelUser
 * @property {(alive: boolean) => void} lives the other end's heartbeats stopped, or came back
 * @property {(muted: MutedParts) => void} muted
 * @property {() => void} goodbye
 * @property {(message: Rekey) => void} rekey to be judged: nothing of it is looked at here
 * @property {(quality: Quality) => void} quality how the call is at the other end
 * @property {(jws: string) => void} attestation what the other end signed
 */

export const CHANNEL_LABEL = "tawasul";

/** Characters; `LARGEST_PEER_MESSAGE` of the protocol. Nothing longer is read. */
const LARGEST = 16_384;
/** Characters of a signed text (docs/end-to-end.md). */
const LONGEST_JWS = 12_288;

export class Channel {
  #channel;
  #user;
  #muted;
  /** @type {ReturnType<typeof setInterval> | undefined} */ #beat;
  /** Codes of what was passed over, each said once. @type {Set<string>} @readonly */
  passedOver = new Set();
  #toldAgain = false;
  /** @type {import("./liveness.js").Liveness | null} */ #life = null;

  /**
   * @param {RTCDataChannel} channel
   * @param {MutedParts} muted what this end sends at the moment
   * @param {ChannelUser} user
   */
  constructor(channel, muted, user) {
    this.#channel = channel;
    this.#user = user;
    this.#muted = muted;
    channel.onmessage = (event) => this.#read(event.data);
    channel.onclose = () => clearInterval(this.#beat);
    if (channel.readyState === "open") this.#opened();
    else channel.onopen = () => this.#opened();
  }

  /** Tells what this end sends from now on. @param {MutedParts} muted */
  tellMuted(muted) {
    this.#muted = muted;
    this.say({ type: "muted", sound: muted.sound, picture: muted.picture });
  }

  /** Tells that this end hangs up. */
  sayGoodbye() {
    this.say({ type: "goodbye" });
  }

  close() {
    clearInterval(this.#beat);
    this.#channel.onmessage = null;
    this.#channel.onopen = null;
  }

  #opened() {
    this.#life = born(performance.now());
    this.tellMuted(this.#muted);
    this.say({ type: "heartbeat" });
    this.#beat = setInterval(() => this.#tick(), HEARTBEAT_MS);
  }

  #tick() {
    if (!this.#toldAgain) {
      // Of a channel that has just opened the first word is lost now and then (seen with aiortc at the other end).
      this.#toldAgain = true;
      this.tellMuted(this.#muted);
    }
    this.say({ type: "heartbeat" });
    this.#live((life) => look(life, performance.now()));
  }

  /** @param {unknown} data */
  #read(data) {
    if (typeof data !== "string" || data.length > LARGEST) return;
    const message = parsed(data);
    if (!message) return;
    this.#live((life) => heardBeat(life, performance.now()));
    if (message.type === "muted") this.#user.muted({ sound: message.sound === true, picture: message.picture === true });
    else if (message.type === "goodbye") this.#user.goodbye();
    else if (message.type === "rekey") this.#user.rekey(message);
    else if (message.type === "quality") this.#quality(message);
    else if (message.type === "attestation" && isSignedText(message)) this.#user.attestation(message.jws);
  }

  /** @param {Quality} message */
  #quality(message) {
    const read = readQuality(message);
    if (read.ok) this.#user.quality(read.quality);
    else if (!this.passedOver.has(read.code)) console.warn("the other end's word was passed over:", read.code);
    if (!read.ok) this.passedOver.add(read.code);
  }

  /** @param {(life: import("./liveness.js").Liveness) => import("./liveness.js").Liveness} step */
  #live(step) {
    const before = this.#life ?? born(performance.now());
    this.#life = step(before);
    if (this.#life.alive !== before.alive) this.#user.lives(this.#life.alive);
  }

  /** @param {PeerMessage} message */
  say(message) {
    if (this.#channel.readyState === "open") this.#channel.send(JSON.stringify(message));
  }
}

/** @param {Attestation} message */
function isSignedText({ jws }) {
  return typeof jws === "string" && jws.length <= LONGEST_JWS;
}

/** @param {string} data @returns {PeerMessage | null} */
function parsed(data) {
  try {
    const message = JSON.parse(data);
    return typeof message === "object" && message !== null ? message : null;
  } catch {
    return null; // The other end may be of another make; what cannot be read changes nothing.
  }
}
