// Review: a signed statement names the handshakes of the two keys that it names, and no others.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Ledger } from "../../tawasul/web/static/js/call/attestations.js";

const session = (citizen, th) => ({
  transcript: new Uint8Array(32).fill(th), epoch: { number: 0 }, parties: { citizen: { thumbprint: citizen }, office: { thumbprint: "b" } },
});
const FRAMES = { sealed: 5, opened: 4, refused: 1 };

test("handshakes and frames with another key are not signed as this one's", () => {
  const ledger = new Ledger([], null, () => {});
  ledger.began(1, session("a", 1), 100);
  ledger.ended(FRAMES, 110);
  ledger.began(2, session("m", 2), 120);
  assert.deepEqual(ledger.handshakes.map(({ attempt }) => attempt), [2]);
  ledger.ended(FRAMES, 130);
  assert.deepEqual(ledger.frames, FRAMES);
  ledger.began(3, session("m", 3), 140);
  ledger.ended(FRAMES, 150);
  assert.deepEqual(ledger.handshakes.map(({ attempt }) => attempt), [2, 3], "the same two keys again");
  assert.deepEqual(ledger.frames, { sealed: 10, opened: 8, refused: 2 });
});

test("nor after the page was loaded again", () => {
  /** @type {any[]} */ const kept = [];
  const before = new Ledger([], null, (handshakes, pair) => kept.splice(0, 2, handshakes, pair));
  before.began(1, session("a", 1), 100);
  before.ended(FRAMES, 110);
  const again = (citizen) => {
    const ledger = new Ledger(kept[0], kept[1], () => {});
    ledger.began(2, session(citizen, 2), 120);
    return ledger.handshakes.map(({ attempt }) => attempt);
  };
  assert.deepEqual(again("m"), [2]);
  assert.deepEqual(again("a"), [1, 2]);
});
