/**
 * Which DTLS certificate the other end really uses: what a description said of it is not believed.
 */
import { sha256 } from "../e2ee/bytes.js";

/**
 * Its fingerprint, `sha-256 AB:CD:…`, or null when the transport ended before it showed one.
 *
 * A connection may be connected a moment before its transport says so and shows the certificate: that moment is waited for.
 * @param {RTCPeerConnection} connection that is connected
 * @returns {Promise<string | null>}
 */
export async function certificateInUse(connection) {
  const transport = connection.sctp?.transport ?? connection.getSenders()[0]?.transport;
  if (!transport) return null;
  while (transport.state === "new" || transport.state === "connecting") {
    await new Promise((resolve) => transport.addEventListener("statechange", resolve, { once: true }));
  }
  const [certificate] = transport.getRemoteCertificates();
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
