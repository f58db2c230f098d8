// Frames sealed and opened: what is changed, repeated or too old is refused, what is only late is not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../tawasul/web/static/js/e2ee/bytes.js";
import { FrameOpener, FrameSealer, clearLength } from "../../tawasul/web/static/js/e2ee/frames.js";
import { ReplayWindow } from "../../tawasul/web/static/js/e2ee/replay-window.js";

const KEY = random(32);
const picture = (first = 0x31) => Uint8Array.from({ length: 60 }, (_, at) => (at === 0 ? first : at));

async function pair(kind = "video") {
  const sealer = new FrameSealer("citizen", kind);
  const opener = new FrameOpener("office", kind);
  await sealer.switchTo(0, KEY);
  await opener.install(0, KEY);
  return { sealer, opener };
}

const refused = (code) => ({ code });

test("what is clear", () => {
  assert.equal(clearLength("audio", new Uint8Array()), 0);
  assert.equal(clearLength("video", Uint8Array.of(0x31)), 1);
  assert.equal(clearLength("video", new Uint8Array(10)), 10);
  for (const short of [new Uint8Array(), new Uint8Array(9)]) assert.throws(() => clearLength("video", short), refused("frame-malformed"));
});

test("the picture's first bytes stay readable, and nothing else does", async () => {
  const { sealer } = await pair();
  for (const [frame, clear] of [[picture(), 1], [picture(0x30), 10]]) {
    const sealed = await sealer.seal(frame);
    assert.deepEqual(sealed.slice(0, clear), frame.slice(0, clear));
    assert.ok(!Buffer.from(sealed).includes(Buffer.from(frame.slice(clear, clear + 8))));
  }
});

test("no bit of a sealed frame may change", async () => {
  const { sealer, opener } = await pair();
  const sealed = await sealer.seal(picture());
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = sealed.slice();
    changed[bit >> 3] ^= 1 << (bit & 7);
    await assert.rejects(opener.open(changed), ({ code }) => /^frame-(forged|malformed|key-unknown|wrong-sender)$/.test(code), `bit ${bit}`);
  }
  for (let length = 0; length < sealed.length; length++) await assert.rejects(opener.open(sealed.slice(0, length)), { name: "PrivacyError" });
  assert.deepEqual(await opener.open(sealed), picture(), "and none of it kept the true one out");
});

test("frames may come late, never twice, and never very late", async () => {
  const { sealer, opener } = await pair("audio");
  const sealed = [];
  for (let count = 0; count < 1200; count++) sealed.push(await sealer.seal(Uint8Array.of(count & 255)));
  for (const at of [3, 0, 2, 1]) assert.deepEqual(await opener.open(sealed[at]), Uint8Array.of(at));
  await assert.rejects(opener.open(sealed[2]), refused("frame-replayed"));
  await opener.open(sealed[1100]);
  assert.deepEqual(await opener.open(sealed[76]), Uint8Array.of(76), "1 024 behind the highest");
  await assert.rejects(opener.open(sealed[75]), refused("frame-replayed"));
});

test("two copies at once: one is opened", async () => {
  const { sealer, opener } = await pair();
  const sealed = await sealer.seal(picture());
  const both = await Promise.allSettled([opener.open(sealed), opener.open(sealed)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
});

test("the window agrees with a plain memory, in any order", () => {
  const window = new ReplayWindow();
  const seen = new Set();
  let highest = -1n;
  for (let step = 0; step < 20_000; step++) {
    const [jump] = random(1);
    const counter = highest + BigInt(jump < 128 ? jump % 5 : -(jump * 9));
    if (counter < 0n) continue;
    const known = seen.has(counter) || highest - counter > 1024n;
    assert.equal(window.has(counter), known);
    if (known) continue;
    window.add(counter);
    seen.add(counter);
    if (counter > highest) highest = counter;
  }
  assert.ok(seen.size > 1000);
});

test("no key, another's key, another's frame", async () => {
  const sealer = new FrameSealer("citizen", "video");
  await assert.rejects(sealer.seal(picture()), refused("frame-key-unknown"));
  await sealer.switchTo(0, KEY);
  const sealed = await sealer.seal(picture());
  const opener = new FrameOpener("office", "video");
  await assert.rejects(opener.open(sealed), refused("frame-key-unknown"));
  await opener.install(0, random(32));
  await assert.rejects(opener.open(sealed), refused("frame-forged"));
  const mirror = new FrameOpener("citizen", "video");
  await mirror.install(0, KEY);
  await assert.rejects(mirror.open(sealed), refused("frame-wrong-sender"));
});

test("two epochs at once, then the old one no more; none is begun twice", async () => {
  const { sealer, opener } = await pair();
  const old = [await sealer.seal(picture()), await sealer.seal(picture())];
  const next = random(32);
  await opener.install(1, next);
  await sealer.switchTo(1, next);
  const fresh = await sealer.seal(picture());
  assert.deepEqual(await opener.open(fresh), picture());
  assert.deepEqual(await opener.open(old[0]), picture());
  opener.drop(0);
  await assert.rejects(opener.open(old[1]), refused("frame-key-unknown"));
  await assert.rejects(sealer.switchTo(1, next), RangeError);
  await assert.rejects(sealer.switchTo(0, KEY), RangeError);
});

test("frames sealed at once have counters of their own", async () => {
  const { sealer, opener } = await pair();
  const sealed = await Promise.all(Array.from({ length: 50 }, () => sealer.seal(picture())));
  assert.equal(new Set(sealed.map((each) => Buffer.from(each).toString("hex"))).size, 50);
  for (const each of sealed) assert.deepEqual(await opener.open(each), picture());
});
