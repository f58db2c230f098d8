/**
 * One attempt's secrecy: a guard on every frame, the proof of who the other is, then the keys, renewed while the call runs, and at the end
 * the attestation. Before the proof the guard has no keys: nothing is sent, and nothing that comes is passed on.
 */
import { FrameGuard } from "../e2ee/guard.js";
import { otherThan } from "../e2ee/session.js";
import { Parting } from "./parting.js";
import { Proving } from "./proving.js";
import { Renewal } from "./renewal.js";

/**
 * @import { PrivacyError } from "../e2ee/errors.js"
 * @import { FrameCounts } from "../e2ee/sframe-worker.js"
 * @import { Party, Role, Session } from "../e2ee/session.js"
 * @import { Channel } from "./channel.js"
 * @import { Attesting } from "./parting.js"
 * @import { Traffic } from "./privacy-details.js"
 * @import { Part } from "./proving.js"
 * @import { Holder, Privacy } from "./state-types.d.ts"
 * @typedef {object} SecrecyMeans
 * @property {Promise<Part>} part what this end says of itself in this attempt
 * @property {Attesting} attesting what is signed when the call is over
 * @property {number} [renewsAfter] seconds to the first renewal of the keys, where it should not be the usual
 * @typedef {object} SecrecyUser
 * @property {(payload: string) => void} seal to be sent to the other end
 * @property {(privacy: Privacy) => void} confirmed the keys are in: sound and picture may go
 * @property {(error: PrivacyError) => void} refused the call is not private
 * @property {() => void} doubtful frames came that did not open
 * @property {() => void} lost this attempt is at its end, and another may follow
 */

/** The worker answers in one; after so many milliseconds it is ended without. */
const COUNTS_MS = 200;
/** Frames that came before the keys were in did not open, and prove nothing: so long nothing is concluded, in milliseconds. */
const GRACE_MS = 3000;

export class Secrecy {
  #role;
  #attempt;
  #means;
  #user;
  #guard;
  #proving;
  #parting = new Parting();
  /** @type {Session | null} */ #session = null;
  /** @type {Renewal | null} */ #renewal = null;
  /** @type {Channel | null} */ #channel = null;
  /** Frames that came before there were keys to open them, which tells nothing of who sent them: the other end had its keys sooner. */
  #early = 0;
  /** What passed until the guard was closed. @type {FrameCounts | null} */ #last = null;
  #ended = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */ #watch;

  /** @param {RTCPeerConnection} connection @param {{role: Role, attempt: number}} end @param {SecrecyMeans} means @param {SecrecyUser} user */
  constructor(connection, { role, attempt }, means, user) {
    this.#role = role;
    this.#attempt = attempt;
    this.#means = means;
    this.#user = user;
    this.#guard = new FrameGuard(role, user.refused);
    this.#proving = new Proving(connection, means.part, { ...user, proven: (session) => this.#proven(session) });
  }

  /** What the other end signed of its DTLS certificate. */
  get pinned() {
    return this.#proving.pinned;
  }

  /** In the very task in which the transceiver was made. @param {RTCRtpTransceiver} transceiver */
  guard({ sender, receiver }) {
    if (sender.transform) return;
    const kind = receiver.track.kind === "audio" ? "audio" : "video";
    this.#guard.guardSender(sender, kind);
    this.#guard.guardReceiver(receiver, kind);
  }

  /** This end's description is made; done when its seal is on the way. @param {"offer" | "answer"} kind @param {string} fingerprint */
  describing(kind, fingerprint) {
    return this.#proving.describing(kind, fingerprint);
  }

  /** @param {string} payload of a `seal` of this attempt */
  takeSeal(payload) {
    this.#proving.take(payload);
  }

  /** What the two ends say to each other about their keys. @param {Channel} channel */
  use(channel) {
    this.#channel = channel;
  }

  /** @param {import("../messages.d.ts").Rekey} message */
  takeRekey(message) {
    this.#renewal?.take(message);
  }

  /** @param {string} jws */
  takeAttestation(jws) {
    this.#parting.take(jws);
  }

