// What both languages must make of the same bytes: all of tests/vectors/e2ee.json.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AEAD_ChaCha20Poly1305, KEM_MLKEM768_X25519 } from "@panva/hpke-noble";
import { CipherSuite, KDF_HKDF_SHA256 } from "hpke";
import { calculateJwkThumbprint } from "jose/jwk/thumbprint";
import { verifyFile } from "../../tawasul/web/static/js/e2ee/attestation.js";
import { b64, fromB64, fromUtf8, sha256, utf8 } from "../../tawasul/web/static/js/e2ee/bytes.js";
import { readAnchor, verifyChain } from "../../tawasul/web/static/js/e2ee/certificate.js";
import { CitizenEnd, commitmentTo } from "../../tawasul/web/static/js/e2ee/citizen-end.js";
import { codeOf, qrText } from "../../tawasul/web/static/js/e2ee/enrolment.js";
import { FrameOpener, FrameSealer } from "../../tawasul/web/static/js/e2ee/frames.js";
import { openSecret, suite } from "../../tawasul/web/static/js/e2ee/hpke.js";
import { read } from "../../tawasul/web/static/js/e2ee/jws.js";
import { publicKeyFrom, signingKey } from "../../tawasul/web/static/js/e2ee/keys.js";
import { OfficeEnd } from "../../tawasul/web/static/js/e2ee/office-end.js";
import { PICTURES, phraseOf } from "../../tawasul/web/static/js/e2ee/phrase.js";
import { fingerprintOf, pinSdp, withoutAudioLevel } from "../../tawasul/web/static/js/e2ee/pinning.js";
import { rekeyKey } from "../../tawasul/web/static/js/e2ee/rekey-messages.js";
import { RekeyCitizen, RekeyOffice } from "../../tawasul/web/static/js/e2ee/rekey.js";
import { Trust, verifyRevocations } from "../../tawasul/web/static/js/e2ee/revocation.js";
import { Epoch, kidOf, transcriptOf } from "../../tawasul/web/static/js/e2ee/session.js";
import { FrameKey, readHeader, writeHeader } from "../../tawasul/web/static/js/e2ee/sframe.js";
import { keyPair } from "./e2ee-support.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/e2ee.json", import.meta.url), "utf8"));
const anchor = await readAnchor(vectors.anchor);
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (data) => Buffer.from(data).toString("hex");
/** The code by which this is refused, or null. */
const codeOfRefusal = (work) => Promise.resolve().then(work).then(() => null, (error) => error.code ?? error);
const received = (payload) => ({ type: "received", payload: typeof payload === "string" ? utf8(payload) : payload });
const sent = (effects) => effects.filter((each) => each.do === "send").map((each) => each.payload ?? each.message);

test("the anchor, thumbprints, pictures", async () => {
  assert.equal(anchor.root.thumbprint, vectors.anchor_fingerprint);
  for (const { jwk, jkt } of vectors.thumbprints) assert.equal(await calculateJwkThumbprint(jwk), jkt);
  assert.equal((await publicKeyFrom(vectors.thumbprints[0].jwk)).thumbprint, vectors.thumbprints[0].jkt);
  assert.deepEqual([...PICTURES], vectors.pictures);
});

for (const { name, chain, code, role, place, now, list } of vectors.chains) {
  test(`chain: ${name}`, async () => {
    const issuer = [vectors.handshakes[0].list_chain[0]];
    // The list itself is judged at the time when it is fresh: what is asked here is how the chain stands to it.
    const revocations = list && (await verifyRevocations({ list, chain: issuer }, anchor, issuedAt(list)));
    const verified = () => verifyChain(chain, anchor, { now, revocations, roles: [role], place: place ?? undefined });
    assert.equal(await codeOfRefusal(verified), code);
  });
}

function issuedAt(jws) {
  return JSON.parse(Buffer.from(jws.split(".")[1], "base64url").toString()).iat;
}

for (const { name, text, chain, code, now, at_least } of vectors.lists) {
  test(`revocation list: ${name}`, async () => {
    assert.equal(await codeOfRefusal(() => verifyRevocations({ list: text, chain }, anchor, now, at_least)), code);
  });
}

test("enrolment: code, QR and who signed", async () => {
  const { name, jkt, code, qr, request, renewal } = vectors.enrolment;
  assert.equal(await codeOf(jkt), code);
  assert.equal(await qrText(name, jkt), qr);
  assert.equal((await read(request, "tawasul-enrolment+jwt")).key.thumbprint, jkt);
  assert.equal((await read(renewal, "tawasul-renewal+jwt")).claims.jti, vectors.enrolment.renewal_jti);
});

async function trusting(given, now) {
  const trust = new Trust(anchor);
  await trust.learn({ list: given.list, chain: given.list_chain }, now);
  return trust;
}

/** A key share of a seed, and its public half as the vectors have it. */
async function share(seed, publicKey) {
  const hpke = await suite();
  return { pair: await hpke.DeserializePrivateKey(bytes(seed)), publicKey: bytes(publicKey) };
}

