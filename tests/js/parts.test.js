// The small pure parts: evidence, liveness, shapes, devices, keys, the board, the steps of the citizen's page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { constraintsFor, grouped, wordFor } from "../../tawasul/web/static/js/call/devices-core.js";
import { NOTHING_YET, grown, isSeenAndHeard, readEvidence } from "../../tawasul/web/static/js/call/evidence.js";
import { LOST_AFTER_MS, born, heardBeat, look } from "../../tawasul/web/static/js/call/liveness.js";
import { loudness } from "../../tawasul/web/static/js/call/microphone-meter.js";
import { hasReason, reasonWord } from "../../tawasul/web/static/js/call/privacy-words.js";
import { configuration, preferred, toBrowser, toProtocol } from "../../tawasul/web/static/js/call/shapes.js";
import { NO_CALL } from "../../tawasul/web/static/js/call/state.js";
import { CODES } from "../../tawasul/web/static/js/e2ee/errors.js";
import { mustCheckIn, placeWord, stepOf, thanksWord } from "../../tawasul/web/static/js/join-steps.js";
import { NEW_LINE } from "../../tawasul/web/static/js/line-core.js";
import { actOf } from "../../tawasul/web/static/js/office-keys.js";
import { callerWord, canCall, current, isInTheRoom, next, officeState, sections } from "../../tawasul/web/static/js/office-model.js";

const BOTH = { sound: false, picture: false };

function stats(local, remote, more = {}) {
  return [
    { id: "t", type: "transport", selectedCandidatePairId: "p" },
    { id: "p", type: "candidate-pair", localCandidateId: "l", remoteCandidateId: "r" },
    { id: "l", type: "local-candidate", candidateType: local },
    { id: "r", type: "remote-candidate", candidateType: remote },
    { id: "v", type: "inbound-rtp", kind: "video", framesDecoded: 1, ...more.video },
    { id: "a", type: "inbound-rtp", kind: "audio", packetsReceived: 5, totalSamplesReceived: 960, concealedSamples: 0, ...more.audio },
  ];
}

const read = (report, opened = 10) => readEvidence(report, opened);

test("the path is the longest way that either end takes", () => {
  assert.equal(read(stats("host", "host")).path, "host");
  assert.equal(read(stats("host", "relay")).path, "relay");
  assert.equal(read(stats("prflx", "host")).path, "reflexive");
  assert.equal(read(stats("srflx", "relay")).path, "relay");
  assert.equal(read([]).path, null);
});

test("how an end speaks with its own relay, and not the other with theirs", () => {
  const by = (local, relayProtocol) => read(stats(local, "relay").map((each) => (each.id === "l" ? { ...each, relayProtocol } : each))).via;
  assert.equal(by("relay", "tls"), "tls");
  assert.equal(by("host", "udp"), null);
  assert.equal(by("relay", "pigeon"), null);
  assert.equal(by("relay", undefined), null);
  assert.equal(read([]).via, null);
});

test("seen and heard means decoded, both of them, and not concealed", () => {
  assert.ok(isSeenAndHeard(read(stats("host", "host")), BOTH));
  assert.ok(!isSeenAndHeard(read(stats("host", "host", { video: { framesDecoded: 0 } })), BOTH));
  assert.ok(!isSeenAndHeard(read(stats("host", "host", { audio: { concealedSamples: 960 } })), BOTH));
  assert.ok(!isSeenAndHeard(NOTHING_YET, BOTH));
  assert.ok(!isSeenAndHeard(read(stats("host", "host"), 0), BOTH), "decoded, and never opened: not from the other end");
  assert.ok(isSeenAndHeard(read(stats("host", "host", { video: { framesDecoded: 0 } })), { sound: false, picture: true }));
  const evidence = read(stats("host", "host"));
  assert.ok(!isSeenAndHeard(grown(evidence, evidence), BOTH), "what was decoded before a loss proves nothing after it");
});

test("four seconds without a heartbeat are a loss; a page that slept does not accuse the other", () => {
  let life = born(0);
  for (let now = 1000; now < LOST_AFTER_MS; now += 1000) assert.ok((life = look(life, now)).alive);
  assert.ok(!(life = look(life, LOST_AFTER_MS)).alive);
  assert.ok(heardBeat(life, 4100).alive, "and it comes back");
  const slept = look(look(born(0), 1000), 60_000);
  assert.ok(slept.alive);
  assert.ok(look(slept, 61_000).alive);
});

