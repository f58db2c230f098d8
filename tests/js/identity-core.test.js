// The office's identity: what is done when, and when this console may call somebody in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FIRST_POLL, LIST_EVERY, POLL, UNKNOWN, deadline, handle, standingOf } from "../../tawasul/web/static/js/identity-core.js";

const DAY = 86_400;
const ROOT = "root-one";
const KNOWN = { type: "known", anchor: ROOT, offered: null, certificate: null, listUntil: null };
const TERM = { from: 0, until: 3 * DAY };

/** What follows from `script`, pairs of a time and a given: the state, and the acts begun. */
function after(...script) {
  let state = UNKNOWN;
  let last = 0;
  const acts = [];
  for (const [now, given] of script) {
    let act;
    [state, act] = handle(state, given, now);
    last = now;
    if (act) acts.push(act);
  }
  return { state, acts, standing: standingOf(state, last) };
}

const LISTED = [1, { type: "list", until: DAY, own: null }];
const COMPARED = [1, { type: "anchor", fingerprint: ROOT }];
const ENROLLED = [
  [0, KNOWN], LISTED, COMPARED, [2, { type: "asked" }], [2 + POLL, { type: "time" }],
  [6, { type: "enrolled", certificate: TERM }],
];

test("a new device: the anchor, the list, the request, and then it looks again and again", () => {
  const first = after([0, { ...KNOWN, anchor: null }]);
  assert.deepEqual(first.acts, ["anchor"]);
  assert.equal(first.standing, "starting");
  const { acts, state, standing } = after([0, { ...KNOWN, anchor: null }], COMPARED, LISTED, [2, { type: "asked" }]);
  assert.deepEqual(acts, ["anchor", "list", "ask"]);
  assert.equal(standing, "waiting");
  assert.equal(deadline(state, 2), 2 + FIRST_POLL);
  const [polling, act] = handle(state, { type: "time" }, 2 + FIRST_POLL);
  assert.equal(act, "poll");
  const [one] = handle(polling, { type: "standing", state: "waiting", approvals: 1 }, 6);
  assert.equal(one.approvals, 1);
  const [enrolled] = handle(one, { type: "enrolled", certificate: TERM }, 7);
  assert.equal(standingOf(enrolled, 7), "enrolled");
});

test("what an issuer has forgotten is asked again", () => {
  const { acts } = after([0, KNOWN], LISTED, COMPARED, [2, { type: "asked" }], [5, { type: "time" }], [5, { type: "standing", state: "unknown", approvals: 1 }]);
  assert.deepEqual(acts, ["list", "anchor", "ask", "poll", "ask"]);
});

test("one act at a time", () => {
  const [state] = handle(UNKNOWN, KNOWN, 0);
  assert.equal(handle(state, { type: "time" }, 9)[1], null);
  assert.equal(handle(state, { type: "look-now" }, 9)[1], null);
});

test("it is renewed at half of its life, and serves on when that fails", () => {
  const { state } = after(...ENROLLED);
  const half = 1.5 * DAY;
  const [early] = handle({ ...state, due: { ...state.due, list: half + 600, anchor: half + 600 }, listUntil: 9 * DAY }, { type: "time" }, half - 1);
  assert.equal(early.doing, null);
  const [renewing, act] = handle(early, { type: "time" }, half);
  assert.equal(act, "renew");
  const [failed] = handle(renewing, { type: "failed", act: "renew", code: "no-answer" }, half);
  assert.equal(standingOf(failed, half), "enrolled");
  assert.equal(deadline(failed, half), half + 60);
  const [renewed] = handle({ ...failed, doing: "renew" }, { type: "enrolled", certificate: { from: half, until: half + 3 * DAY } }, half);
  assert.equal(renewed.due.renew, half + half);
  assert.equal(renewed.trouble, null);
});

