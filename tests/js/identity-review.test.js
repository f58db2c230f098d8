// What a review of the office's identity found: answers without end, words that nobody signed, and clocks that are set back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LIST_EVERY, POLL, UNKNOWN, deadline, handle, standingOf } from "../../tawasul/web/static/js/identity-core.js";

const DAY = 86_400;
const ROOT = "root-one";
const TERM = { from: 0, until: 3 * DAY };

/** An identity that is well at `now`, with its list and anchor fetched. */
function wellAt(now, certificate = TERM) {
  const state = { ...UNKNOWN, anchor: ROOT, certificate, listUntil: now + DAY };
  return { ...state, due: { anchor: now + LIST_EVERY, list: now + LIST_EVERY, ask: 0, poll: 0, renew: 1.5 * DAY } };
}

test("a certificate whose half is over is not renewed at once again, whoever answers so", () => {
  const now = 2 * DAY;
  const [renewing, act] = handle(wellAt(now), { type: "time" }, now);
  assert.equal(act, "renew");
  const [same, next] = handle(renewing, { type: "enrolled", certificate: TERM }, now);
  assert.equal(next, null);
  assert.ok(deadline(same, now) >= now + 60);
});

test("one that has ended already is renewed within seconds: people wait for it", () => {
  const now = 4 * DAY;
  const polling = { ...wellAt(now, null), asked: true, doing: "poll" };
  const [ended] = handle(polling, { type: "enrolled", certificate: TERM }, now);
  assert.equal(standingOf(ended, now), "expired");
  assert.ok(deadline(ended, now) <= now + 5);
  assert.equal(handle(ended, { type: "time" }, now + 5)[1], "renew");
});

test("a refusal that nobody signed does not end what a certificate proves", () => {
  const now = 2 * DAY;
  for (const code of ["enrolment-revoked", "certificate-revoked", "enrolment-other-name", "enrolment-place-unknown"]) {
    const [renewing] = handle(wellAt(now), { type: "time" }, now);
    const [refused] = handle(renewing, { type: "failed", act: "renew", code }, now);
    assert.equal(standingOf(refused, now), "enrolled", code);
    assert.equal(handle(refused, { type: "time" }, now + 60)[1], "renew", "and it is tried again");
  }
});

test("who was refused asks again by themselves, though not often", () => {
  const asking = { ...wellAt(0, null), doing: "ask" };
  const [refused] = handle(asking, { type: "failed", act: "ask", code: "enrolment-revoked" }, 10);
  assert.equal(standingOf(refused, 10), "refused");
  const again = deadline(refused, 10);
  assert.ok(again >= 10 + 60);
  const [asked, act] = handle(refused, { type: "time" }, again);
  assert.equal(act, "ask");
  assert.equal(standingOf(asked, again), "refused", "until it is taken");
  assert.equal(standingOf(handle(asked, { type: "asked" }, again)[0], again), "waiting");
});

test("what the list itself says is for good", () => {
  const now = 2 * DAY;
  const [revoked] = handle({ ...wellAt(now), doing: "list" }, { type: "list", until: 3 * DAY, own: "certificate-revoked" }, now);
  assert.equal(standingOf(revoked, now), "refused");
  assert.equal(handle(revoked, { type: "time" }, now + LIST_EVERY)[1], null);
});

test("after a clock that was ahead it goes on within the usual times", () => {
  const ahead = 400 * DAY;
  const now = 10;
  const waiting = { ...wellAt(ahead, null), listUntil: null, asked: true };
  const stuck = { ...waiting, due: { ...waiting.due, poll: ahead + POLL, list: ahead + 5, anchor: ahead + 5 } };
  const acts = [];
  let [state, act] = handle(stuck, { type: "time" }, now);
  if (act) acts.push(act);
  [state, act] = handle(state, { type: "list", until: now + DAY, own: null }, now);
  if (act) acts.push(act);
  [state, act] = handle(state, { type: "anchor", fingerprint: ROOT }, now);
  if (act) acts.push(act);
  assert.deepEqual(acts, ["list", "anchor", "poll"]);
});
