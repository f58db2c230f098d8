// Review: a statement names each attempt once. Two transcripts of one attempt would be read by each reader as it likes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isStatement } from "../../tawasul/web/static/js/e2ee/attestation-shape.js";

const statement = (...attempts) => ({
  v: 1, call: "c", role: "office", parties: { citizen: { jkt: "A".repeat(43) }, office: { jkt: "A".repeat(43), urn: "urn:x" } },
  handshakes: attempts.map((attempt, at) => ({ attempt, th: "A".repeat(42) + "AEIM"[at], from: 1, to: 2, epochs: [[0, 1]] })),
  phrase: "same", frames: { sealed: 1, opened: 1, refused: 0 }, recorder: false,
});

test("an attempt that is named twice makes it malformed", () => {
  assert.ok(isStatement(statement(1, 2)));
  assert.ok(!isStatement(statement(1, 2, 1)));
});
