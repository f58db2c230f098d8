// Cases at the desk: how much time is left in words, what can be done in which state, which paper can go.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clockAt } from "../../tawasul/web/static/js/case-clock.js";
import { mayRemove, stepsOf } from "../../tawasul/web/static/js/desk-cases-core.js";

// A Sunday at 23:30 in Riyadh: half an hour later it is another day there, and not yet in Greenwich.
const NOW = Date.parse("2026-11-22T20:30:00Z");
const due = (due_at, more = {}) => clockAt({ state: "received", due_at, overdue: false, ...more }, NOW);

test("days are those of Riyadh's calendar, not lots of 24 hours", () => {
  assert.deepEqual(due("2026-11-22T20:59:59Z"), { word: "case-due-today", days: 0, tone: "warning" });
  assert.deepEqual(due("2026-11-22T21:00:00Z"), { word: "case-due-tomorrow", days: 1, tone: "warning" });
  assert.deepEqual(due("2026-11-24T20:59:59Z"), { word: "case-due-days", days: 2, tone: "" });
});

test("what is late says by how much; what was set anew is late all the same", () => {
  assert.deepEqual(due("2026-11-19T20:59:59Z", { overdue: true }), { word: "case-late-days", days: 3, tone: "danger" });
  assert.deepEqual(due("2026-11-22T20:00:00Z", { overdue: true }), { word: "case-late", days: 0, tone: "danger" });
  assert.deepEqual(due("2026-11-24T20:59:59Z", { overdue: true }), { word: "case-late-new-day", days: 2, tone: "danger" });
});

test("a citizen is never late, and a closed case has no clock", () => {
  assert.equal(due("2026-11-20T20:59:59Z", { state: "answered" }).word, "case-may-contest-today");
  assert.deepEqual(due("2026-11-30T20:59:59Z", { state: "answered" }), { word: "case-may-contest", days: 8, tone: "" });
  assert.equal(due(null, { state: "closed" }), null);
});

test("each state offers its steps and no others", () => {
  const steps = (state, owner = "desk", answered_at = null) => stepsOf({ state, owner, answered_at });
  assert.deepEqual(steps("received"), ["refer", "settle", "merge", "withdraw"]);
  assert.deepEqual(steps("received", "desk", "2026-11-01T00:00:00Z"), ["refer", "settle", "withdraw"]);
  for (const state of ["proposed", "referred", "under-way"]) assert.deepEqual(steps(state), ["withdraw"]);
  assert.deepEqual(steps("received", "office"), ["withdraw"]);
  assert.deepEqual(steps("asked"), ["reply", "withdraw"]);
  assert.deepEqual(steps("answered", "citizen"), ["accept", "contest", "withdraw"]);
  assert.deepEqual(steps("contested", "office"), ["accept", "withdraw"]);
  assert.deepEqual(steps("closed", "citizen"), []);
});

test("a paper goes while nothing has happened since, but for a clock that ran out", () => {
  const of = (...entries) => ({ state: "asked", opened_at: "2026-11-01T00:00:00Z", entries });
  const paper = { came_with: "reply", attached_at: "2026-11-10T00:00:00Z" };
  assert.equal(mayRemove(paper, of({ kind: "asked", at: "2026-11-09T00:00:00Z" }, { kind: "escalated", at: "2026-11-12T00:00:00Z" })), true);
  assert.equal(mayRemove(paper, of({ kind: "replied", at: "2026-11-11T00:00:00Z" })), false);
  assert.equal(mayRemove({ ...paper, came_with: "answer" }, of()), false);
  assert.equal(mayRemove(paper, { ...of(), state: "closed" }), false);
});
