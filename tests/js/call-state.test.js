// One page's part in a call: what is said to the server and the other end, and when.
import assert from "node:assert/strict";
import { test } from "node:test";
import { describe } from "../../tawasul/web/static/js/call/describe.js";
import { describePrivacy } from "../../tawasul/web/static/js/call/privacy.js";
import { GOODBYE_MS } from "../../tawasul/web/static/js/call/state-media.js";
import { CONFIRM_MS, NO_CALL, deadline, handle, ongoing } from "../../tawasul/web/static/js/call/state.js";

const NOTHING = { sound: false, picture: false };
const up = { type: "line-up" };
const down = { type: "line-down" };
const message = (each) => ({ type: "message", message: each });
const negotiate = (attempt = 1, call_id = "c") => message({
  type: "negotiate", call_id, attempt, audience_id: "a", reference: "AB12", offers: true,
  ice: { servers: [], policy: "relay" }, other: { name: { arabic: "أ", english: "A" } },
});
const callState = (phase, attempt = 1, call_id = "c") => message({
  type: "call-state", call_id, audience_id: "a", attempt, phase,
  office: { online: true, connected: true }, citizen: { online: true, connected: true }, since: "2026-11-22T00:00:00Z",
});
const peer = (event, attempt = 1) => ({ type: "peer", attempt, event });
const OWN = { thumbprint: "a", urn: null, title: null, expires: null, fingerprint: "sha-256 AA" };
const OFFICE = { thumbprint: "b", urn: "urn:tawasul:madinah:office:emirate", title: { ar: "المكتب", en: "Office" }, expires: 9, fingerprint: "sha-256 BB" };
const PRIVACY = { phrase: "012345", pair: "a b", own: OWN, other: OFFICE };
const confirmed = peer({ type: "confirmed", privacy: PRIVACY });
const connected = [confirmed, peer({ type: "connected", path: "relay", via: "tcp" })];
const alarm = (code, reason = null) => peer({ type: "alarm", code, reason });
const seal = (said, attempt = 1) => message({
  type: "seal", call_id: "c", attempt, payload: Buffer.from(JSON.stringify(said)).toString("base64url"),
});
const lost = peer({ type: "lost" });
const ended = (because, waits_again, call_id = "c") => message({ type: "ended", call_id, audience_id: "a", because, waits_again });

function run(...given) {
  let state = NO_CALL;
  let effects = [];
  for (const each of given.flat()) [state, effects] = handle(state, each, 0);
  return { state, effects, sent: effects.filter((each) => each.do === "send").map((each) => each.message) };
}

test("an invitation makes a connection; the same attempt again does not disturb it", () => {
  assert.deepEqual(run(up, negotiate()).effects.map((each) => each.do), ["connect"]);
  assert.deepEqual(run(up, negotiate(), negotiate()).effects, []);
  assert.deepEqual(run(up, negotiate(2), negotiate(1)).effects, []);
  const { state } = run(up, negotiate(1), connected, negotiate(2));
  assert.equal(state.call.attempt, 2);
  assert.ok(!state.call.connected && state.call.everConnected);
});

test("what belongs to another call or attempt reaches nobody", () => {
  const offer = (attempt, call_id) => message({ type: "offer", call_id, attempt, sdp: "v=0" });
  assert.equal(run(up, negotiate(2), offer(2, "c")).effects[0].do, "to-peer");
  assert.deepEqual(run(up, negotiate(2), offer(1, "c")).effects, []);
  assert.deepEqual(run(up, negotiate(2), offer(2, "d")).effects, []);
  assert.deepEqual(run(up, negotiate(2), connected).effects, [], "a report of the first attempt's connection");
});

test("connected and lost are told once each", () => {
  assert.deepEqual(run(up, negotiate(), connected).sent, [
    { type: "media", call_id: "c", attempt: 1, state: "connected", path: "relay", via: "tcp" },
  ]);
  assert.deepEqual(run(up, negotiate(), connected, connected).sent, []);
  assert.equal(run(up, negotiate(), connected, lost).sent[0].state, "lost");
  assert.deepEqual(run(up, negotiate(), connected, lost, lost).sent, []);
  assert.equal(run(up, negotiate(), lost).sent[0].state, "lost", "an attempt that never came about is told too");
});

