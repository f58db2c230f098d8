// One end of a call in an empty page: `capture`, `peer`, `record` and its `remote` video. The citizen's end is a device of its own.
async ([scripts, negotiate, region, muted, camera, renewsAfter]) => {
  const { CallRecord } = await import(`${scripts}/call/call-record.js`);
  const { Capture } = await import(`${scripts}/call/devices.js`);
  const { citizenEnds, officeEnds } = await import(`${scripts}/call/ends.js`);
  const { Peer } = await import(`${scripts}/call/peer.js`);
  const { readAnchor } = await import(`${scripts}/e2ee/certificate.js`);
  const { signingKey } = await import(`${scripts}/e2ee/keys.js`);
  const { Trust } = await import(`${scripts}/e2ee/revocation.js`);
  const trustOfCall = async () => {
    const trust = new Trust(await readAnchor(region.anchor));
    await trust.learn(region.revocations, Date.now() / 1000);
    return trust;
  };
  const identity = async () => {
    const { key: jwk, chain, urn } = region.office;
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    const { kty, crv, x, y } = jwk;
    const pair = {
      privateKey: await crypto.subtle.importKey("jwk", jwk, curve, false, ["sign"]),
      publicKey: await crypto.subtle.importKey("jwk", { kty, crv, x, y }, curve, true, ["verify"]),
    };
    return { key: await signingKey(pair), chain, urn, trust: await trustOfCall() };
  };
  const ends = negotiate.offers ? citizenEnds(trustOfCall) : officeEnds(identity);
  globalThis.capture = new Capture();
  globalThis.record = new CallRecord(negotiate.call_id, ends, () => globalThis.reported({ type: "kept", file: record.attestation }));
  const means = { part: record.part(negotiate), attesting: record.attesting, renewsAfter: renewsAfter ?? undefined };
  globalThis.peer = new Peer(negotiate, muted, means, (event) => globalThis.reported(event));
  document.getElementById("remote").srcObject = peer.remote;
  if (camera) {
    await capture.open();
    peer.send(capture.stream);
  }
}