  /** What passed until now; null before it is proven who the other is. @returns {Promise<Traffic | null>} */
  async traffic() {
    if (!this.#session) return null;
    const { sealed, opened, refused } = this.#last ?? (await this.#guard.counts());
    return { epoch: this.#session.epoch.number, sealed, opened, refused: inAll(refused) - this.#early };
  }

  /** How many earlier frames of the voice go with each. @param {number} depth */
  repeat(depth) {
    this.#guard.repeat(depth).catch(() => {}); // Closed meanwhile, or told as failed already.
  }

  /** How many frames opened until now. */
  async opened() {
    return (await this.traffic().catch(() => null))?.opened ?? 0;
  }

  /**
   * No frame passes any more. Done when the channel may be closed.
   * @param {{attests: boolean, saysGoodbye: boolean}} how `attests`: the call is over, and both ends sign what it was
   */
  async end({ attests, saysGoodbye }) {
    if (this.#ended) return;
    this.#ended = true;
    this.#proving.stop();
    this.#renewal?.stop();
    clearInterval(this.#watch);
    // The count is the worker's last act.
    const frames = await Promise.race([this.traffic().catch(() => null), after(COUNTS_MS)]);
    this.#guard.close();
    const { attesting } = this.#means;
    attesting.ledger.ended(frames ?? { sealed: 0, opened: 0, refused: 0 }, now());
    const own = attests && this.#session ? await attesting.sign(this.#session).catch(() => null) : null;
    if (own) this.#channel?.say({ type: "attestation", jws: own });
    if (saysGoodbye) this.#channel?.sayGoodbye();
    if (own) attesting.keep(own, await this.#parting.others());
  }

  /** @param {Session} session */
  async #proven(session) {
    const { epoch } = session;
    try {
      const before = await this.#guard.receiveUnder(epoch.number, await epoch.frameKeys(otherThan(this.#role)));
      this.#early = inAll(before.refused);
      await this.#guard.sendUnder(epoch.number, await epoch.frameKeys(this.#role));
    } catch {
      return; // Closed meanwhile, or told as failed already.
    }
    if (this.#ended) return;
    this.#session = session;
    const { ledger } = this.#means.attesting;
    ledger.began(this.#attempt, session, now());
    this.#renewal = new Renewal(session, this.#guard, this.#means.renewsAfter, {
      say: (message) => this.#channel?.say(message),
      renewed: (number) => ledger.renewed(number, now()),
      refused: () => this.#cut(),
    });
    this.#user.confirmed(privacyOf(session));
    this.#watchFrames();
  }

  /** The keys could not be renewed: nothing passes under the old ones, however long a server keeps the next attempt back. */
  async #cut() {
    this.#last = await Promise.race([this.#guard.counts().catch(() => null), after(COUNTS_MS)]);
    this.#guard.close();
    this.#user.lost();
  }

  /** Whoever has the keys sends nothing that does not open. */
  #watchFrames() {
    /** @type {number | null} */ let before = null;
    this.#watch = setInterval(async () => {
      const refused = (await this.traffic().catch(() => null))?.refused ?? 0;
      if (this.#ended) return;
      if (before !== null && refused > before) this.#user.doubtful();
      before = Math.max(before ?? 0, refused);
    }, GRACE_MS);
  }
}

/** @param {number} milliseconds @returns {Promise<null>} */
function after(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, null));
}

/** @param {Record<string, number>} refused by code */
function inAll(refused) {
  return Object.values(refused).reduce((sum, each) => sum + each, 0);
}

/** What people are told of it. @param {Session} session @returns {Privacy} */
function privacyOf({ role, parties, phrase }) {
  const { citizen, office } = parties;
  const other = otherThan(role);
  return { phrase, pair: `${citizen.thumbprint} ${office.thumbprint}`, own: holderOf(parties[role]), other: holderOf(parties[other]) };
}

/** @param {Party} party @returns {Holder} */
function holderOf({ thumbprint, urn, certificate, fingerprint }) {
  return { thumbprint, urn, title: certificate?.title ?? null, expires: certificate?.expires ?? null, fingerprint };
}

/** Seconds since 1970 UTC. */
function now() {
  return Date.now() / 1000;
}