test("an ended certificate calls nobody in, and is still renewed", () => {
  const { acts, standing } = after([4 * DAY, { ...KNOWN, certificate: TERM, listUntil: 5 * DAY }], [4 * DAY, { type: "list", until: 5 * DAY, own: "certificate-expired" }], [4 * DAY, { type: "anchor", fingerprint: ROOT }]);
  assert.equal(standing, "expired");
  assert.deepEqual(acts, ["list", "anchor", "renew"]);
});

test("without a fresh list nobody is called in", () => {
  const { state } = after(...ENROLLED);
  assert.equal(standingOf(state, DAY - 1), "enrolled");
  assert.equal(standingOf(state, DAY), "unproven");
  assert.equal(after([0, { ...KNOWN, certificate: TERM }]).standing, "unproven");
});

test("the list is fetched hourly, and a revoked console is shut by it", () => {
  const { state } = after(...ENROLLED);
  assert.equal(deadline(state, 7), 1 + LIST_EVERY);
  const [fetching, act] = handle(state, { type: "time" }, 1 + LIST_EVERY);
  assert.equal(act, "list");
  const [revoked, next] = handle(fetching, { type: "list", until: 2 * DAY, own: "certificate-revoked" }, 1 + LIST_EVERY);
  assert.equal(standingOf(revoked, 1 + LIST_EVERY), "refused");
  assert.equal(next, null);
  assert.equal(revoked.refusal, "certificate-revoked");
});

test("the issuer's final words end it, others are tried again", () => {
  for (const code of ["enrolment-revoked", "enrolment-other-name", "enrolment-place-unknown"]) {
    assert.equal(after([0, KNOWN], LISTED, COMPARED, [2, { type: "failed", act: "ask", code }]).standing, "refused", code);
  }
  const { state, standing } = after([0, KNOWN], LISTED, COMPARED, [2, { type: "failed", act: "ask", code: "enrolments-full" }]);
  assert.equal(standing, "unreachable");
  assert.equal(deadline(state, 2), 7);
  assert.equal(after([0, { ...KNOWN, anchor: null }], [1, { type: "failed", act: "anchor", code: "trust-not-set-up" }]).standing, "no-trust");
});

test("a certificate that will not be renewed serves to its end, and then two people are asked again", () => {
  const { state } = after(...ENROLLED);
  const late = { ...state, doing: "renew", listUntil: 9 * DAY, due: { ...state.due, list: 2 * DAY + 60, anchor: 2 * DAY + 60 } };
  const [lapsed] = handle(late, { type: "failed", act: "renew", code: "enrolment-unknown" }, 2 * DAY);
  assert.ok(lapsed.lapsed);
  assert.equal(standingOf(lapsed, 2 * DAY), "enrolled");
  const fetched = { ...lapsed, due: { ...lapsed.due, list: 3 * DAY + 60, anchor: 3 * DAY + 60 } };
  const [ended, act] = handle(fetched, { type: "time" }, 3 * DAY);
  assert.equal(act, "ask");
  assert.equal(standingOf(handle(ended, { type: "asked" }, 3 * DAY)[0], 3 * DAY), "waiting");
});

test("another anchor stops everything, whoever offers it", () => {
  const byServer = after([0, KNOWN], LISTED, [2, { type: "anchor", fingerprint: "root-two" }]);
  assert.equal(byServer.standing, "anchor-differs");
  assert.equal(byServer.state.offered, "root-two");
  assert.equal(deadline(byServer.state, 2), DAY, "only what it holds still ends");
  assert.equal(handle(byServer.state, { type: "time" }, 9 * DAY)[1], null);
  const byHand = after([0, { ...KNOWN, offered: "root-two" }]);
  assert.deepEqual(byHand.acts, []);
  assert.equal(byHand.standing, "anchor-differs");
});

test("a chain that does not hold is none", () => {
  const { state, acts } = after([0, { ...KNOWN, certificate: TERM }], [1, { type: "list", until: DAY, own: "chain-wrong" }], COMPARED);
  assert.equal(state.certificate, null);
  assert.deepEqual(acts, ["list", "anchor", "ask"]);
});
