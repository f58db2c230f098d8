/**
 * Offer, answer and candidates of one connection (JSEP, RFC 9429), each in its turn. The other's description is taken only with the DTLS
 * certificate that the other signed, and nothing is sent before `release`.
 */
import { fingerprintOf, pinSdp, withoutAudioLevel, withVoiceParameters } from "../e2ee/pinning.js";
import { preferred, toBrowser } from "./shapes.js";

/** @import { Answer, Candidate, Offer } from "../messages.d.ts" */

/** A microphone and a camera, in the order of the offer's sections. @type {["audio", "video"]} */
const KINDS = ["audio", "video"];

/**
 * @typedef {object} NegotiationUser
 * @property {(transceiver: RTCRtpTransceiver) => void} made in the very task in which it was
 * @property {(kind: "offer" | "answer", fingerprint: string) => Promise<void>} describing our description is made, with this DTLS certificate;
 *   it goes out when this is done
 * @property {Promise<string>} pinned the fingerprint that the other end signed
 * @property {(kind: "offer" | "answer", sdp: string) => void} described our own description, to be sent
 * @property {() => void} failed this attempt cannot come about
 */

export class Negotiation {
  #connection;
  #user;
  /** @type {MediaStream | null} */ #local = null;
  /** @type {RTCIceCandidateInit[]} */ #early = [];
  /** The one description of the other's that is taken in this attempt. @type {"offer" | "answer" | null} */ #awaits = "offer";
  #isReleased = false;
  #stopped = false;
  /** Descriptions and candidates are taken in the order in which they came. */ #turn = Promise.resolve();

  /** @param {RTCPeerConnection} connection @param {NegotiationUser} user */
  constructor(connection, user) {
    this.#connection = connection;
    this.#user = user;
    // Of the transceivers that an offer makes, the event is the only word in their own task.
    connection.addEventListener("track", ({ transceiver }) => user.made(transceiver));
  }

  /** The citizen's end offers: both ways for sound and picture, whether or not the camera is there yet. */
  offer() {
    this.#awaits = "answer";
    for (const kind of KINDS) {
      const transceiver = this.#connection.addTransceiver(kind, { direction: "sendrecv" });
      this.#user.made(transceiver);
      prefer(transceiver);
    }
    this.#inTurn(async () => this.#describe("offer", await this.#connection.createOffer()));
  }

  /** @param {Offer | Answer | Candidate} message of this attempt */
  take(message) {
    if (message.type === "candidate") this.#inTurn(() => this.#takeCandidate(toBrowser(message.candidate)));
    else this.#inTurn(() => this.#takeDescription(message));
  }

  /** What is sent from the release on; the connection stands meanwhile. @param {MediaStream} stream */
  send(stream) {
    this.#local = stream;
    this.#inTurn(() => this.#attach());
  }

  /** It is proven who the other is: what this end has to send may go. */
  release() {
    this.#isReleased = true;
    this.#inTurn(() => this.#attach());
  }

  /** Nothing is sent, taken or said from now on. */
  stop() {
    this.#stopped = true;
    for (const sender of this.#connection.getSenders()) sender.replaceTrack(null).catch(() => {}); // Closed already.
  }

  /** @param {Offer | Answer} message */
  async #takeDescription({ type, sdp }) {
    if (type !== this.#awaits) return; // A server that describes anew would add sections to a connection that stands.
    this.#awaits = null;
    const pinned = pinSdp(withVoiceParameters(withoutAudioLevel(sdp), { red: hasRed() }), await this.#user.pinned);
    await this.#connection.setRemoteDescription({ type, sdp: pinned });
    if (type === "offer") {
      for (const transceiver of this.#connection.getTransceivers()) {
        // Of a section in which the other end would send nothing there was no event.
        this.#user.made(transceiver);
        // Both ways even while there is no camera yet: it can join later without a new negotiation.
        transceiver.direction = "sendrecv";
        prefer(transceiver);
      }
      await this.#describe("answer", await this.#connection.createAnswer());
    }
    for (const candidate of this.#early.splice(0)) await this.#connection.addIceCandidate(candidate);
  }

  /** @param {RTCIceCandidateInit | null} candidate */
  async #takeCandidate(candidate) {
    if (!candidate) return;
    if (this.#connection.remoteDescription) await this.#connection.addIceCandidate(candidate);
    else this.#early.push(candidate);
  }

  /** @param {"offer" | "answer"} kind @param {RTCSessionDescriptionInit} made */
  async #describe(kind, { sdp = "" }) {
    const quiet = withoutAudioLevel(sdp);
    await this.#user.describing(kind, fingerprintOf(quiet));
    if (this.#stopped) return;
    await this.#connection.setLocalDescription({ type: kind, sdp: quiet });
    const { sdp: described } = /** @type {RTCSessionDescription} */ (this.#connection.localDescription);
    this.#user.described(kind, withVoiceParameters(described));
  }

  async #attach() {
    if (!this.#isReleased) return;
    for (const { sender, receiver } of this.#connection.getTransceivers()) {
      if (this.#stopped) return;
      await sender.replaceTrack(this.#local?.getTracks().find(({ kind }) => kind === receiver.track.kind) ?? null);
    }
  }

  /** @param {() => Promise<void>} step */
  #inTurn(step) {
    this.#turn = this.#turn.then(async () => {
      if (this.#stopped) return;
      try {
        await step();
      } catch (error) {
        // A description that cannot be taken ends this attempt; the server starts the next. A single bad candidate does not.
        console.warn("negotiation:", error instanceof Error ? error.name : "failed");
        if (this.#connection.signalingState !== "stable") this.#user.failed();
      }
    });
  }
}

/** Whether this browser sends RED: who has none would give up Opus's own repair for nothing. */
const hasRed = () => (RTCRtpSender.getCapabilities("audio")?.codecs ?? []).some(({ mimeType }) => mimeType.toLowerCase() === "audio/red");

/** @param {RTCRtpTransceiver} transceiver */
function prefer(transceiver) {
  const codecs = RTCRtpReceiver.getCapabilities(transceiver.receiver.track.kind)?.codecs;
  if (codecs) transceiver.setCodecPreferences(preferred(codecs));
}