test("once the outcome is written, the office is not told to write it any more", () => {
  const concluded = (audience_id) => message({ type: "concluded", audience_id, reference: "AB12", directed: true });
  const heard = [up, negotiate(), connected, ended("office-hung-up", false)];
  assert.equal(describe(run(...heard).state, "office").text, "call-outcome-next-office");
  assert.equal(describe(run(...heard, concluded("another")).state, "office").text, "call-outcome-next-office");
  assert.equal(describe(run(...heard, concluded("a")).state, "office").text, "stage-idle-text-office");
  assert.equal(describe(run(...heard, concluded("a")).state, "office").title, "call-over-concluded");
});

test("without a line nothing is sent, and what was missed is told when it is back", () => {
  assert.deepEqual(run(up, negotiate(), down, connected).sent, []);
  assert.equal(run(up, negotiate(), down, connected, up).sent[0].state, "connected");
  assert.deepEqual(run(up, negotiate(), connected, down, up).sent, [], "the server knows already");
  assert.deepEqual(run(up, negotiate(), connected, down, lost, connected, up).sent, [], "lost and back in between: never lost");
  assert.equal(run(up, negotiate(), connected, down, lost, up).sent[0].state, "lost");
});

test("the greeting names the call and whether its media stand", () => {
  assert.equal(ongoing(NO_CALL), null);
  assert.deepEqual(ongoing(run(up, negotiate(3)).state), { call_id: "c", attempt: 3, connected: false });
  assert.deepEqual(ongoing(run(up, negotiate(), connected, down).state), { call_id: "c", attempt: 1, connected: true });
});

test("a call that the server no longer names after a new line is over", () => {
  const { state } = run(up, negotiate(), connected, down, up);
  assert.equal(deadline(state), CONFIRM_MS);
  assert.equal(handle(state, { type: "time" }, CONFIRM_MS)[0].over.because, "unknown");
  const [confirmed] = handle(state, callState("in-call"), 1);
  assert.equal(deadline(confirmed), null);
  const problem = message({ type: "problem", code: "no-such-call", about: "hello", arabic: "", english: "" });
  assert.equal(run(up, negotiate(), down, up, problem).state.call, null);
  const late = message({ type: "problem", code: "no-such-call", about: "candidate", arabic: "", english: "" });
  assert.notEqual(run(up, negotiate(), late).state.call, null, "a word of the call before crossed this one");
});

test("hanging up tells both, releases the devices, and unmutes for the next call", () => {
  const { state, effects } = run(up, negotiate(), connected, { type: "mute", muted: { sound: true, picture: false } }, { type: "hang-up" });
  assert.deepEqual(effects.map((each) => each.do), ["goodbye", "send", "disconnect", "release", "apply-muted"]);
  assert.deepEqual(state.muted, NOTHING);
  assert.equal(state.over.waitsAgain, null);
  assert.equal(handle(state, ended("citizen-hung-up", false), 0)[0].over.waitsAgain, false);
});

test("a hang-up without a line is said when it is back, and an invitation that crosses it is refused", () => {
  const { state, sent } = run(up, negotiate(), down, { type: "hang-up" }, up);
  assert.deepEqual(sent, [{ type: "hang-up", call_id: "c" }]);
  const [after, effects] = handle(state, negotiate(2), 0);
  assert.equal(after.call, null);
  assert.deepEqual(effects, [{ do: "send", message: { type: "hang-up", call_id: "c" } }]);
  assert.equal(handle(state, negotiate(1, "d"), 0)[1][0].do, "connect", "the next call is another matter");
});

test("a goodbye ends the media at once; the server has three seconds to end the call", () => {
  const { state, effects } = run(up, negotiate(), connected, peer({ type: "goodbye" }));
  assert.deepEqual(effects, [{ do: "disconnect", attests: true }]);
  assert.equal(deadline(state), GOODBYE_MS);
  assert.equal(handle(state, ended("office-hung-up", false), 1)[0].over.because, "office-hung-up");
  const [over, asked] = handle(state, { type: "time" }, GOODBYE_MS);
  assert.equal(over.over.because, "other-left");
  assert.deepEqual(asked[0], { do: "send", message: { type: "hang-up", call_id: "c" } });
  const [waiting] = handle(state, down, 1);
  assert.equal(handle(waiting, { type: "time" }, GOODBYE_MS)[0].unsaid.call_id, "c");
});