async function checkEpoch(epoch, expected) {
  assert.equal(epoch.number, expected.epoch);
  assert.equal(b64(epoch.transcript), expected.th);
  assert.equal(hex(await epoch.chain()), expected.chain);
  for (const sender of ["citizen", "office"]) {
    const keys = await epoch.frameKeys(sender);
    for (const each of ["audio", "video"]) assert.equal(hex(keys[each]), expected.base_keys[kidOf(epoch.number, sender, each)]);
    assert.equal(hex(await epoch.confirmation(sender)), expected[`confirm_${sender}`]);
    assert.equal(hex(await rekeyKey(epoch, sender)), expected[`rekey_${sender}`]);
  }
}

const claimsOf = (text) => JSON.parse(Buffer.from(JSON.parse(text).jws.split(".")[1], "base64url").toString());
const credentialsOf = async ({ key, chain }, urn) => ({
  key: await signingKey(await keyPair(key)), chain: chain.length ? chain : null, urn,
});

for (const given of vectors.handshakes) {
  const { citizen, office, messages, epochs } = given;
  const [init, resp] = [messages.init, messages.resp].map((text) => JSON.parse(text).jws);

  test(`handshake: ${given.name}: secrets, transcript, keys, phrase`, async () => {
    const opened = await openSecret(await share(citizen.share_seed, citizen.share_public), fromB64(claimsOf(messages.resp).ct), await sha256(utf8(init)));
    assert.equal(hex(opened), office.secret);
    assert.equal(b64(await commitmentTo(bytes(citizen.nonce))), claimsOf(messages.init).hc);
    assert.equal(b64(await sha256(utf8(init))), claimsOf(messages.resp).hi);
    const epoch = await Epoch.of(0, await transcriptOf(init, resp, bytes(citizen.nonce)), bytes(office.secret));
    await checkEpoch(epoch, epochs[0]);
    assert.equal(await phraseOf(epoch), given.phrase);
    assert.equal(JSON.parse(messages.reveal).mac, b64(await epoch.confirmation("citizen")));
    assert.equal(JSON.parse(messages.conf).mac, b64(await epoch.confirmation("office")));
  });

  test(`handshake: ${given.name}: each end claims the same`, async () => {
    // Signatures and what is sealed are others each time; everything else is the same.
    const trust = await trusting(given, vectors.now);
    const one = new CitizenEnd({
      sid: given.sid, credentials: await credentialsOf(citizen, citizen.name), office: given.office_name, trust,
      nonce: bytes(citizen.nonce), share: await share(citizen.share_seed, citizen.share_public),
    });
    const [begun] = sent(await one.handle({ type: "begin", fingerprint: citizen.fingerprint }, vectors.now));
    assert.deepEqual(claimsOf(fromUtf8(begun)), claimsOf(messages.init));
    const other = await freshOffice(given.kiosk, given);
    const [pinned] = await other.handle(received(messages.init), vectors.now);
    assert.deepEqual([pinned.do, pinned.fingerprint], ["pin-peer", citizen.fingerprint]);
    const [answered] = sent(await other.handle({ type: "answering", fingerprint: office.fingerprint }, vectors.now));
    assert.deepEqual({ ...claimsOf(fromUtf8(answered)), ct: "" }, { ...claimsOf(messages.resp), ct: "" });
    assert.equal(await refusalIn(other.handle(received(messages.reveal), vectors.now)), "confirmation-wrong", "of another answer");
  });

  test(`rekey: ${given.name}`, async () => {
    let epoch = await Epoch.of(0, await transcriptOf(init, resp, bytes(citizen.nonce)), bytes(office.secret));
    const shares = epochs.slice(1).values();
    const one = new RekeyCitizen(epoch, vectors.now, async () => {
      const seed = shares.next().value;
      return share(seed.share_seed, hex(fromB64(seed.messages[0].pk)));
    });
    for (const expected of epochs.slice(1)) {
      const now = one.deadline;
      assert.equal(now, vectors.now + 300 * expected.epoch);
      assert.deepEqual(sent(await one.handle({ type: "time" }, now)), [expected.messages[0]]);
      const other = new RekeyOffice(epoch, () => bytes(expected.secret));
      const [answer] = sent(await other.handle({ type: "message", message: expected.messages[0] }, now));
      assert.deepEqual({ ...answer, ct: "", mac: "" }, { ...expected.messages[1], ct: "", mac: "" });
      const effects = await one.handle({ type: "message", message: expected.messages[1] }, now);
      assert.deepEqual(effects.map((each) => each.do), ["install-receive", "switch-send", "send"]);
      assert.deepEqual(sent(effects), [expected.messages[2]]);
      epoch = effects[0].epoch;
      await checkEpoch(epoch, expected);
      assert.deepEqual(await one.handle({ type: "time" }, now + 5), [{ do: "drop", epoch: expected.epoch - 1 }]);
    }
  });
}

