/**
 * Reads what quality is judged by: from a connection's statistics (W3C, Identifiers for WebRTC's Statistics API), and from what the other end
 * says of itself. Pure.
 *
 * @import { Figures, Known } from "./quality-core.js"
 * @import { Quality } from "../messages.d.ts"
 */
import { LEVELS } from "./quality-core.js";

/** @param {Iterable<any>} report the values of an `RTCStatsReport` @returns {Figures} */
export function readFigures(report) {
  const stats = [...report];
  const [inbound, outbound, reported] = ["inbound-rtp", "outbound-rtp", "remote-inbound-rtp"].map((type) => stats.filter((one) => one.type === type));
  const sound = inbound.find(({ kind }) => kind === "audio");
  const picture = inbound.find(({ kind }) => kind === "video");
  const out = outbound.find(({ kind }) => kind === "video");
  const told = outbound.filter(({ id }) => reported.some(({ localId }) => localId === id));
  const ways = reported.map(({ roundTripTime }) => roundTripTime).filter(Number.isFinite);
  return {
    at: Math.max(...stats.map(({ timestamp }) => timestamp)) / 1000,
    sound: known(sound?.packetsReceived),
    packets: sum(inbound.map((one) => one.packetsReceived)),
    lost: sum(inbound.map((one) => one.packetsLost)),
    // What was sent again is not reported as its own loss.
    sent: sum(told.map((one) => one.packetsSent - (one.retransmittedPacketsSent ?? 0))),
    lost_there: sum(reported.map((one) => one.packetsLost)),
    samples: known(sound?.totalSamplesReceived),
    concealed: known(sound?.concealedSamples),
    frames_in: known(picture?.framesDecoded),
    frames_out: known(out?.framesEncoded),
    frozen: known(picture?.totalFreezesDuration),
    round_trip: ways.length ? Math.max(...ways) : null,
    limited: out?.qualityLimitationReason === "bandwidth",
  };
}

/** Whether both ends use one relay, or only one of them uses any. @param {Iterable<any>} report */
export function legsMeet(report) {
  const byId = new Map([...report].map((one) => [one.id, one]));
  const stats = [...byId.values()];
  const pair = byId.get(stats.find(({ type }) => type === "transport")?.selectedCandidatePairId);
  const relayed = [pair?.localCandidateId, pair?.remoteCandidateId].map((id) => byId.get(id)).filter((one) => one?.candidateType === "relay");
  return relayed.length > 0 && new Set(relayed.map(({ address }) => address)).size === 1;
}

/** What else is in a `quality`, with its bounds. @type {Record<string, number>} */
const BOUNDS = { loss_in: 1, loss_out: 1, concealed: 1, round_trip: 60, frames_per_second: 240, frame_height: 16_384, target_bitrate: 1e9 };

/**
 * The other end's word, or the code of why it is none: of its parts what is lawful, and nothing else.
 * @param {any} message @returns {{ok: true, quality: Quality} | {ok: false, code: "quality-malformed"}}
 */
export function readQuality(message) {
  const { level, leg = null } = message;
  if (!LEVELS.includes(level) || ![null, "good", "bad"].includes(leg)) return { ok: false, code: "quality-malformed" };
  /** @type {Record<string, number | null>} */
  const numbers = {};
  for (const [name, most] of Object.entries(BOUNDS)) {
    const value = message[name] ?? null;
    if (value !== null && !(typeof value === "number" && value >= 0 && value <= most)) return { ok: false, code: "quality-malformed" };
    numbers[name] = value;
  }
  return { ok: true, quality: { type: "quality", level, leg, ...numbers } };
}

/** @param {unknown} value @returns {Known} */
function known(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Of those that are known; null where none is. @param {unknown[]} values @returns {Known} */
function sum(values) {
  const numbers = values.map(known).filter((each) => each !== null);
  return numbers.length ? numbers.reduce((one, other) => one + other, 0) : null;
}
