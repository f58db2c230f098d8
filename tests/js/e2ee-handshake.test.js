// The two ends of the handshake against each other, and every refusal by its own code.
import assert from "node:assert/strict";
import { test } from "node:test";
import { b64, fromUtf8, random, utf8 } from "../../tawasul/web/static/js/e2ee/bytes.js";
import { CitizenEnd } from "../../tawasul/web/static/js/e2ee/citizen-end.js";
import { sign } from "../../tawasul/web/static/js/e2ee/jws.js";
import { OfficeEnd } from "../../tawasul/web/static/js/e2ee/office-end.js";
import { NOW, aRegion, ownDevice, urn } from "./e2ee-support.js";

const OFFICE = urn("office", "emirate");
const FINGERPRINT = { citizen: `sha-256 ${Array(32).fill("A1").join(":")}`, office: `sha-256 ${Array(32).fill("B2").join(":")}` };
const region = await aRegion();

function ends({ citizen = region.kioskCredentials, kiosk = "badr-1", sid = "call/1", office = OFFICE, officeCredentials = region.officeCredentials } = {}) {
  return {
    citizen: new CitizenEnd({ sid, credentials: citizen, office, trust: region.trust }),
    office: new OfficeEnd({ sid: "call/1", credentials: officeCredentials, kiosk, trust: region.trust }),
  };
}

const received = (payload) => ({ type: "received", payload });
const sent = (effects) => effects.filter((each) => each.do === "send").map((each) => each.payload);
const refusal = (effects) => effects.find((each) => each.do === "refuse")?.error.code ?? null;
const session = (effects) => effects.find((each) => each.do === "confirmed")?.session ?? null;

/** The four messages, each as `change` (by name) leaves it; everything that both ends did. */
async function run({ citizen, office }, change = {}, now = NOW) {
  const did = { citizen: [], office: [] };
  const give = async (name, given) => {
    const effects = await (name === "citizen" ? citizen : office).handle(given, now);
    did[name].push(...effects);
    return sent(effects)[0];
  };
  const pass = async (t, payload) => payload && (await (change[t] ?? ((same) => same))(payload));
  const init = await pass("init", await give("citizen", { type: "begin", fingerprint: FINGERPRINT.citizen }));
  if (init) await give("office", received(init));
  const resp = await pass("resp", await give("office", { type: "answering", fingerprint: FINGERPRINT.office }));
  const reveal = resp && (await pass("reveal", await give("citizen", received(resp))));
  const conf = reveal && (await pass("conf", await give("office", received(reveal))));
  if (conf) await give("citizen", received(conf));
  return did;
}

/** A seal's signed text with other claims, signed by `key`. */
const resigned = (key, more, typ) => async (payload) => {
  const seal = JSON.parse(fromUtf8(payload));
  const [header, body] = seal.jws.split(".").slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  return utf8(JSON.stringify({ ...seal, jws: await sign(key, typ ?? header.typ, { ...body, ...more }) }));
};
const member = (more) => (payload) => utf8(JSON.stringify({ ...JSON.parse(fromUtf8(payload)), ...more }));

test("both ends confirm the same keys, phrase and parties, and pin each other's certificate", async () => {
  for (const given of [{}, { citizen: await ownDevice(), kiosk: null }]) {
    const did = await run(ends(given));
    const [one, other] = [session(did.citizen), session(did.office)];
    assert.ok(one && other);
    assert.deepEqual(one.transcript, other.transcript);
    assert.match(one.phrase, /^\d{6}$/);
    assert.equal(one.phrase, other.phrase);
    for (const sender of ["citizen", "office"]) {
      assert.deepEqual(await one.epoch.frameKeys(sender), await other.epoch.frameKeys(sender));
    }
    assert.notDeepEqual(await one.epoch.frameKeys("citizen"), await one.epoch.frameKeys("office"));
    assert.equal(did.office.find((each) => each.do === "pin-peer").fingerprint, FINGERPRINT.citizen);
    assert.equal(did.citizen.find((each) => each.do === "pin-peer").fingerprint, FINGERPRINT.office);
    assert.equal(one.peer.urn, OFFICE);
    assert.equal(other.peer.urn, given.kiosk === null ? null : urn("kiosk", "badr-1"));
    for (const role of ["citizen", "office"]) {
      const { certificate: _, ...party } = one.parties[role];
      const { certificate: __, ...same } = other.parties[role];
      assert.deepEqual(party, same);
    }
  }
});

test("two attempts have nothing in common", async () => {
  const [one, other] = [session((await run(ends())).citizen), session((await run(ends())).citizen)];
  assert.notDeepEqual(one.transcript, other.transcript);
  assert.notDeepEqual(await one.epoch.chain(), await other.epoch.chain());
});

test("the citizen pins before it reveals, and the office before it answers", async () => {
  const { citizen, office } = await run(ends());
  assert.deepEqual(citizen.map((each) => each.do), ["send", "pin-peer", "send", "confirmed"]);
  assert.deepEqual(office.map((each) => each.do), ["pin-peer", "send", "send", "confirmed"]);
});

