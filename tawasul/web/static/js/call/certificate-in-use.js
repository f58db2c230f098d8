/**
 * Which DTLS certificate the other end really uses: what a description said of it is not believed.
 */
import { sha256 } from "../e2ee/bytes.js";

/**
 * Its fingerprint, `sha-256 AB:CD:…`, or null when the connection shows none.
 * @param {RTCPeerConnection} connection that is connected
 * @returns {Promise<string | null>}
 */
export async function certificateInUse(connection) {
  const transport = connection.sctp?.transport ?? connection.getSenders()[0]?.transport;
  const [certificate] = transport?.getRemoteCertificates() ?? [];
  if (!certificate) return null;
  const hash = await sha256(new Uint8Array(certificate));
  return `sha-256 ${[...hash].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":")}`;
}

/**
 * Whether a path stands and DTLS failed on it: the browser was shown another certificate than the one that was pinned, tells nobody which,
 * and calls the connection failed as if the path were lost.
 * @param {RTCPeerConnection} connection that was never connected
 */
export function showedAnother({ iceConnectionState, sctp }) {
  return ["connected", "completed"].includes(iceConnectionState) && sctp?.transport.state === "failed";
}
