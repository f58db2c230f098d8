/**
 * Between the protocol's shapes and the W3C's: ICE servers, candidates, codecs. Pure.
 *
 * @import { IceCandidate, IceConfiguration } from "../messages.d.ts"
 */

/** @param {IceConfiguration} ice @returns {RTCConfiguration} */
export function configuration(ice) {
  return {
    iceServers: ice.servers.map(({ urls, username, credential }) => ({
      urls: [...urls],
      ...(username ? { username } : {}),
      ...(credential ? { credential } : {}),
    })),
    iceTransportPolicy: ice.policy ?? "all",
    bundlePolicy: "max-bundle",
  };
}

/** @param {RTCIceCandidate | null} candidate null when there are no more @returns {IceCandidate} */
export function toProtocol(candidate) {
  if (!candidate) return { candidate: "" };
  return { candidate: candidate.candidate, sdp_mid: candidate.sdpMid, sdp_m_line_index: candidate.sdpMLineIndex };
}

/** @param {IceCandidate} candidate @returns {RTCIceCandidateInit | null} null for the word that there are no more */
export function toBrowser({ candidate, sdp_mid, sdp_m_line_index }) {
  if (!candidate) return null;
  // A candidate of no section cannot be placed; all media are bundled, so the first one is meant.
  const index = sdp_m_line_index ?? (sdp_mid == null ? 0 : null);
  return { candidate, sdpMid: sdp_mid ?? null, sdpMLineIndex: index };
}

/**
 * VP8 and Opus are what every end of ours encodes and decodes well, and whose frames we know how to seal; the rest repairs lost packets. Of sound
 * that is RED, Opus twice in a packet (RFC 2198): it is made before a frame is sealed and taken apart after it was opened.
 */
const USED = ["video/VP8", "video/rtx", "video/red", "video/ulpfec", "audio/red", "audio/opus"];

/**
 * Of `codecs` those that are used, the preferred first. With any other, a server that took ours out of a description would have us leave bytes
 * in clear that are no VP8 header.
 * @template {{mimeType: string}} T
 * @param {T[]} codecs
 * @returns {T[]}
 */
export function preferred(codecs) {
  return USED.flatMap((name) => codecs.filter(({ mimeType }) => mimeType.toLowerCase() === name.toLowerCase()));
}
