/**
 * Performs what `state.js` decides: brings together the line, the connection to the other person, the devices and the stage.
 */
import { CallRecord } from "./call-record.js";
import { describe } from "./describe.js";
import { Peer } from "./peer.js";
import { PrivacyDetails } from "./privacy-details.js";
import { PrivacyView } from "./privacy-view.js";
import { describePrivacy } from "./privacy.js";
import { qualityAdvice, qualityWord } from "./quality-words.js";
import { saveFile } from "./save-file.js";
import { NOTHING_MUTED } from "./state-end.js";
import { NO_CALL, deadline, handle, ongoing } from "./state.js";

/**
 * @import { FromEndpoint, Negotiate } from "../messages.d.ts"
 * @import { CallEffect, CallGiven, CallPart, PeerEvent, Privacy } from "./state-types.d.ts"
 * @import { Capture } from "./devices.js"
 * @import { Ends } from "./ends.js"
 * @import { Stage } from "./stage.js"
 * @typedef {object} Means
 * @property {import("./describe.js").End} end
 * @property {Ends} ends what this end says of itself
 * @property {(message: FromEndpoint) => boolean} say over the line
 * @property {Stage} stage
 * @property {Capture} capture
 * @property {(state: CallPart) => void} changed
 */

export class Conductor {
  /** @type {CallPart} */ #state = NO_CALL;
  /** @type {Peer | null} */ #peer = null;
  /** Of the present call, and of the last. @type {CallRecord | null} */ #record = null;
  /** Of the present call, and of the last. @type {Privacy | null} */ #proven = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #means;
  #privacy = new PrivacyView((same) => this.feed({ type: "compared", same }));
  #details = new PrivacyDetails(async () => this.#peer?.traffic() ?? null, () => this.saveAttestation());

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

  /** What both ends signed of the last call, as a file for this person. */
  saveAttestation() {
    const file = this.#record?.attestation;
    if (file) saveFile(`tawasul-attestation-${this.#record?.callId}.json`, file);
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
      case "remember":
        return this.#record?.rememberCompared(effect.pair);
      case "apply-muted":
        return capture.mute(effect.muted);
      case "goodbye":
        return this.#peer?.sayGoodbye();
      case "disconnect":
        this.#peer?.close(effect.attests);
        this.#peer = null;
        return undefined;
      case "release":
        this.#record?.forget();
        capture.close();
        return stage.clear();
    }
  }

  /** @param {Negotiate} negotiate */
  #connect(negotiate) {
    const { capture, stage } = this.#means;
    this.#peer?.close();
    const record = this.#recordOf(negotiate.call_id);
    const means = { part: record.part(negotiate), attesting: record.attesting };
    const peer = new Peer(negotiate, this.#state.muted, means, (event) => {
      if (peer === this.#peer) this.#hear(record, negotiate.attempt, event);
    });
    this.#peer = peer;
    stage.expect(peer.remote);
    stage.showOwn(capture.stream);
    // The connection does not wait for the camera: what it gives is put in when it is there.
    peer.send(capture.stream);
    capture.open().then(() => this.#captureChanged());
  }

  /** @param {string} callId */
  #recordOf(callId) {
    if (this.#record?.callId === callId) return this.#record;
    const record = new CallRecord(callId, this.#means.ends, () => this.feed({ type: "attested", callId }));
    this.#record = record;
    return record;
  }

  /** @param {CallRecord} record @param {number} attempt @param {PeerEvent} event */
  #hear(record, attempt, event) {
    if (event.type === "connected") this.#means.stage.connected();
    this.feed({ type: "peer", attempt, event });
    // Compared before the page was loaded again: it holds for the same two keys.
    if (event.type === "confirmed" && record.compared === event.privacy.pair) this.feed({ type: "compared", same: true });
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
    const { call, attested } = this.#state;
    const missing = call ? capture.missing : NOTHING_MUTED;
    stage.tell(describe(this.#state, end), call?.other ?? null, call?.otherMuted ?? NOTHING_MUTED, missing);
    stage.tellQuality([qualityWord(this.#state, end), qualityAdvice(this.#state, end)], call?.quality?.level ?? "good");
    const privacy = describePrivacy(this.#state);
    this.#privacy.show(privacy);
    if (call) this.#proven = call.privacy;
    this.#details.show(privacy, this.#proven, attested);
  }
}