test("candidates and relays in the browser's shape and back", () => {
  assert.deepEqual(toProtocol(null), { candidate: "" });
  assert.deepEqual(toProtocol({ candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 }), { candidate: "candidate:1", sdp_mid: "0", sdp_m_line_index: 0 });
  assert.equal(toBrowser({ candidate: "" }), null);
  assert.deepEqual(toBrowser({ candidate: "c", sdp_mid: "1" }), { candidate: "c", sdpMid: "1", sdpMLineIndex: null });
  assert.deepEqual(toBrowser({ candidate: "c" }), { candidate: "c", sdpMid: null, sdpMLineIndex: 0 });
  const ice = { servers: [{ urls: ["turn:127.0.0.1:1"], username: "u", credential: "p" }, { urls: ["stun:127.0.0.1:1"], username: null }], policy: "relay" };
  assert.deepEqual(configuration(ice), {
    iceServers: [{ urls: ["turn:127.0.0.1:1"], username: "u", credential: "p" }, { urls: ["stun:127.0.0.1:1"] }],
    iceTransportPolicy: "relay", bundlePolicy: "max-bundle",
  });
});

test("every code has its words, and an unknown one says no more than is known", () => {
  const without = CODES.filter((code) => !hasReason(code));
  assert.deepEqual(without, []);
  assert.equal(reasonWord("phrase-differs"), "privacy-because-differs");
  assert.equal(reasonWord("anything-else"), "privacy-because-unknown");
  assert.equal(reasonWord(null), "privacy-because-unknown");
});

test("VP8 comes first, then what sends its lost packets again, and no other codec", () => {
  const codecs = ["video/H264", "video/rtx", "video/VP8", "video/AV1"].map((mimeType) => ({ mimeType }));
  assert.deepEqual(preferred(codecs).map(({ mimeType }) => mimeType), ["video/VP8", "video/rtx"]);
});

test("each refusal of a device has its sentence", () => {
  assert.equal(wordFor("NotAllowedError", "camera"), "device-camera-not-allowed");
  assert.equal(wordFor("NotFoundError", "microphone"), "device-microphone-not-found");
  assert.equal(wordFor("NotReadableError", "camera"), "device-camera-busy");
  assert.equal(wordFor("insecure", "camera"), "device-insecure");
  assert.equal(wordFor("anything else", "microphone"), "device-microphone-failed");
  assert.equal(constraintsFor(["camera"], { camera: "x", microphone: "" }).audio, false);
  assert.equal(grouped([{ kind: "videoinput", deviceId: "" }, { kind: "videoinput", deviceId: "x" }]).camera.length, 1);
});

test("loudness is between silence and a near voice", () => {
  assert.equal(loudness(new Float32Array(512)), 0);
  assert.equal(loudness(new Float32Array(512).fill(1)), 1);
  const soft = loudness(Float32Array.from({ length: 512 }, (_, at) => Math.sin(at / 4) * 0.02));
  assert.ok(soft > 0 && soft < 1);
});

test("keys act by their place, on the Arabic layout too, and never with a modifier", () => {
  const key = (code, key, more = {}) => ({ code, key, ctrlKey: false, altKey: false, metaKey: false, repeat: false, ...more });
  assert.equal(actOf(key("KeyN", "n")), "next");
  assert.equal(actOf(key("KeyN", "ى")), "next");
  assert.equal(actOf(key("Slash", "؟")), "help");
  assert.equal(actOf(key("KeyE", "e", { ctrlKey: true })), null);
  assert.equal(actOf(key("KeyM", "m", { repeat: true })), null);
  assert.equal(actOf(key("KeyQ", "q")), null);
});

const row = (id, state, more = {}) => ({ audience_id: id, state, online: true, ...more });
const boardOf = (...rows) => ({ type: "board", rows });

test("next is the first in order whose line stands; nobody is called beside an unfinished audience", () => {
  const board = boardOf(row("a", "arrived", { position: 1, online: false }), row("b", "arrived", { position: 2 }), row("c", "booked"));
  assert.equal(next(board).audience_id, "b");
  assert.ok(canCall(board.rows[1], board, true));
  assert.ok(!canCall(board.rows[1], board, false));
  assert.ok(!canCall(board.rows[0], board, true));
  const busy = boardOf(row("h", "heard"), ...board.rows);
  assert.ok(!canCall(busy.rows[2], busy, true));
  assert.equal(current(busy).audience_id, "h");
  assert.deepEqual(sections(busy).waiting.map((each) => each.audience_id), ["h", "a", "b"]);
});

