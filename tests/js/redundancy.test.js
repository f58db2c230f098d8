// RED (RFC 2198) as the kiosk reads and writes it, a second earlier frame where much is lost, and when that is.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { RedundancyChoice } from "../../tawasul/web/static/js/call/redundancy-choice.js";
import { Repeater, joinRed, splitRed } from "../../tawasul/web/static/js/e2ee/redundancy.js";

const { packets, refused } = JSON.parse(readFileSync(new URL("../vectors/red.json", import.meta.url), "utf8"));
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const OPUS = 111;
const STEP = 960;

for (const { name, payload, payload_type: payloadType, blocks } of packets) {
  test(`as the kiosk: ${name}`, () => {
    const expected = blocks.map(([behind, frame]) => ({ payloadType, behind, frame: bytes(frame) }));
    assert.deepEqual(splitRed(bytes(payload)), expected);
    assert.deepEqual(joinRed(expected), bytes(payload));
  });
}

for (const { name, payload } of refused) {
  test(`no RED: ${name}`, () => assert.equal(splitRed(bytes(payload)), null));
}

test("what the format has no room for is not written", () => {
  const own = { payloadType: OPUS, behind: 0, frame: bytes("01") };
  for (const [behind, length] of [[0, 1], [1 << 14, 1], [STEP, 1024]]) {
    assert.throws(() => joinRed([{ payloadType: OPUS, behind, frame: new Uint8Array(length) }, own]), RangeError);
  }
});

/** The packets of an encoder that repeats one frame: frame n is the one byte n. */
function* encoder(count, start = 0) {
  for (let n = 1; n <= count; n++) {
    const earlier = n > 1 ? [{ payloadType: OPUS, behind: STEP, frame: Uint8Array.of(n - 1) }] : [];
    yield [joinRed([...earlier, { payloadType: OPUS, behind: 0, frame: Uint8Array.of(n) }]), (start + n * STEP) >>> 0];
  }
}
const seen = (packet) => splitRed(packet).map(({ behind, frame }) => [behind / STEP, frame[0]]);

test("with one earlier frame the encoder's packets stay as they are", () => {
  const repeater = new Repeater();
  for (const [packet, timestamp] of encoder(5)) assert.equal(repeater.again(packet, timestamp), packet);
});

test("with two each packet has what the two before it had, also where the clock begins anew", () => {
  const repeater = new Repeater();
  repeater.depth = 2;
  const sent = [...encoder(4, 2 ** 32 - 2 * STEP)].map(([packet, timestamp]) => seen(repeater.again(packet, timestamp)));
  assert.deepEqual(sent, [[[0, 1]], [[1, 1], [0, 2]], [[2, 1], [1, 2], [0, 3]], [[2, 2], [1, 3], [0, 4]]]);
});

test("from one packet to the next it is two, and one again", () => {
  const repeater = new Repeater();
  const depths = [1, 1, 1, 2, 2, 1];
  const counts = [...encoder(6)].map(([packet, timestamp], n) => {
    repeater.depth = depths[n];
    return seen(repeater.again(packet, timestamp)).length;
  });
  assert.deepEqual(counts, [1, 2, 2, 3, 3, 2]);
});

test("after a pause nothing is repeated that lies too far behind, and what is no RED passes as it came", () => {
  const repeater = new Repeater();
  repeater.depth = 2;
  const [[first, begun], [second]] = [...encoder(2)];
  repeater.again(first, begun);
  const later = begun + (1 << 14);
  assert.equal(repeater.again(second, later), second);
  const none = bytes("ef0f00");
  assert.equal(repeater.again(none, later + STEP), none);
});

/** What a browser counts. */
const report = (fractionLost, seconds, { rate = 1e6 } = {}) => [
  { id: "O", type: "outbound-rtp", kind: "audio" },
  { id: "V", type: "outbound-rtp", kind: "video" },
  { id: "P", type: "candidate-pair", nominated: true, availableOutgoingBitrate: rate },
  { id: "R", type: "remote-inbound-rtp", kind: "audio", localId: "O", fractionLost, timestamp: seconds * 1000 },
];
const after = (choice, seconds, fractionLost, more) => {
  for (const second of seconds) choice.take(report(fractionLost, second, more));
  return choice.depth;
};
const range = (from, to) => Array.from({ length: to - from }, (_, n) => from + n);

test("where much is lost it is two within seconds, and one again only when little was lost for long", () => {
  const choice = new RedundancyChoice();
  assert.equal(after(choice, range(0, 10), 0.02), 1);
  assert.equal(after(choice, range(10, 13), 0.12), 2);
  assert.equal(after(choice, range(13, 20), 0), 2);
  assert.equal(after(choice, range(20, 60), 0), 1);
});

test("one report counts once, however often it is read", () => {
  const choice = new RedundancyChoice();
  assert.equal(after(choice, [0, 1], 0), 1);
  assert.equal(after(choice, Array(50).fill(1.1), 0.3), 1);
});

test("it stays one on a line that has no room, and is two as soon as there is some", () => {
  const choice = new RedundancyChoice();
  assert.equal(after(choice, range(0, 20), 0.2, { rate: 200_000 }), 1);
  assert.equal(after(choice, [20], 0.2), 2);
  assert.equal(after(choice, [21], 0.2, { rate: 200_000 }), 1);
});

test("where nothing is reported it stays one", () => {
  assert.equal(new RedundancyChoice().take([]), 1);
  assert.equal(after(new RedundancyChoice(), range(0, 20), Number.NaN), 1);
});
