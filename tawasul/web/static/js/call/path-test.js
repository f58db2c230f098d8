/**
 * The test before a call: whether this network lets a call pass over the real relay.
 *
 * Two connections within this page speak to each other through the relay alone, with the same credentials as a call. A test that does not go
 * over the relay would prove nothing.
 */
import { configuration } from "./shapes.js";

/**
 * @import { IceConfiguration } from "../messages.d.ts"
 * @typedef {{ok: true, roundTripMs: number} | {ok: false, why: "no-relay" | "relay-unreachable" | "relay-blocked" | "unsupported"}} PathResult
 *   `no-relay`: the service named none; `relay-unreachable`: the relay gave no address; `relay-blocked`: it did, and nothing came through
 */

/** A relay over TCP on a slow mobile line has answered within six; who waits longer would not have a good call either. */
const PATIENCE_MS = 12_000;

/**
 * @param {IceConfiguration} ice
 * @param {number} [patience] milliseconds
 * @returns {Promise<PathResult>}
 */
export async function testPath(ice, patience = PATIENCE_MS) {
  if (!("RTCPeerConnection" in globalThis)) return { ok: false, why: "unsupported" };
  if (!ice.servers.some(({ urls }) => urls.some((url) => /^turns?:/.test(url)))) return { ok: false, why: "no-relay" };
  const ends = [0, 1].map(() => new RTCPeerConnection(configuration({ ...ice, policy: "relay" })));
  try {
    return await race(ends[0], ends[1], patience);
  } finally {
    for (const end of ends) end.close();
  }
}

/** @param {RTCPeerConnection} a @param {RTCPeerConnection} b @param {number} patience @returns {Promise<PathResult>} */
async function race(a, b, patience) {
  let relayed = false;
  for (const [from, to] of [[a, b], [b, a]]) {
    from.onicecandidate = ({ candidate }) => {
      if (!candidate?.candidate) return;
      relayed = true;
      to.addIceCandidate(candidate).catch(() => {}); // Closed meanwhile: the test is over.
    };
  }
  const channel = a.createDataChannel("path-test", { ordered: false });
  const echoed = roundTrip(channel, b);
  await a.setLocalDescription();
  await b.setRemoteDescription(/** @type {RTCSessionDescription} */ (a.localDescription));
  await b.setLocalDescription();
  await a.setRemoteDescription(/** @type {RTCSessionDescription} */ (b.localDescription));
  const roundTripMs = await Promise.race([echoed, new Promise((resolve) => setTimeout(resolve, patience, null))]);
  if (typeof roundTripMs === "number") return { ok: true, roundTripMs };
  return { ok: false, why: relayed ? "relay-blocked" : "relay-unreachable" };
}

/** Milliseconds for a word there and back. @param {RTCDataChannel} channel @param {RTCPeerConnection} far @returns {Promise<number>} */
function roundTrip(channel, far) {
  far.ondatachannel = ({ channel: other }) => {
    other.onmessage = ({ data }) => other.send(data);
  };
  return new Promise((resolve) => {
    channel.onopen = () => channel.send(String(performance.now()));
    channel.onmessage = ({ data }) => resolve(Math.round(performance.now() - Number(data)));
  });
}