test("the console's state follows the call, then the board", () => {
  assert.equal(officeState(null, NO_CALL, "none"), "connecting");
  assert.equal(officeState(boardOf(), NO_CALL, "none"), "idle");
  assert.equal(officeState(boardOf(row("a", "heard")), NO_CALL, "none"), "heard");
  assert.equal(officeState(boardOf(row("a", "in-call")), NO_CALL, "none"), "idle", "on another console");
  const over = { callId: "c", audienceId: "a", because: "here", waitsAgain: false };
  assert.equal(officeState(boardOf(row("a", "in-call")), { ...NO_CALL, over }, "over"), "heard");
  const part = { ...NO_CALL, call: { audienceId: "a" } };
  assert.equal(officeState(boardOf(), part, "connecting"), "calling");
  assert.equal(officeState(boardOf(), part, "in-call"), "in-call");
});

test("who is in the room can have the outcome written at once, and on no other venue", () => {
  const here = row("a", "in-call", { venue: "in-person", call_id: "c" });
  assert.ok(isInTheRoom(here));
  assert.equal(officeState(boardOf(here), NO_CALL, "none"), "heard");
  assert.equal(callerWord(here, NO_CALL, "heard"), "office-caller-in-the-room");
  for (const other of [null, row("a", "in-call", { venue: "kiosk" }), row("a", "heard", { venue: "in-person" })]) assert.ok(!isInTheRoom(other));
  assert.equal(callerWord(row("a", "heard", { venue: "in-person" }), NO_CALL, "heard"), "office-caller-heard");
});

const KNOWN = {
  begun: "yes", state: "booked", devicesPassed: false, line: { ...NEW_LINE, standing: "up" }, waiting: null, fresh: true,
  part: NO_CALL, told: null, refused: null,
};
const waitingWith = (...entries) => ({ entries, office_present: true });

test("the citizen's page shows the step that is true", () => {
  const step = (more) => stepOf({ ...KNOWN, ...more });
  const over = { callId: "c", audienceId: "a", because: "here", waitsAgain: null };
  assert.equal(step({ begun: "unknown" }), "loading");
  assert.equal(step({ begun: "no" }), "welcome");
  assert.equal(step({ begun: "unknown", refused: { code: "link-not-valid", text: "" } }), "problem");
  assert.equal(step({}), "loading");
  assert.equal(step({ waiting: waitingWith() }), "devices");
  assert.equal(step({ waiting: waitingWith(), devicesPassed: true }), "loading");
  assert.equal(step({ waiting: waitingWith({ state: "arrived" }) }), "waiting");
  assert.equal(step({ waiting: waitingWith({ state: "heard" }) }), "thanks");
  assert.equal(step({ waiting: waitingWith(), state: "concluded" }), "thanks");
  assert.equal(step({ part: { ...NO_CALL, call: {} }, line: { ...NEW_LINE, standing: "stopped" } }), "call");
  assert.equal(step({ line: { ...NEW_LINE, standing: "stopped" } }), "problem");
  assert.equal(step({ part: { ...NO_CALL, over }, waiting: waitingWith({ state: "in-call" }) }), "call");
  assert.equal(step({ part: { ...NO_CALL, over }, waiting: waitingWith({ state: "heard" }), fresh: false }), "call");
  assert.equal(step({ part: { ...NO_CALL, over }, waiting: waitingWith({ state: "heard" }) }), "thanks");
});

test("the check-in is said once the device check is passed and nobody waits yet", () => {
  assert.ok(!mustCheckIn({ ...KNOWN, waiting: waitingWith() }));
  assert.ok(mustCheckIn({ ...KNOWN, waiting: waitingWith(), devicesPassed: true }));
  assert.ok(!mustCheckIn({ ...KNOWN, waiting: waitingWith({ state: "arrived" }), devicesPassed: true }));
  assert.ok(!mustCheckIn({ ...KNOWN, waiting: waitingWith(), devicesPassed: true, line: NEW_LINE }));
});

test("the words of the place and of the thanks", () => {
  assert.equal(placeWord({ state: "arrived", position: 1 }), "join-place-next");
  assert.equal(placeWord({ state: "arrived", position: 4 }), "join-place");
  assert.equal(placeWord({ state: "called-in", position: null }), "join-place-called");
  assert.equal(thanksWord({ ...KNOWN, told: { directed: true } }), "join-thanks-directed");
  assert.equal(thanksWord({ ...KNOWN, told: { directed: false } }), "join-thanks-heard");
  assert.equal(thanksWord({ ...KNOWN, state: "concluded" }), "join-thanks-concluded");
  assert.equal(thanksWord({ ...KNOWN, waiting: waitingWith({ state: "heard" }) }), "join-thanks-outcome-next");
});
