/**
 * One connection to the other person: one `RTCPeerConnection` for one attempt, never used again after.
 *
 * The citizen's end offers, the office's answers. Nothing is sent or played before it is proven who the other is (`secrecy.js`); nothing that
 * comes in is recorded, stored or sent on.
 */
import { guarded } from "../e2ee/guard.js";
import { showedAnother } from "./certificate-in-use.js";
import { CHANNEL_LABEL, Channel } from "./channel.js";
import { Negotiation } from "./negotiation.js";
import { Proof } from "./proof.js";
import { QualityWatch } from "./quality-watch.js";
import { Secrecy } from "./secrecy.js";
import { configuration, toProtocol } from "./shapes.js";
import { LATE } from "./state-privacy.js";

/**
 * @import { PrivacyError } from "../e2ee/errors.js"
 * @import { Answer, Candidate, Offer, Negotiate, Seal } from "../messages.d.ts"
 * @import { SecrecyMeans } from "./secrecy.js"
 * @import { MutedParts, Path, PeerEvent, Privacy, Via } from "./state-types.d.ts"
 */

/** What was just said on the channel needs a moment to leave, in milliseconds. */
const LEAVES_MS = 150;

export class Peer {
  /** The other's picture and sound, once it is proven who the other is. @readonly */
  remote = new MediaStream();
  #connection;
  #negotiation;
  #secrecy;
  #proof;
  #quality;
  #report;
  #muted;
  /** @type {MutedParts} */ #otherMuted = { sound: false, picture: false };
  /** @type {Channel | null} */ #channel = null;
  #saysGoodbye = false;
  /** @type {"starting" | "connected" | "lost" | "closed"} */ #standing = "starting";

  /**
   * @param {Negotiate} negotiate
   * @param {MutedParts} muted what this end does not send
   * @param {SecrecyMeans} means
   * @param {(event: PeerEvent) => void} report nothing comes after `close`
   */
  constructor(negotiate, muted, means, report) {
    this.#report = (/** @type {PeerEvent} */ event) => {
      if (this.#standing !== "closed") report(event);
    };
    this.#muted = muted;
    const connection = new RTCPeerConnection(guarded(configuration(negotiate.ice)));
    this.#connection = connection;
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate !== "") this.#report({ type: "candidate", candidate: toProtocol(candidate) });
    };
    connection.onconnectionstatechange = () => {
      // A foreign certificate is no lost path: `proving.js` says so.
      if (connection.connectionState === "failed" && !(this.#standing === "starting" && showedAnother(connection))) this.#lost();
    };
    connection.ondatachannel = ({ channel }) => {
      if (channel.label === CHANNEL_LABEL && !this.#channel) this.#use(channel);
      else channel.close();
    };
    this.#secrecy = new Secrecy(connection, { role: negotiate.offers ? "citizen" : "office", attempt: negotiate.attempt }, means, {
      seal: (payload) => this.#report({ type: "seal", payload }),
      confirmed: (privacy) => this.#confirmed(privacy),
      refused: (error) => this.#refused(error),
      doubtful: () => this.#report({ type: "doubtful" }),
      lost: () => this.#lost(),
    });
    this.#proof = new Proof(connection, { otherMuted: () => this.#otherMuted, opened: () => this.#secrecy.opened() });
    this.#quality = new QualityWatch(connection, {
      muted: () => this.#muted,
      otherMuted: () => this.#otherMuted,
      say: (quality) => this.#channel?.say(quality),
      repeat: (depth) => this.#secrecy.repeat(depth),
      changed: (told, other) => this.#report({ type: "quality", quality: { ...told, other } }),
    });
    this.#negotiation = new Negotiation(connection, {
      made: (transceiver) => this.#secrecy.guard(transceiver),
      describing: (kind, fingerprint) => this.#secrecy.describing(kind, fingerprint),
      pinned: this.#secrecy.pinned,
      described: (kind, sdp) => this.#report({ type: "description", kind, sdp }),
      failed: () => this.#lost(),
    });
    if (!negotiate.offers) return;
    this.#use(connection.createDataChannel(CHANNEL_LABEL, { ordered: true }));
    this.#negotiation.offer();
  }

  /** What this end sends from now on; the connection stands meanwhile. @param {MediaStream} stream */
  send(stream) {
    this.#negotiation.send(stream);
  }

  /** @param {Offer | Answer | Candidate | Seal} message of this attempt */
  take(message) {
    if (message.type === "seal") this.#secrecy.takeSeal(message.payload);
    else this.#negotiation.take(message);
  }

  /** @param {MutedParts} muted */
  tellMuted(muted) {
    this.#muted = muted;
    this.#channel?.tellMuted(muted);
  }

  /** Closing tells the other end that this one hung up. */
  sayGoodbye() {
    this.#saysGoodbye = true;
  }

  /** What passed until now; null before it is proven who the other is. */
  traffic() {
    return this.#secrecy.traffic();
  }

  /**
   * Ends the connection; from this moment on nothing is sent or played.
   * @param {boolean} [attests] whether the call is over, so that both ends sign what it was; not when another attempt follows
   */
  async close(attests = false) {
    if (this.#standing === "closed") return;
    this.#standing = "closed";
    this.#proof.stop();
    this.#quality.stop();
    this.#negotiation.stop();
    for (const track of this.remote.getTracks()) track.enabled = false;
    await this.#secrecy.end({ attests, saysGoodbye: this.#saysGoodbye });
    this.#channel?.close();
    setTimeout(() => this.#connection.close(), LEAVES_MS);
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
      quality: (quality) => this.#quality.hear(quality),
      rekey: (message) => this.#secrecy.takeRekey(message),
      attestation: (jws) => this.#secrecy.takeAttestation(jws),
    });
    this.#secrecy.use(this.#channel);
  }

  /** @param {Privacy} privacy */
  #confirmed(privacy) {
    this.#report({ type: "confirmed", privacy });
    for (const { receiver } of this.#connection.getTransceivers()) this.remote.addTrack(receiver.track);
    this.#negotiation.release();
    this.#proof.seek(({ path, via }) => this.#connected(path, via));
  }

  /** @param {PrivacyError} error */
  #refused(error) {
    // A handshake that came late is a line that was slow: the server tries again, as after any other loss.
    if (error.code === LATE || error.reason === LATE) return this.#lost();
    this.#report({ type: "alarm", code: error.code, reason: error.reason });
  }

  /** @param {Path | null} path @param {Via | null} via */
  #connected(path, via) {
    this.#standing = "connected";
    this.#report({ type: "connected", path, via });
    this.#quality.start();
  }

  #lost() {
    if (this.#standing === "lost" || this.#standing === "closed") return;
    this.#standing = "lost";
    this.#proof.stop();
    this.#quality.stop();
    this.#report({ type: "lost" });
  }

  /** The heartbeats are back: whether picture and sound are too has to be seen. */
  #back() {
    if (this.#standing === "lost") this.#proof.seek(({ path, via }) => this.#connected(path, via), true);
  }
}
