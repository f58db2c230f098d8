// Two connections in one page under the guard that is served, sound and picture one way: what the real-browser test drives.
const GUARD = ["early", "late", "none"];

export async function connect(scripts, { sending = "early", receiving = "early", isGuarded = true } = {}) {
  if (![sending, receiving].every((each) => GUARD.includes(each))) throw new TypeError("early, late or none");
  const { FrameGuard, guarded } = await import(`${scripts}/e2ee/guard.js`);
  const failures = [];
  const citizen = new FrameGuard("citizen", (error) => failures.push(error.code));
  const office = new FrameGuard("office", (error) => failures.push(error.code));
  const made = () => new RTCPeerConnection(isGuarded ? guarded({ iceServers: [] }) : { iceServers: [] });
  const [from, to] = [made(), made()];
  from.onicecandidate = ({ candidate }) => candidate && to.addIceCandidate(candidate);
  to.onicecandidate = ({ candidate }) => candidate && from.addIceCandidate(candidate);
  const late = [];
  const guard = (when, act) => (when === "early" ? act() : when === "late" && late.push(act));
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const track of stream.getTracks()) {
    const { sender } = from.addTransceiver(track, { direction: "sendonly" });
    guard(sending, () => citizen.guardSender(sender, track.kind));
  }
  const remote = new MediaStream();
  to.ontrack = ({ track, receiver }) => {
    remote.addTrack(track);
    guard(receiving, () => office.guardReceiver(receiver, track.kind));
  };
  const connected = new Promise((resolve) => {
    to.onconnectionstatechange = () => to.connectionState === "connected" && resolve();
  });
  await from.setLocalDescription(await from.createOffer());
  await to.setRemoteDescription(from.localDescription);
  await to.setLocalDescription(await to.createAnswer());
  await from.setRemoteDescription(to.localDescription);
  await connected;
  const video = document.getElementById("remote");
  video.muted = true;
  video.srcObject = remote;
  const call = { citizen, office, from, to, stream, failures, setLate: () => late.forEach((act) => act()), seen: () => seen(call) };
  return call;
}

/** What left, what came, what was decoded. */
async function seen({ citizen, office, from, to }) {
  const all = { packets: 0, encoded: 0, received: 0, decoded: 0, played: 0 };
  for (const each of (await from.getStats()).values()) {
    if (each.type !== "outbound-rtp") continue;
    all.packets += each.packetsSent;
    all.encoded += each.framesEncoded ?? 0;
  }
  for (const each of (await to.getStats()).values()) {
    if (each.type !== "inbound-rtp") continue;
    all.received += each.packetsReceived;
    all.decoded += each.framesDecoded ?? 0;
    // Samples that came out of a frame of Opus; the others are made up to fill its place.
    all.played += (each.totalSamplesReceived ?? 0) - (each.concealedSamples ?? 0);
  }
  return { ...all, sender: await citizen.counts(), receiver: await office.counts() };
}

/** Looks until `enough` is true of what is seen, and gives that; after 20 s it says what was seen. */
export async function until(call, enough) {
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    const all = await call.seen();
    if (enough(all)) return all;
    if (performance.now() > giveUpAt) throw new Error(`never: ${enough} of ${JSON.stringify(all)}`);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

/** A sender's keys of one epoch. */
export const keysOf = (value) => ({ audio: new Uint8Array(32).fill(value), video: new Uint8Array(32).fill(value + 1) });