test("nothing counts as connected before it is confirmed who the other is", () => {
  assert.deepEqual(run(up, negotiate(), peer({ type: "connected", path: "relay", via: "tcp" })).effects, []);
  assert.equal(describePrivacy(run(up, negotiate()).state).standing, "checking");
  assert.equal(describePrivacy(run(up, negotiate(), confirmed).state).standing, "checking", "confirmed, and nothing seen yet");
  assert.equal(describePrivacy(run(up, negotiate(), connected, negotiate(2)).state).standing, "checking", "a new attempt proves anew");
});

test("a citizen's own device is verified by this person's word alone, and for these two keys alone", () => {
  const same = { type: "compared", same: true };
  const before = run(up, negotiate(), connected);
  assert.deepEqual([describePrivacy(before.state).standing, describePrivacy(before.state).compare], ["unverified", "asked"]);
  const { state, effects } = run(up, negotiate(), connected, same);
  assert.equal(describePrivacy(state).standing, "verified");
  assert.deepEqual(effects, [{ do: "remember", callId: "c", pair: "a b" }]);
  const second = (pair) => [negotiate(2), peer({ type: "confirmed", privacy: { ...PRIVACY, pair } }, 2), peer({ type: "connected", path: null, via: null }, 2)];
  assert.equal(describePrivacy(run(up, negotiate(), connected, same, ...second("a b")).state).standing, "verified", "a reconnection");
  assert.equal(describePrivacy(run(up, negotiate(), connected, same, ...second("a d")).state).standing, "unverified", "another key");
  assert.equal(run(up, negotiate(), same).state.call.compared, null, "there was nothing to compare yet");
});

test("two certificates need no comparison, and offer one", () => {
  const kiosk = { ...OWN, urn: "urn:tawasul:madinah:kiosk:badr-1" };
  const both = [peer({ type: "confirmed", privacy: { ...PRIVACY, own: OFFICE, other: kiosk } }), peer({ type: "connected", path: "relay", via: "tcp" })];
  const told = describePrivacy(run(up, negotiate(), both).state);
  assert.deepEqual([told.standing, told.compare, told.phrase], ["verified", "offered", "012345"]);
  assert.equal(describePrivacy(run(up, negotiate(), both, peer({ type: "doubtful" })).state).standing, "unverified", "frames that did not open");
});

test("different digits end the call at once, tell the other end, and raise the alarm", () => {
  const { state, effects, sent } = run(up, negotiate(), connected, { type: "compared", same: false });
  assert.deepEqual(sent.map(({ type }) => type), ["seal", "alarm"]);
  assert.deepEqual(JSON.parse(Buffer.from(sent[0].payload, "base64url")), { t: "refused", code: "phrase-differs" });
  assert.deepEqual(sent[1], { type: "alarm", call_id: "c", attempt: 1, code: "phrase-differs" });
  assert.deepEqual(effects.slice(2).map((each) => each.do), ["disconnect", "release", "apply-muted"]);
  assert.equal(effects[2].attests, false);
  assert.deepEqual([state.over.because, state.over.code], ["not-private", "phrase-differs"]);
  const [after] = handle(state, ended("not-private", true), 0);
  assert.deepEqual([after.over.code, after.over.waitsAgain], ["phrase-differs", true]);
  assert.equal(handle(state, ended("office-hung-up", false), 0)[0].over.because, "not-private", "the server does not unsay it");
  assert.equal(handle(state, negotiate(2), 0)[0].call, null, "nor does it call again");
});

