/**
 * What a connection's statistics prove: which of the other's picture and sound are decoded, and over which path. Pure.
 * Source: W3C, Identifiers for WebRTC's Statistics API.
 *
 * @import { MutedParts, Path, Via } from "./state-types.d.ts"
 * @typedef {{frames: number, soundPackets: number, soundSamples: number, opened: number, path: Path | null, via: Via | null}} Evidence
 *   `via` how this end speaks with its relay, where its media leave by one; `opened` encrypted frames of both kinds that opened under the keys of the call; `frames` decoded pictures; `soundPackets` received; `soundSamples` decoded from packets, not invented to conceal lost ones
 */

/** @type {Evidence} */
export const NOTHING_YET = { frames: 0, soundPackets: 0, soundSamples: 0, opened: 0, path: null, via: null };

/** What came after `base`. @param {Evidence} base @param {Evidence} evidence @returns {Evidence} */
export function grown(base, evidence) {
  return {
    frames: evidence.frames - base.frames,
    soundPackets: evidence.soundPackets - base.soundPackets,
    soundSamples: evidence.soundSamples - base.soundSamples,
    opened: evidence.opened - base.opened,
    path: evidence.path,
    via: evidence.via,
  };
}

/** @param {Iterable<any>} report the values of an `RTCStatsReport` @param {number} opened @returns {Evidence} */
export function readEvidence(report, opened) {
  const stats = [...report];
  const sound = stats.find((each) => each.type === "inbound-rtp" && each.kind === "audio");
  const picture = stats.find((each) => each.type === "inbound-rtp" && each.kind === "video");
  return {
    frames: picture?.framesDecoded ?? 0,
    soundPackets: sound?.packetsReceived ?? 0,
    soundSamples: (sound?.totalSamplesReceived ?? 0) - (sound?.concealedSamples ?? 0),
    opened,
    ...readPath(stats),
  };
}

/**
 * Whether the other end is truly seen and heard. What it says it does not send is not awaited.
 * @param {Evidence} evidence
 * @param {MutedParts} otherMuted
 */
export function isSeenAndHeard({ frames, soundPackets, soundSamples, opened }, otherMuted) {
  // What was decoded without having been opened was not from the other end.
  if (opened === 0 && !(otherMuted.picture && otherMuted.sound)) return false;
  return (frames > 0 || otherMuted.picture) && ((soundPackets > 0 && soundSamples > 0) || otherMuted.sound);
}

/** The kind of the selected pair: the longest way that either end takes. @param {any[]} stats @returns {{path: Path | null, via: Via | null}} */
function readPath(stats) {
  const byId = new Map(stats.map((each) => [each.id, each]));
  const transport = stats.find((each) => each.type === "transport" && each.selectedCandidatePairId);
  const pair =
    byId.get(transport?.selectedCandidatePairId) ??
    stats.find((each) => each.type === "candidate-pair" && each.nominated && each.state === "succeeded");
  if (!pair) return { path: null, via: null };
  const ours = byId.get(pair.localCandidateId);
  const kinds = [ours?.candidateType, byId.get(pair.remoteCandidateId)?.candidateType];
  const via = ours?.candidateType === "relay" && ["udp", "tcp", "tls"].includes(ours.relayProtocol) ? ours.relayProtocol : null;
  if (kinds.includes("relay")) return { path: "relay", via };
  return { path: kinds.includes("srflx") || kinds.includes("prflx") ? "reflexive" : "host", via };
}
