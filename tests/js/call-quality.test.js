// How a call is, and whose line makes it so: the same rules as the kiosk's, and what is read to judge by.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { NOTHING_KNOWN, LEVELS, levelOf } from "../../tawasul/web/static/js/call/quality-core.js";
import { QualityJudge } from "../../tawasul/web/static/js/call/quality-judge.js";
import { legsMeet, readFigures, readQuality } from "../../tawasul/web/static/js/call/quality-reading.js";
import { qualityAdvice, qualityWord } from "../../tawasul/web/static/js/call/quality-words.js";

const { fields, scenarios } = JSON.parse(readFileSync(new URL("../vectors/quality.json", import.meta.url), "utf8"));
const AROUND = { sound: true, picture: true, own_picture: true, own_leg: null, other_leg: null, meet: false };

/** The entry of a list of changes that holds at `index`. */
const at = (changes, index) => changes.findLast(([since]) => since <= index);

for (const { name, figures, around, told } of scenarios) {
  test(`as the kiosk: ${name}`, () => {
    const judge = new QualityJudge();
    figures.forEach((row, index) => {
      judge.take(Object.fromEntries(row.map((value, place) => [fields[place], value])));
      const { level, cause } = judge.judge(at(around, index)[1]);
      assert.deepEqual([level, cause], at(told, index).slice(1), `second ${index}`);
    });
  });
}

test("no number, however absurd, breaks anything", () => {
  const absurd = [NaN, Infinity, -Infinity, -1, 1e308, null, 0];
  const judge = new QualityJudge();
  for (let step = 0; step < 500; step += 1) {
    const row = Object.fromEntries(fields.map((name, place) => [name, absurd[(step * 7 + place * 3 + (step >> 2)) % absurd.length]]));
    judge.take({ ...row, at: step % 5 ? step : row.at, limited: step % 2 === 0 });
    assert.ok(LEVELS.includes(judge.judge(AROUND).level));
  }
});

test("more loss is never better", () => {
  let before = 0;
  for (let loss = 0; loss <= 1; loss += 0.01) {
    const rank = LEVELS.indexOf(levelOf({ ...NOTHING_KNOWN, loss_in: loss }, AROUND));
    assert.ok(rank >= before);
    before = rank;
  }
  assert.equal(LEVELS[before], "poor");
});

const REPORT = [
  { id: "I1", type: "inbound-rtp", kind: "audio", timestamp: 5000, packetsReceived: 90, packetsLost: 10, totalSamplesReceived: 96000, concealedSamples: 960 },
  { id: "I2", type: "inbound-rtp", kind: "video", timestamp: 5000, packetsReceived: 200, packetsLost: 2, framesDecoded: 60, totalFreezesDuration: 0.5 },
  { id: "O1", type: "outbound-rtp", kind: "audio", timestamp: 5000, packetsSent: 100 },
  { id: "O2", type: "outbound-rtp", kind: "video", timestamp: 5000, packetsSent: 300, retransmittedPacketsSent: 20, framesEncoded: 59, qualityLimitationReason: "bandwidth" },
  { id: "R2", type: "remote-inbound-rtp", kind: "video", timestamp: 4900, localId: "O2", packetsLost: 7, roundTripTime: 0.2 },
  { id: "T", type: "transport", timestamp: 5000, selectedCandidatePairId: "P" },
  { id: "P", type: "candidate-pair", timestamp: 5000, localCandidateId: "L", remoteCandidateId: "F" },
  { id: "L", type: "local-candidate", timestamp: 5000, candidateType: "relay", address: "192.0.2.1" },
  { id: "F", type: "remote-candidate", timestamp: 5000, candidateType: "relay", address: "192.0.2.1" },
];

