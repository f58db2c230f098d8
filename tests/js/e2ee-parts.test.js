// Small parts: bytes, shapes, keys, what a browser must have, and what is asked of the other end's Opus.
import assert from "node:assert/strict";
import { test } from "node:test";
import { b64, fromB64, random, u64 } from "../../tawasul/web/static/js/e2ee/bytes.js";
import { jsonObject } from "../../tawasul/web/static/js/e2ee/claims.js";
import { qrText } from "../../tawasul/web/static/js/e2ee/enrolment.js";
import { CODES, PrivacyError } from "../../tawasul/web/static/js/e2ee/errors.js";
import { missingFeatures } from "../../tawasul/web/static/js/e2ee/features.js";
import { generateSigningKey } from "../../tawasul/web/static/js/e2ee/keys.js";
import { nameText, parseName } from "../../tawasul/web/static/js/e2ee/names.js";
import { picturesOf } from "../../tawasul/web/static/js/e2ee/phrase.js";
import { withVoiceParameters } from "../../tawasul/web/static/js/e2ee/pinning.js";
import { urn } from "./e2ee-support.js";

test("base64url has one text for each value", () => {
  for (let length = 0; length < 40; length++) {
    const bytes = random(length);
    assert.deepEqual(fromB64(b64(bytes), length), bytes);
    assert.equal(b64(bytes), Buffer.from(bytes).toString("base64url"));
  }
  for (const wrong of ["A", "AB", "AA==", "A+/A", "AAA\n", " AAA", null, 7]) assert.throws(() => fromB64(wrong), TypeError);
  assert.throws(() => fromB64("AAAA", 4), TypeError);
  assert.deepEqual(u64(258), Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 2));
});

test("an object that names a member twice is none", () => {
  const read = (text) => jsonObject(new TextEncoder().encode(text));
  assert.deepEqual(read('{"a":{"b":[{"c":"\\",\\"d\\":"}]},"e":":"}'), { a: { b: [{ c: '","d":' }] }, e: ":" });
  for (const wrong of ['{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', '{"a":1,"\\u0061":1}', "[]", "null", '"a"', "{", ""]) assert.throws(() => read(wrong), wrong);
  assert.throws(() => jsonObject(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)));
});

test("names", async () => {
  assert.deepEqual(parseName(urn("kiosk", "badr-1")), { region: "madinah", role: "kiosk", place: "badr-1" });
  assert.equal(nameText(parseName(urn("root", "root"))), urn("root", "root"));
  for (const wrong of ["", "urn:tawasul:madinah:amir:x", "urn:tawasul:Madinah:kiosk:x", `urn:tawasul:m:kiosk:${"x".repeat(65)}`, `${urn("kiosk", "a")}\n`, 7]) {
    assert.throws(() => parseName(wrong), { code: "name-malformed" });
  }
  await assert.rejects(qrText(urn("steward", "a"), "x"), { code: "enrolment-name-wrong" });
});

test("a signing key cannot be taken out", async () => {
  const { key, public: shown } = await generateSigningKey();
  assert.equal(key.extractable, false);
  for (const format of ["pkcs8", "jwk"]) await assert.rejects(crypto.subtle.exportKey(format, key));
  assert.deepEqual(Object.keys(shown.jwk).sort(), ["crv", "kty", "x", "y"]);
});

test("codes are distinct, and an error holds nothing else", () => {
  assert.equal(new Set(CODES).size, CODES.length);
  const error = new PrivacyError("refused-by-other", "phrase-differs");
  assert.deepEqual([error.message, error.code, error.reason], ["refused-by-other", "refused-by-other", "phrase-differs"]);
});

test("a picture for each digit", () => assert.deepEqual(picturesOf("019"), ["palm", "camel", "ship"]));

function browser() {
  const subtle = Object.fromEntries(["generateKey", "importKey", "deriveBits"].map((name) => [name, (...given) => crypto.subtle[name](...given)]));
  const withTransform = () => class { get transform() { return null; } };
  return {
    crypto: { subtle, getRandomValues: () => {} },
    Worker: class {}, RTCRtpScriptTransform: class {}, RTCRtpSender: withTransform(), RTCRtpReceiver: withTransform(),
    RTCDtlsTransport: class { getRemoteCertificates() {} }, indexedDB: { open() {} },
  };
}

const REMOVED = {
  webcrypto: (scope) => delete scope.crypto.getRandomValues,
  p256: (scope) => (scope.crypto.subtle.generateKey = () => Promise.reject(new Error())),
  hkdf: (scope) => delete scope.crypto.subtle.deriveBits,
  "aes-gcm": (scope) => {
    const { importKey } = scope.crypto.subtle;
    scope.crypto.subtle.importKey = (format, key, algorithm, ...more) => (algorithm === "AES-GCM" ? Promise.reject(new Error()) : importKey(format, key, algorithm, ...more));
  },
  worker: (scope) => delete scope.Worker,
  "script-transform": (scope) => delete scope.RTCRtpScriptTransform,
  "dtls-certificate": (scope) => delete scope.RTCDtlsTransport,
  indexeddb: (scope) => delete scope.indexedDB,
};

test("a browser that has everything lacks nothing", async () => assert.deepEqual(await missingFeatures(browser()), []));

for (const [code, remove] of Object.entries(REMOVED)) {
  test(`a browser without it is told: ${code}`, async () => {
    const scope = browser();
    remove(scope);
    assert.deepEqual(await missingFeatures(scope), [code]);
  });
}

test("a page that is not served securely has no cryptography at all", async () => {
  const scope = browser();
  delete scope.crypto.subtle;
  assert.deepEqual(await missingFeatures(scope), ["webcrypto", "p256", "hkdf", "aes-gcm"]);
  const receiver = browser();
  receiver.RTCRtpReceiver = class {};
  assert.deepEqual(await missingFeatures(receiver), ["script-transform"]);
});

test("Opus is asked for one voice at a constant bit rate, and for its own repair only where there is no RED", () => {
  const section = (...lines) => ["v=0", "m=audio 9 UDP/TLS/RTP/SAVPF 111 63", "a=rtpmap:111 opus/48000/2", ...lines, ""].join("\r\n");
  const voice = "stereo=0;maxaveragebitrate=32000;cbr=1;usedtx=0";
  const given = "a=fmtp:111 minptime=10;useinbandfec=1; stereo=1;maxaveragebitrate=510000;sprop-stereo=1;cbr=0;usedtx=1";
  assert.equal(
    withVoiceParameters(section(given, "a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111")),
    section(`a=fmtp:111 minptime=10;sprop-stereo=1;useinbandfec=0;${voice}`, "a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111"),
  );
  assert.equal(withVoiceParameters(section()), section(`a=fmtp:111 useinbandfec=1;${voice}`));
  const offered = section("a=rtpmap:63 red/48000/2");
  assert.equal(withVoiceParameters(offered, { red: false }), section(`a=fmtp:111 useinbandfec=1;${voice}`, "a=rtpmap:63 red/48000/2"));
  const none = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\na=fmtp:96 x=1\r\n";
  assert.equal(withVoiceParameters(none), none);
});