async function freshOffice(kiosk, given = vectors.handshakes[0]) {
  const { office } = given;
  return new OfficeEnd({
    sid: given.sid, credentials: await credentialsOf(office, given.office_name), kiosk, trust: await trusting(given, vectors.now),
    nonce: bytes(office.nonce), secret: bytes(office.secret),
  });
}

const refusalIn = async (effects) => (await effects).find((each) => each.do === "refuse")?.error.code ?? null;

for (const { name, payload, code, kiosk, now } of vectors.inits) {
  test(`init: ${name}`, async () => {
    const end = await freshOffice(kiosk);
    const taken = await end.handle(received(payload.text ?? bytes(payload.hex)), now);
    const answered = await end.handle({ type: "answering", fingerprint: vectors.handshakes[0].office.fingerprint }, now);
    assert.equal(await refusalIn([...taken, ...answered]), code);
    if (code === null) assert.deepEqual([...taken, ...answered].map((each) => each.do), ["pin-peer", "send"]);
  });
}

const KINDS = ["audio", "video"];

for (const { side, kind, epoch, kid, base_key, frames } of vectors.frames.streams) {
  test(`frames: ${side}, ${KINDS[kind]}, epoch ${epoch}`, async () => {
    assert.equal(kidOf(epoch, side, KINDS[kind]), kid);
    const sealer = new FrameSealer(side, KINDS[kind]);
    const opener = new FrameOpener(side === "citizen" ? "office" : "citizen", KINDS[kind]);
    await sealer.switchTo(epoch, bytes(base_key));
    await opener.install(epoch, bytes(base_key));
    for (const { clear, sealed } of frames) {
      assert.equal(hex(await sealer.seal(bytes(clear))), sealed);
      assert.equal(hex(await opener.open(bytes(sealed))), clear);
    }
  });
}

for (const { name, sealed, code } of vectors.frames.refused.frames) {
  test(`frame refused: ${name}`, async () => {
    const { side, kind, base_key, before } = vectors.frames.refused;
    const opener = new FrameOpener(side, KINDS[kind]);
    await opener.install(0, bytes(base_key));
    for (const frame of before) await opener.open(bytes(frame));
    assert.equal(await codeOfRefusal(() => opener.open(bytes(sealed))), code);
  });
}

for (const { name, file, code } of vectors.attestations) {
  test(`attestation: ${name}`, async () => assert.equal(await codeOfRefusal(() => verifyFile(file, anchor)), code));
}

for (const { name, sdp, own, fingerprint, pinned, without_audio_level } of vectors.descriptions) {
  test(`description: ${name}`, async () => {
    assert.equal(await codeOfRefusal(() => fingerprintOf(sdp)), own === null ? "fingerprint-missing" : null);
    if (own !== null) assert.equal(fingerprintOf(sdp), own);
    assert.equal(pinSdp(sdp, fingerprint), pinned);
    assert.equal(withoutAudioLevel(sdp), without_audio_level);
  });
}

// Some numbers there are over 2 ** 53: as texts they stay what they are.
const rfc9605 = JSON.parse(readFileSync(new URL("../vectors/rfc9605.json", import.meta.url), "utf8").replace(/: ?(\d{16,})/g, ': "$1"'));

test("RFC 9605: every header", () => {
  for (const { kid, ctr, encoded } of rfc9605.header) {
    const { kid: key, counter, size } = readHeader(bytes(encoded));
    assert.deepEqual([BigInt(kid), BigInt(ctr), encoded.length / 2], [key, counter, size]);
    // What is written here are counters of one call, far below 2 ** 53.
    if (typeof kid === "number" && typeof ctr === "number") assert.equal(hex(writeHeader(kid, ctr)), encoded);
  }
});

test("RFC 9605: cipher suite 5", async () => {
  for (const { kid, ctr, base_key, metadata, pt, ct } of rfc9605.sframe) {
    const key = await FrameKey.of(kid, bytes(base_key));
    assert.equal(hex(await key.seal(ctr, bytes(metadata), bytes(pt))), ct);
    assert.equal(hex(await key.open(readHeader(bytes(ct)), bytes(ct), bytes(metadata))), pt);
  }
});

test("HPKE: X-Wing opens what the standard's vectors sealed", async () => {
  const { xwing } = JSON.parse(readFileSync(new URL("../vectors/hpke.json", import.meta.url), "utf8"));
  const kem = (await suite()).KEM;
  for (const { skRm, pkRm, enc, info, encryptions } of xwing) {
    // The suite of the vectors has another AEAD, which WebCrypto lacks.
    const theirs = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_ChaCha20Poly1305);
    assert.equal(kem.id, theirs.KEM.id);
    const key = await theirs.DeserializePrivateKey(bytes(skRm), true);
    const context = await theirs.SetupRecipient(key, bytes(enc), { info: bytes(info) });
    const [{ aad, ct, pt }] = encryptions;
    assert.equal(hex(await context.Open(bytes(ct), bytes(aad))), pt);
    assert.equal(pkRm.length / 2, theirs.KEM.Npk);
  }
});