test("whoever breaks off until the phrases happen to be the same is stopped", () => {
  const MINUTE = 60_000;
  const kiosk = (each) => ({ ...each, message: { ...each.message, offers: false, other: { ...each.message.other, device: "badr-1" } } });
  const own = (each) => each;
  /** The attempt at which it ends, of so many, one every so often; each may be of another call. */
  const stoppedAt = (count, every, { shape = own, calls = () => "c", between = () => [] } = {}) => {
    let state = handle(NO_CALL, up, 0)[0];
    for (let attempt = 1; attempt <= count; attempt += 1) {
      const [after, effects] = handle(state, shape(negotiate(attempt, calls(attempt))), attempt * every);
      if (effects.some((each) => each.message?.code === "too-many-tries")) {
        assert.equal(describePrivacy(after).word, "privacy-because-tries");
        assert.deepEqual(after.tries, [], "the next call is judged by itself");
        return attempt;
      }
      state = between(attempt).reduce((last, each) => handle(last, { ...each, attempt: each.type === "peer" ? attempt : undefined }, attempt * every)[0], after);
    }
    return null;
  };
  assert.equal(stoppedAt(40, 1000), 21);
  assert.equal(stoppedAt(40, 1000, { calls: (attempt) => `c${attempt}` }), 21, "another call each time is no way around it");
  assert.equal(stoppedAt(40, MINUTE), null, "an honest network that is bad for long");
  assert.equal(stoppedAt(40, 1000, { shape: kiosk }), null, "between two certificates the phrase is a second proof");
  const same = { type: "compared", same: true };
  assert.equal(stoppedAt(40, 1000, { between: (attempt) => (attempt === 1 ? [confirmed, same] : [confirmed]) }), null, "the same two keys again");
  const other = peer({ type: "confirmed", privacy: { ...PRIVACY, pair: "a m" } });
  assert.equal(stoppedAt(40, 1000, { between: (attempt) => (attempt === 1 ? [confirmed, same] : [other]) }), 22, "other keys than those of which it was said");
});

test("an alarm without a line is raised when it is back", () => {
  const { state } = run(up, negotiate(), down, alarm("certificate-in-use-wrong"));
  assert.equal(describePrivacy(state).standing, "ended");
  assert.deepEqual(handle(state, up, 0)[1], [
    { do: "send", message: { type: "alarm", call_id: "c", attempt: 1, code: "certificate-in-use-wrong" } },
  ]);
});

test("the other end's refusal ends this end too, and both read the same reason", () => {
  const { state, sent } = run(up, negotiate(), connected, seal({ t: "refused", code: "phrase-differs" }));
  assert.equal(sent[0].code, "refused-by-other");
  assert.equal(state.over.code, "phrase-differs");
  assert.equal(run(up, negotiate(), seal({ t: "refused", code: "no such code" })).state.over.code, "refused-by-other");
  assert.equal(run(up, negotiate(2), seal({ t: "refused", code: "phrase-differs" }, 1)).state.over, null, "of an earlier attempt");
  assert.equal(run(up, negotiate(), seal({ t: "init", jws: "" })).effects[0].do, "to-peer");
  assert.equal(run(up, negotiate(), seal({ t: "refused", code: "handshake-late" })).effects[0].do, "to-peer", "a slow line is no attack");
  assert.equal(run(up, negotiate(), seal("refused")).effects[0].do, "to-peer");
});

test("a seal goes to the other end only over a line", () => {
  const sealing = peer({ type: "seal", payload: "e30" });
  assert.deepEqual(run(up, negotiate(), sealing).sent, [{ type: "seal", call_id: "c", attempt: 1, payload: "e30" }]);
  assert.deepEqual(run(up, negotiate(), down, sealing).sent, []);
});

test("an attestation is offered for the call that is over and no other", () => {
  const over = [up, negotiate(), connected, { type: "hang-up" }];
  assert.equal(describePrivacy(run(...over).state).standing, "none");
  assert.equal(describePrivacy(run(...over, { type: "attested", callId: "c" }).state).standing, "over");
  assert.equal(run(...over, { type: "attested", callId: "d" }).state.attested, false);
  assert.equal(run(...over, { type: "attested", callId: "c" }, negotiate(1, "e")).state.attested, false);
});

