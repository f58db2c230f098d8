/**
 * One connection to the other person: one `RTCPeerConnection` for one attempt, never used again after.
 *
 * The citizen's end offers, the office's answers. Nothing that comes in is recorded, stored or sent on.
 */
import { CHANNEL_LABEL, Channel } from "./channel.js";
import { Proof } from "./proof.js";
import { configuration, preferred, toBrowser, toProtocol } from "./shapes.js";

/**
 * @import { Candidate, Answer, Offer, Negotiate } from "../messages.d.ts"
 * @import { MutedParts, Path, PeerEvent } from "./state-types.d.ts"
 */

/** A microphone and a camera, in the order of the offer's sections. @type {["audio", "video"]} */
const KINDS = ["audio", "video"];

export class Peer {
  /** The other's picture and sound, as they come. @readonly */
  remote = new MediaStream();
  #connection;
  #report;
  #muted;
  /** @type {MutedParts} */ #otherMuted = { sound: false, picture: false };
  /** @type {Channel | null} */ #channel = null;
  /** @type {MediaStream | null} */ #local = null;
  /** @type {RTCIceCandidateInit[]} */ #early = [];
  /** Descriptions and candidates are taken in the order in which they came. */ #turn = Promise.resolve();
  /** @type {"starting" | "connected" | "lost" | "closed"} */ #standing = "starting";
  #proof;

  /**
   * @param {Negotiate} negotiate
   * @param {MutedParts} muted what this end does not send
   * @param {(event: PeerEvent) => void} report
   */
  constructor(negotiate, muted, report) {
    this.#report = (/** @type {PeerEvent} */ event) => {
      if (this.#standing !== "closed") report(event);
    };
    this.#muted = muted;
    const connection = new RTCPeerConnection(configuration(negotiate.ice));
    this.#connection = connection;
    connection.ontrack = ({ track }) => this.remote.addTrack(track);
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate !== "") this.#report({ type: "candidate", candidate: toProtocol(candidate) });
    };
    connection.onconnectionstatechange = () => {
      if (connection.connectionState === "failed") this.#lost();
    };
    connection.ondatachannel = ({ channel }) => {
      if (channel.label === CHANNEL_LABEL) this.#use(channel);
    };
    this.#proof = new Proof(connection, () => this.#otherMuted);
    this.#proof.seek((evidence) => this.#connected(evidence.path));
    if (negotiate.offers) this.#inTurn(() => this.#offer());
  }

  /** What this end sends from now on; the connection stands meanwhile. @param {MediaStream} stream */
  send(stream) {
    this.#local = stream;
    this.#inTurn(() => this.#attach());
  }

  /** @param {Offer | Answer | Candidate} message of this attempt */
  take(message) {
    if (message.type === "candidate") this.#inTurn(() => this.#takeCandidate(toBrowser(message.candidate)));
    else this.#inTurn(() => this.#takeDescription(message));
  }

  /** @param {MutedParts} muted */
  tellMuted(muted) {
    this.#muted = muted;
    this.#channel?.tellMuted(muted);
  }

  sayGoodbye() {
    this.#channel?.sayGoodbye();
  }

  /** Ends the connection. What was just said on the channel is given the moment that it needs to leave. */
  close() {
    if (this.#standing === "closed") return;
    this.#standing = "closed";
    this.#proof.stop();
    this.#channel?.close();
    setTimeout(() => this.#connection.close(), 150);
    for (const sender of this.#connection.getSenders()) sender.replaceTrack(null).catch(() => {});
  }

  async #offer() {
    this.#use(this.#connection.createDataChannel(CHANNEL_LABEL, { ordered: true }));
    for (const kind of KINDS) prefer(this.#connection.addTransceiver(kind, { direction: "sendrecv" }), kind);
    await this.#attach();
    await this.#describe(await this.#connection.createOffer());
  }

  /** @param {Offer | Answer} message */
  async #takeDescription({ type, sdp }) {
    await this.#connection.setRemoteDescription({ type, sdp });
    if (type === "offer") {
      for (const transceiver of this.#connection.getTransceivers()) {
        // Both ways even while there is no camera yet: it can join later without a new negotiation.
        transceiver.direction = "sendrecv";
        prefer(transceiver, transceiver.receiver.track.kind);
      }
      await this.#attach();
      await this.#describe(await this.#connection.createAnswer());
    }
    for (const candidate of this.#early.splice(0)) await this.#connection.addIceCandidate(candidate);
  }

  /** @param {RTCIceCandidateInit | null} candidate */
  async #takeCandidate(candidate) {
    if (!candidate) return;
    if (this.#connection.remoteDescription) await this.#connection.addIceCandidate(candidate);
    else this.#early.push(candidate);
  }

  /** @param {RTCSessionDescriptionInit} description */
  async #describe(description) {
    await this.#connection.setLocalDescription(description);
    const { type, sdp } = /** @type {RTCSessionDescription} */ (this.#connection.localDescription);
    this.#report({ type: "description", kind: type === "offer" ? "offer" : "answer", sdp });
  }

  async #attach() {
    for (const transceiver of this.#connection.getTransceivers()) {
      const kind = transceiver.receiver.track.kind;
      const track = this.#local?.getTracks().find((each) => each.kind === kind) ?? null;
      await transceiver.sender.replaceTrack(track);
    }
  }

  /** @param {RTCDataChannel} channel */
  #use(channel) {
    this.#channel = new Channel(channel, this.#muted, {
      lives: (alive) => (alive ? this.#back() : this.#lost()),
      muted: (muted) => {
        this.#otherMuted = muted;
        this.#report({ type: "muted", muted });
      },
      goodbye: () => this.#report({ type: "goodbye" }),
    });
  }

  /** @param {Path | null} path */
  #connected(path) {
    this.#standing = "connected";
    this.#report({ type: "connected", path });
  }

  #lost() {
    if (this.#standing === "lost" || this.#standing === "closed") return;
    this.#standing = "lost";
    this.#proof.stop();
    this.#report({ type: "lost" });
  }

  /** The heartbeats are back: whether picture and sound are too has to be seen. */
  #back() {
    if (this.#standing === "lost") this.#proof.seek((evidence) => this.#connected(evidence.path), true);
  }

  /** @param {() => Promise<void>} step */
  #inTurn(step) {
    this.#turn = this.#turn.then(async () => {
      if (this.#standing === "closed") return;
      try {
        await step();
      } catch (error) {
        // A description that cannot be taken ends this attempt; the server starts the next. A single bad candidate does not.
        console.warn("negotiation:", error instanceof Error ? error.name : "failed");
        if (this.#connection.signalingState !== "stable") this.#lost();
      }
    });
  }
}

/** @param {RTCRtpTransceiver} transceiver @param {string} kind */
function prefer(transceiver, kind) {
  const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs;
  if (codecs) transceiver.setCodecPreferences(preferred(codecs));
}
