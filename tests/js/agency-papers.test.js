// Which papers of a case go with the agency's next answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isRemovable, papersOfAnswer } from "../../tawasul/web/static/js/agency-papers-core.js";

const entry = (kind, hour) => ({ kind, at: `2026-11-22T${String(hour).padStart(2, "0")}:00:00Z` });
const paper = (id, came_with, hour) => ({ id, came_with, attached_at: `2026-11-22T${String(hour).padStart(2, "0")}:30:00+00:00` });
const going = (state, entries, documents) => papersOfAnswer({ state, entries, documents }).map((each) => each.id);

const TAKEN_ON = [entry("ratified", 6), entry("taken-on", 7)];

test("what the agency attached since it took the case on goes with the answer; what a desk attached does not", () => {
  assert.deepEqual(going("under-way", TAKEN_ON, [paper("own", "answer", 8), paper("desk's", "reply", 8)]), ["own"]);
});

test("what went with an earlier report has gone", () => {
  const reported = [...TAKEN_ON, entry("reported", 9), entry("prolonged", 12)];
  assert.deepEqual(going("under-way", reported, [paper("early", "answer", 8), paper("late", "answer", 11)]), ["late"]);
});

test("what was attached before a question goes with the answer too, but is no longer taken away", () => {
  const entries = [...TAKEN_ON, entry("asked", 9), entry("replied", 10)];
  const [early, late] = [paper("early", "answer", 8), paper("late", "answer", 11)];
  assert.deepEqual(going("under-way", entries, [early, late]), ["early", "late"]);
  assert.deepEqual([early, late].map((each) => isRemovable({ entries }, each)), [false, true]);
  assert.ok(isRemovable({ entries: TAKEN_ON }, early));
});

test("nothing goes anywhere while it is not the agency's turn", () => {
  assert.deepEqual(going("answered", TAKEN_ON, [paper("own", "answer", 8)]), []);
});
