/**
 * One connection to the other person: one `RTCPeerConnection` for one attempt, never used again after.
 *
 * The citizen's end offers, the office's answers. Nothing that comes in is recorded, stored or sent on.
 */
import { CHANNEL_LABEL, Channel } from "./channel.js";
import { Negotiation } from "./negotiation.js";
import { Proof } from "./proof.js";
import { configuration, toProtocol } from "./shapes.js";

/**
 * @import { Candidate, Answer, Offer, Negotiate } from "../messages.d.ts"
 * @import { MutedParts, Path, PeerEvent } from "./state-types.d.ts"
 */

/** What was just said on the channel needs a moment to leave, in milliseconds. */
const GOODBYE_LEAVES_MS = 150;

export class Peer {
  /** The other's picture and sound, as they come. @readonly */
  remote = new MediaStream();
  #connection;
  #negotiation;
  #proof;
  #report;
  #muted;
  /** @type {MutedParts} */ #otherMuted = { sound: false, picture: false };
  /** @type {Channel | null} */ #channel = null;
  /** @type {"starting" | "connected" | "lost" | "closed"} */ #standing = "starting";

  /**
   * @param {Negotiate} negotiate
   * @param {MutedParts} muted what this end does not send
   * @param {(event: PeerEvent) => void} report nothing comes after `close`
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
    this.#proof.seek(({ path }) => this.#connected(path));
    this.#negotiation = new Negotiation(connection, {
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

  /** @param {Offer | Answer | Candidate} message of this attempt */
  take(message) {
    this.#negotiation.take(message);
  }

  /** @param {MutedParts} muted */
  tellMuted(muted) {
    this.#muted = muted;
    this.#channel?.tellMuted(muted);
  }

  sayGoodbye() {
    this.#channel?.sayGoodbye();
  }

  /** Ends the connection; from this moment on nothing is sent. */
  close() {
    if (this.#standing === "closed") return;
    this.#standing = "closed";
    this.#proof.stop();
    this.#channel?.close();
    this.#negotiation.stop();
    setTimeout(() => this.#connection.close(), GOODBYE_LEAVES_MS);
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
    if (this.#standing === "lost") this.#proof.seek(({ path }) => this.#connected(path), true);
  }
}
