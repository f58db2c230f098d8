/**
 * Watches how a call is once a second, from when the other end is seen and heard; tells it here, and at the other end.
 *
 * @import { Quality } from "../messages.d.ts"
 * @import { Known } from "./quality-core.js"
 * @import { MutedParts } from "./state-types.d.ts"
 * @import { ToldQuality } from "./quality-steady.js"
 * @typedef {object} QualityUser
 * @property {() => MutedParts} muted what this end does not send
 * @property {() => MutedParts} otherMuted
 * @property {(quality: Quality) => void} say to the other end
 * @property {(depth: number) => void} repeat so many earlier frames of the voice are to go with each
 * @property {(told: ToldQuality, other: Quality | null) => void} changed what this person is told, and what the other end says of itself
 */
import { QualityJudge } from "./quality-judge.js";
import { legsMeet, readFigures } from "./quality-reading.js";
import { RedundancyChoice } from "./redundancy-choice.js";

const LOOK_MS = 1000;
/** `QUALITY_EVERY` and `QUALITY_HOLDS` of the protocol: how often it is said, and how long the other's word counts. */
const SAY_MS = 2000;
const HOLDS_MS = 6000;

export class QualityWatch {
  #connection;
  #user;
  #judge = new QualityJudge();
  #redundancy = new RedundancyChoice();
  /** @type {{at: number, quality: Quality} | null} */ #heard = null;
  #saidAt = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #round = 0;

  /** @param {RTCPeerConnection} connection @param {QualityUser} user */
  constructor(connection, user) {
    this.#connection = connection;
    this.#user = user;
  }

  /** What the other end says of itself; what comes faster than it should is passed over. @param {Quality} quality */
  hear(quality) {
    const at = performance.now();
    if (this.#heard && at - this.#heard.at < SAY_MS / 2) return;
    this.#heard = { at, quality };
  }

  start() {
    this.stop();
    this.#judge = new QualityJudge();
    this.#redundancy = new RedundancyChoice();
    this.#user.repeat(this.#redundancy.depth);
    const round = this.#round;
    const look = async () => {
      const report = [...(await this.#connection.getStats()).values()];
      if (round !== this.#round) return;
      this.#look(report);
      this.#timer = setTimeout(look, LOOK_MS);
    };
    look();
  }

  stop() {
    this.#round += 1;
    clearTimeout(this.#timer);
  }

  /** @param {any[]} report */
  #look(report) {
    this.#judge.take(readFigures(report));
    const { depth } = this.#redundancy;
    if (this.#redundancy.take(report) !== depth) this.#user.repeat(this.#redundancy.depth);
    const [muted, otherMuted, now] = [this.#user.muted(), this.#user.otherMuted(), performance.now()];
    const other = this.#heard && now - this.#heard.at <= HOLDS_MS ? this.#heard.quality : null;
    const around = {
      sound: !otherMuted.sound,
      picture: !otherMuted.picture,
      own_picture: !muted.picture,
      own_leg: null, // A page cannot ask the relay beside the call.
      other_leg: other?.leg ?? null,
      meet: legsMeet(report),
    };
    const before = this.#judge.told;
    const told = this.#judge.judge(around);
    if (told !== before || now - this.#saidAt >= SAY_MS) {
      this.#saidAt = now;
      this.#user.say(messageOf(told, this.#judge.now, report));
      this.#user.changed(told, other);
    }
  }
}

/** @param {ToldQuality} told @param {import("./quality-core.js").Measures} measures @param {any[]} report @returns {Quality} */
function messageOf(told, measures, report) {
  const height = report.find((one) => one.type === "inbound-rtp" && one.kind === "video")?.frameHeight;
  const rate = Math.max(0, ...report.map((one) => (one.type === "candidate-pair" ? (one.availableOutgoingBitrate ?? 0) : 0)));
  return {
    type: "quality",
    level: told.level,
    leg: null,
    loss_in: rounded(measures.loss_in),
    loss_out: rounded(measures.loss_out),
    concealed: rounded(measures.concealed),
    round_trip: rounded(measures.round_trip),
    frames_per_second: rounded(measures.frames_in === null ? null : Math.min(measures.frames_in, 240)),
    frame_height: Number.isInteger(height) ? height : null,
    target_bitrate: rate > 0 ? Math.round(rate) : null,
  };
}

/** @param {Known} value */
function rounded(value) {
  return value === null ? null : Math.round(value * 1000) / 1000;
}
