// One end of a measured call in an empty page: the pages' own negotiation and frame guard, with keys that were agreed on before.
// Speech comes from memory, the picture from the fake camera; what is decoded is kept as samples and moments (seconds since 1970).
async ([scripts, { role, red, size, speech }]) => {
  const { FrameGuard, guarded } = await import(`${scripts}/e2ee/guard.js`);
  const { Epoch } = await import(`${scripts}/e2ee/session.js`);
  const { Negotiation } = await import(`${scripts}/call/negotiation.js`);
  const { RedundancyChoice } = await import(`${scripts}/call/redundancy-choice.js`);
  const wall = () => (performance.timeOrigin + performance.now()) / 1000;

  // As it comes, Chromium prefers Opus alone; "first" is what its RED can do. Otherwise as the pages have it.
  if (red !== "as-pages") {
    const prefer = RTCRtpTransceiver.prototype.setCodecPreferences;
    RTCRtpTransceiver.prototype.setCodecPreferences = function (codecs) {
      if (this.receiver.track.kind !== "audio") return prefer.call(this, codecs);
      const all = RTCRtpReceiver.getCapabilities("audio").codecs;
      const named = (name) => all.filter(({ mimeType }) => mimeType.toLowerCase() === `audio/${name}`);
      return prefer.call(this, red === "first" ? [...named("red"), ...named("opus")] : named("opus"));
    };
  }

  const kept = { sounds: [], at: [], pictures: [], rate: 0, samples: 0, failed: null };
  const hear = async (track) => {
    const player = document.createElement("audio");
    player.srcObject = new MediaStream([track]);
    await player.play(); // Without it nothing asks for sound.
    const reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 500 }).readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      kept.rate = value.sampleRate;
      kept.at.push([wall() - value.numberOfFrames / value.sampleRate, kept.samples]);
      const samples = new Float32Array(value.numberOfFrames);
      value.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
      value.close();
      kept.sounds.push(Int16Array.from(samples, (each) => Math.max(-1, Math.min(1, each)) * 32767));
      kept.samples += samples.length;
    }
  };
  const see = async (track) => {
    const reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 30 }).readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      kept.pictures.push([wall(), value.displayHeight]);
      value.close();
    }
  };

  const guard = new FrameGuard(role, () => { kept.failed = "the frame guard failed"; });
  const epoch = await Epoch.of(0, new Uint8Array(32), new Uint8Array(32));
  const connection = new RTCPeerConnection(guarded({ iceServers: [], bundlePolicy: "max-bundle" }));
  globalThis.connection = connection;
  connection.addEventListener("track", ({ track }) => {
    (track.kind === "audio" ? hear : see)(track).catch((error) => { kept.failed ??= String(error); });
  });
  let pin, describe;
  const pinned = new Promise((resolve) => { pin = resolve; });
  const described = new Promise((resolve) => { describe = resolve; });
  const guardedAlready = new Set();
  const negotiation = new Negotiation(connection, {
    made: (transceiver) => {
      if (guardedAlready.has(transceiver)) return;
      guardedAlready.add(transceiver);
      guard.guardSender(transceiver.sender, transceiver.receiver.track.kind);
      guard.guardReceiver(transceiver.receiver, transceiver.receiver.track.kind);
    },
    describing: async () => {},
    pinned,
    described: (_kind, sdp) => describe(sdp),
    failed: () => { kept.failed ??= "the negotiation failed"; },
  });
  connection.ondatachannel = ({ channel }) => { globalThis.channel = channel; };

  const context = new AudioContext({ sampleRate: 48000 });
  await context.resume();
  const microphone = context.createMediaStreamDestination();
  const bytes = Uint8Array.from(atob(speech), (each) => each.charCodeAt(0));
  const words = Float32Array.from(new Int16Array(bytes.buffer), (each) => each / 32768);
  const buffer = context.createBuffer(1, words.length, 48000);
  buffer.copyToChannel(words, 0);
  // As js/call/quality-watch.js has it.
  const repeat = () => {
    const choice = new RedundancyChoice();
    setInterval(async () => {
      const { depth } = choice;
      if (choice.take((await connection.getStats()).values()) !== depth) await guard.repeat(choice.depth);
    }, 1000);
  };
  let began = null;
  let stand;
  const stands = new Promise((resolve) => { stand = resolve; });
  const offsets = [];
  const speak = () => {
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(microphone);
    began = context.currentTime + 0.1;
    source.start(began);
    setInterval(() => offsets.push(wall() - context.currentTime), 50);
  };
  connection.addEventListener("connectionstatechange", () => {
    if (connection.connectionState !== "connected" || began !== null) return;
    speak();
    if (red === "as-pages") repeat();
    stand(true);
  });

  const camera = await navigator.mediaDevices.getUserMedia({ video: size });
  for (const track of camera.getTracks()) track.contentHint = "motion"; // As js/call/devices.js has it.
  const local = new MediaStream([...camera.getTracks(), ...microphone.stream.getAudioTracks()]);
  await guard.receiveUnder(0, await epoch.frameKeys(role === "citizen" ? "office" : "citizen"));
  await guard.sendUnder(0, await epoch.frameKeys(role));
  negotiation.send(local);

  globalThis.end = {
    offer: () => { negotiation.offer(); negotiation.release(); return described; },
    // The other's description, its certificate, and where it is.
    take: (type, sdp, fingerprint, candidate) => {
      pin(fingerprint);
      negotiation.take({ type, sdp });
      negotiation.take({ type: "candidate", candidate: { candidate, sdp_mid: null, sdp_m_line_index: 0 } });
      if (type === "answer") return null;
      negotiation.release();
      return described;
    },
    // Once the connection stands, and this end speaks.
    stands: () => stands,
    kept: async () => {
      const stats = [...(await connection.getStats()).values()];
      const sound = stats.find(({ type, kind }) => type === "inbound-rtp" && kind === "audio");
      const soundPacket = sound?.packetsReceived ? sound.bytesReceived / sound.packetsReceived : null;
      const available = stats.find(({ type, nominated }) => type === "candidate-pair" && nominated)?.availableOutgoingBitrate ?? null;
      const whole = new Int16Array(kept.samples);
      let filled = 0;
      for (const each of kept.sounds) { whole.set(each, filled); filled += each.length; }
      const raw = new Uint8Array(whole.buffer);
      let text = "";
      for (let start = 0; start < raw.length; start += 0x8000) text += String.fromCharCode(...raw.subarray(start, start + 0x8000));
      const { at, pictures, rate, failed } = kept;
      return { sound: btoa(text), rate, at, pictures, failed, soundPacket, available, began: offsets.map((offset) => offset + began) };
    },
    close: () => { connection.close(); guard.close(); for (const track of local.getTracks()) track.stop(); return context.close(); },
  };
}