const mallory = (await ownDevice()).key;
const REFUSED_BY_OFFICE = {
  "seal-malformed": { change: { init: () => utf8("{}") } },
  "seal-too-large": { change: { init: () => new Uint8Array(16_385) } },
  "seal-out-of-order": { change: { init: (payload) => member({ t: "resp" })(payload) } },
  "signature-wrong": { change: { init: (payload) => member({ jws: spoiled(JSON.parse(fromUtf8(payload)).jws) })(payload) } },
  "version-unknown": { change: { init: resigned(region.kiosk, { v: 2 }) } },
  "session-wrong": { given: { sid: "call/2" } },
  "handshake-stale": { change: { init: resigned(region.kiosk, { iat: NOW - 301 }) } },
  "role-wrong": { change: { init: resigned(region.kiosk, { role: "office" }) } },
  "not-for-us": { given: { office: urn("office", "other") } },
  "certificate-missing": { given: { citizen: await ownDevice() } },
  "certificate-place-wrong": { given: { kiosk: "yanbu-1" } },
  "certificate-role-wrong": { change: { init: resigned(region.office, { chain: region.officeCredentials.chain }) } },
  "key-mismatch": { change: { init: resigned(mallory, {}) } },
  reflected: { given: { kiosk: null }, change: { init: withoutChain(region.office) } },
  "commitment-broken": { change: { reveal: (payload) => member({ n: b64(random(32)) })(payload) } },
  "confirmation-wrong": { change: { reveal: (payload) => member({ mac: b64(random(32)) })(payload) } },
  "refused-by-other": { change: { init: () => utf8('{"t":"refused","code":"phrase-differs"}') } },
};
const REFUSED_BY_CITIZEN = {
  "seal-malformed": { change: { resp: () => utf8('{"t":"resp","t":"resp","jws":""}') } },
  "not-for-us": { change: { resp: resigned(region.office, { to: mallory.public.thumbprint }) } },
  "key-mismatch": { change: { resp: resigned(mallory, {}) } },
  "certificate-role-wrong": { change: { resp: resigned(region.kiosk, { chain: region.kioskCredentials.chain }) } },
  "certificate-place-wrong": {
    change: { resp: resigned(region.office, { chain: await region.chainOf("office", "other", region.office) }) },
  },
  "chain-wrong": { change: { resp: resigned(region.office, { chain: [] }) } },
  "transcript-wrong": { change: { resp: resigned(region.office, { hi: b64(random(32)) }) } },
  "key-share-wrong": { change: { resp: resigned(region.office, { ct: b64(random(1168)) }) } },
  "confirmation-wrong": { change: { conf: (payload) => member({ mac: b64(random(32)) })(payload) } },
};

function withoutChain(key) {
  return async (payload) => {
    const seal = JSON.parse(fromUtf8(payload));
    const { chain: _, ...claims } = JSON.parse(Buffer.from(seal.jws.split(".")[1], "base64url").toString());
    return utf8(JSON.stringify({ t: "init", jws: await sign(key, "tawasul-init+jwt", claims) }));
  };
}

function spoiled(jws) {
  const [header, body, signature] = jws.split(".");
  const bytes = Buffer.from(signature, "base64url");
  bytes[5] ^= 1;
  return [header, body, bytes.toString("base64url")].join(".");
}

for (const [who, cases] of Object.entries({ office: REFUSED_BY_OFFICE, citizen: REFUSED_BY_CITIZEN })) {
  for (const [code, { given, change }] of Object.entries(cases)) {
    test(`the ${who} refuses: ${code}`, async () => {
      const both = ends(given);
      const did = await run(both, change);
      assert.equal(refusal(did[who]), code);
      assert.equal(session(did[who]), null);
      const last = did[who].at(-1);
      assert.equal(last.do, "refuse");
      if (code === "refused-by-other") assert.ok(!last.tell && last.error.reason === "phrase-differs");
      else assert.deepEqual(JSON.parse(fromUtf8(did[who].at(-2).payload)), { t: "refused", code });
      assert.deepEqual(await both[who].handle(received(utf8("{}")), NOW), [], "nothing comes out after");
      assert.equal(both[who].deadline, null);
    });
  }
}

test("a message that came before is refused, also after the confirmation", async () => {
  let conf;
  const both = ends();
  const did = await run(both, { conf: (payload) => (conf = payload) });
  assert.ok(session(did.citizen));
  assert.equal(refusal(await both.citizen.handle(received(conf), NOW)), "seal-repeated");
});

test("an end that waits too long refuses by itself", async () => {
  const { citizen } = ends();
  await citizen.handle({ type: "begin", fingerprint: FINGERPRINT.citizen }, NOW);
  assert.equal(citizen.deadline, NOW + 15);
  assert.deepEqual(await citizen.handle({ type: "time" }, NOW + 14.9), []);
  assert.equal(refusal(await citizen.handle({ type: "time" }, NOW + 15)), "handshake-late");
});

test("what is given at once is taken in turn", async () => {
  const { citizen, office } = ends();
  const [init] = sent(await citizen.handle({ type: "begin", fingerprint: FINGERPRINT.citizen }, NOW));
  const [pinned, answered] = await Promise.all([
    office.handle(received(init), NOW),
    office.handle({ type: "answering", fingerprint: FINGERPRINT.office }, NOW),
  ]);
  assert.equal(pinned[0].do, "pin-peer");
  assert.equal(sent(answered).length, 1);
});

test("a revoked, expired or unknown issuer's chain confirms nothing", async () => {
  const stranger = await aRegion();
  const cases = {
    "certificate-revoked": region.trusting({ keys: [region.kiosk.public.thumbprint] }),
    "revocations-stale": region.trusting({ iat: NOW - 86_400 }, NOW - 1),
    "chain-wrong": stranger.trust,
  };
  for (const [code, trust] of Object.entries(cases)) {
    const { citizen } = ends();
    const office = new OfficeEnd({ sid: "call/1", credentials: region.officeCredentials, kiosk: "badr-1", trust: await trust });
    assert.equal(refusal((await run({ citizen, office })).office), code);
  }
});
