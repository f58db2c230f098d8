/**
 * Seals and opens every frame of one connection; without keys nothing is sent and nothing is played.
 *
 *     const guard = new FrameGuard("office", failed);
 *     const connection = new RTCPeerConnection(guarded(configuration));
 *     const transceiver = connection.addTransceiver("video");         // or in `ontrack`
 *     guard.guardSender(transceiver.sender, "video");                   // in the same task!
 *     guard.guardReceiver(transceiver.receiver, "video");
 *     await guard.receiveUnder(0, await session.epoch.frameKeys("citizen"));
 *     await guard.sendUnder(0, await session.epoch.frameKeys("office"));
 *
 * A transform that is set in a later task than that in which the sender was made is ignored by Chromium, and frames go out in clear. A
 * connection made with `guarded` does not fail so: there no frame passes until a transform is set, early or late. Firefox and Safari do not
 * know the option and wait for a transform that is set in the same task; so both are done, always.
 *
 * @import { FrameCounts, Order } from "./sframe-worker.js"
 * @import { FrameKeys, Kind, Role } from "./session.js"
 */
import { PrivacyError } from "./errors.js";
import { startFrameWorker } from "./trusted-worker.js";

/** The configuration of a connection whose frames are all guarded. @param {RTCConfiguration} configuration @returns {RTCConfiguration} */
export function guarded(configuration) {
  return /** @type {RTCConfiguration} */ ({ ...configuration, encodedInsertableStreams: true });
}

export class FrameGuard {
  #worker;
  #failed;
  #ended = false;
  #asked = 0;
  /** Orders that the worker has not carried out yet, by number. @type {Map<number, {done: (counts: FrameCounts) => void, failed: (error: PrivacyError) => void}>} */
  #waiting = new Map();

  /**
   * @param {Role} role this end's
   * @param {(error: PrivacyError) => void} failed the worker does not work: nothing is sent or played any more; called once
   */
  constructor(role, failed) {
    this.#failed = failed;
    this.#worker = startFrameWorker(role);
    this.#worker.onerror = () => this.#broken();
    this.#worker.onmessageerror = () => this.#broken();
    this.#worker.onmessage = ({ data: { id, done, counts } }) => {
      if (!done) return this.#broken();
      this.#waiting.get(id)?.done(counts);
      this.#waiting.delete(id);
    };
  }

  /** In the task in which the sender was made. @param {RTCRtpSender} sender @param {Kind} kind */
  guardSender(sender, kind) {
    sender.transform = new RTCRtpScriptTransform(this.#worker, { side: "send", kind });
  }

  /** In the task in which the receiver was made. @param {RTCRtpReceiver} receiver @param {Kind} kind */
  guardReceiver(receiver, kind) {
    receiver.transform = new RTCRtpScriptTransform(this.#worker, { side: "receive", kind });
  }

  /** Frames of this epoch are opened too, once this is done; what had passed until then. @param {number} epoch @param {FrameKeys} keys the other end's */
  receiveUnder(epoch, keys) {
    return this.#order({ do: "receive", epoch, keys });
  }

  /** Frames are sealed under this epoch, once this is done. @param {number} epoch later than any before @param {FrameKeys} keys this end's */
  async sendUnder(epoch, keys) {
    await this.#order({ do: "send", epoch, keys });
  }

  /** Frames of this epoch are opened no more. @param {number} epoch */
  async drop(epoch) {
    await this.#order({ do: "drop", epoch });
  }

  /** How many earlier frames of the voice travel again in each packet, where it is sent as RED. @param {number} depth 1 or 2 */
  async repeat(depth) {
    await this.#order({ do: "repeat", depth });
  }

  /** What was sealed, opened and refused until now. @returns {Promise<FrameCounts>} */
  counts() {
    return this.#order({ do: "count" });
  }

  /** Nothing is sent or played from this moment on, whatever becomes of the connection. Orders under way fail. */
  close() {
    this.#end();
  }

  /** @param {Order} order @returns {Promise<FrameCounts>} */
  #order(order) {
    return new Promise((done, failed) => {
      if (this.#ended) return failed(new PrivacyError("browser-lacks-what-is-needed"));
      const id = this.#asked++;
      this.#waiting.set(id, { done, failed });
      this.#worker.postMessage({ id, order });
    });
  }

  #broken() {
    if (this.#end()) this.#failed(new PrivacyError("browser-lacks-what-is-needed"));
  }

  #end() {
    if (this.#ended) return false;
    this.#ended = true;
    this.#worker.terminate();
    for (const { failed } of this.#waiting.values()) failed(new PrivacyError("browser-lacks-what-is-needed"));
    this.#waiting.clear();
    return true;
  }
}