test("what a browser counts is read as what it is, and what it does not count is not known", () => {
  assert.deepEqual(readFigures(REPORT), {
    at: 5, sound: 90, packets: 290, lost: 12, sent: 280, lost_there: 7, samples: 96000, concealed: 960,
    frames_in: 60, frames_out: 59, frozen: 0.5, round_trip: 0.2, limited: true,
  });
  const { sent, lost_there, round_trip, concealed } = readFigures([{ id: "X", type: "codec", timestamp: 1 }]);
  assert.deepEqual([sent, lost_there, round_trip, concealed], [null, null, null, null]);
});

test("two ways meet at one relay, and not where two relays are between", () => {
  assert.equal(legsMeet(REPORT), true);
  const changed = (id, parts) => REPORT.map((one) => (one.id === id ? { ...one, ...parts } : one));
  assert.equal(legsMeet(changed("F", { candidateType: "host" })), true);
  assert.equal(legsMeet(changed("F", { address: "192.0.2.2" })), false);
  assert.equal(legsMeet(changed("T", { selectedCandidatePairId: "none" })), false);
});

test("the other end's word is read within its bounds, and refused by its code", () => {
  const read = readQuality({ type: "quality", level: "poor", leg: "good", loss_in: 0.25, surplus: "<b>" });
  assert.ok(read.ok);
  assert.deepEqual([read.quality.level, read.quality.leg, read.quality.loss_in], ["poor", "good", 0.25]);
  assert.ok(!("surplus" in read.quality));
  const wrong = [{ level: "awful" }, { leg: "long" }, { loss_in: 1.5 }, { round_trip: "1" }, { loss_out: NaN }, { target_bitrate: 1e10 }];
  for (const parts of wrong) assert.deepEqual(readQuality({ type: "quality", level: "good", ...parts }), { ok: false, code: "quality-malformed" });
});

test("each level and each cause has its word, at both ends, and all is well without one", () => {
  const state = (level, cause, parts = {}) => ({
    lineUp: true, call: { connected: true, goodbye: false, server: null, quality: { level, cause, other: null }, ...parts },
  });
  assert.equal(qualityWord(state("good", null), "office"), null);
  assert.equal(qualityWord(state("poor", "own", { connected: false }), "office"), null);
  assert.equal(qualityWord(state("poor", "own"), "office"), "quality-poor-own");
  assert.equal(qualityWord(state("poor", "other"), "office"), "quality-poor-citizen");
  assert.equal(qualityWord(state("poor", "other"), "citizen"), "quality-poor-office");
  assert.equal(qualityWord(state("voice", "relay"), "citizen"), "quality-voice-service");
  assert.equal(qualityWord(state("fair", null), "citizen"), "quality-fair");
  assert.equal(qualityWord(state("nothing", null), "office"), "quality-nothing");
});

test("who may be on a weak line of their own at home is told what to do, and nobody else", () => {
  const told = (end, level, cause, parts = {}) =>
    qualityAdvice({ lineUp: true, call: { connected: true, goodbye: false, server: null, quality: { level, cause, other: null }, ...parts } }, end);
  for (const level of ["poor", "voice"]) {
    for (const cause of ["own", null]) assert.equal(told("citizen", level, cause), "quality-advice");
    for (const cause of ["other", "relay"]) assert.equal(told("citizen", level, cause), null);
    assert.equal(told("office", level, "own"), null);
    assert.equal(told("citizen", level, "own", { goodbye: true }), null);
  }
  for (const level of ["good", "fair", "nothing"]) assert.equal(told("citizen", level, "own"), null);
  assert.equal(qualityAdvice({ lineUp: true, call: null }, "citizen"), null);
});

test("where the media do not tell, the line to the service that is away does", () => {
  const server = { office: { online: true }, citizen: { online: false } };
  const call = { connected: true, goodbye: false, server, quality: { level: "poor", cause: null, other: null } };
  assert.equal(qualityWord({ lineUp: true, call }, "office"), "quality-poor-citizen");
  assert.equal(qualityWord({ lineUp: false, call }, "office"), "quality-poor-own");
  assert.equal(qualityWord({ lineUp: true, call }, "citizen"), "quality-poor");
});