test("both may have signed before the server has said that the call is over", () => {
  const leaving = [up, negotiate(), connected, peer({ type: "goodbye" }), { type: "attested", callId: "c" }];
  assert.equal(describePrivacy(run(...leaving).state).standing, "none");
  assert.equal(describePrivacy(run(...leaving, ended("citizen-hung-up", false)).state).standing, "over");
});

test("what people read is what is true", () => {
  const told = (...given) => describe(run(...given).state, "citizen");
  assert.equal(told().standing, "none");
  assert.equal(told(up, negotiate()).standing, "connecting");
  assert.equal(told(up, negotiate(), connected, callState("connecting")).title, "call-other-first");
  assert.equal(told(up, negotiate(), connected, callState("in-call")).standing, "in-call");
  assert.deepEqual(told(up, negotiate(), connected, callState("in-call"), down), {
    standing: "in-call", title: "call-in-call", text: "call-in-call-text", note: "call-note-line",
  });
  assert.equal(told(up, negotiate(), connected, callState("in-call"), lost).title, "call-again");
  assert.equal(told(up, negotiate(), connected, callState("reconnecting")).title, "call-other-again");
  assert.equal(told(up, negotiate(), connected, ended("lost", true)).text, "call-waits-again");
  assert.equal(describe(run(up, negotiate(), ended("lost", true)).state, "office").text, "call-waits-again-office");
});

test("whatever comes in whatever order, nothing false is said", () => {
  const inputs = [
    up, down, negotiate(1), negotiate(2), negotiate(3), negotiate(1, "d"), connected, lost, peer({ type: "connected", path: null, via: null }, 2),
    peer({ type: "lost" }, 2), peer({ type: "goodbye" }), peer({ type: "muted", muted: NOTHING }), callState("in-call"),
    callState("reconnecting", 2), ended("lost", true), ended("office-hung-up", false, "d"), { type: "hang-up" }, { type: "time" },
    { type: "mute", muted: { sound: true, picture: true } }, peer({ type: "description", kind: "offer", sdp: "v=0" }),
    confirmed, peer({ type: "confirmed", privacy: { ...PRIVACY, pair: "a d" } }, 2), { type: "compared", same: true }, { type: "compared", same: false },
    alarm("signature-wrong"), seal({ t: "refused", code: "phrase-differs" }), seal({ t: "init" }, 2), peer({ type: "seal", payload: "e30" }),
    peer({ type: "doubtful" }), { type: "attested", callId: "c" },
  ].flat();
  const next = random(7);
  for (let walk = 0; walk < 400; walk += 1) {
    let state = NO_CALL;
    let now = 0;
    for (let step = 0; step < 60; step += 1) {
      const given = inputs[next(inputs.length)];
      const before = state;
      now += next(2500);
      const [after, effects] = handle(state, given, now);
      state = after;
      for (const { message: said } of effects.filter((each) => each.do === "send")) {
        assert.ok(state.lineUp, `${said.type} said without a line`);
        if (said.type === "media" && said.state === "connected") assert.ok(state.call.connected);
        if (said.type === "alarm") assert.notEqual(state.call?.callId, said.call_id, "an alarm, and the call goes on");
      }
      if (before.call && !state.call) assert.ok(effects.some((each) => each.do === "release"), "the camera stays on");
      if (before.call?.callId === state.call?.callId && before.call) assert.ok(state.call.attempt >= before.call.attempt);
      if (state.call) assert.ok(!state.hungUp.includes(state.call.callId));
      if (state.call?.connected) assert.ok(state.call.privacy, "sound and picture of nobody knows whom");
      const privacy = describePrivacy(state);
      if (privacy.standing === "verified") {
        assert.ok(state.call.connected && !state.call.doubtful);
        assert.equal(state.call.compared, state.call.privacy.pair, "one end has no certificate: only a person can say it");
      }
      for (const end of ["office", "citizen"]) {
        const { standing } = describe(state, end);
        if (standing === "in-call") assert.ok(state.call.connected);
      }
    }
  }
});

/** A small generator with a seed (Lehmer), so that a failure can be walked again. */
function random(seed) {
  let at = seed;
  return (below) => {
    at = (at * 48271) % 2147483647;
    return at % below;
  };
}
