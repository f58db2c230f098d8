// The line to the service: greeting, pulse, closing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NEW_LINE, SILENCE_MS, deadline, handle, mayReturn } from "../../tawasul/web/static/js/line-core.js";

const WELCOME = {
  type: "welcome", protocol: 1, endpoint: "office", name: { arabic: "أ", english: "A" }, server_time: "2026-11-22T00:00:00Z",
};
const REPLACED = { type: "problem", code: "replaced", arabic: "فُتحت", english: "Opened" };

/** The state and all effects after these, one a millisecond. */
function after(...given) {
  let state = NEW_LINE;
  const effects = [];
  given.forEach((each, now) => {
    const [next, asked] = handle(state, each, now);
    state = next;
    effects.push(...asked);
  });
  return { state, effects };
}

const opened = { type: "opened", call: null };
const heard = (message) => ({ type: "heard", message });
const closed = (code) => ({ type: "closed", code, reason: "" });

test("the greeting goes out first, and names the call that the page holds", () => {
  const call = { call_id: "c", attempt: 2, connected: true };
  const { state, effects } = after({ type: "opened", call });
  assert.deepEqual(effects, [{ do: "send", message: { type: "hello", protocol: 1, call } }]);
  assert.equal(state.standing, "connecting", "an open socket is no line until it is greeted");
});

test("the line is up with the welcome", () => {
  const { state, effects } = after(opened, heard(WELCOME));
  assert.equal(state.standing, "up");
  assert.deepEqual(effects.slice(1).map((each) => each.do), ["tell", "deliver"]);
});

test("codes that may be returned from", () => {
  for (const code of [1000, 1001, 1006, 1009, 1011, 1012, 1013, 4408, 4429]) assert.ok(mayReturn(code), `${code}`);
  for (const code of [4400, 4401, 4403, 4409]) assert.ok(!mayReturn(code), `${code}`);
});

test("a lost line is told once, however often the attempts to restore it fail", () => {
  const { state, effects } = after(opened, heard(WELCOME), closed(1006), closed(1000), closed(1006));
  assert.equal(state.standing, "down");
  assert.equal(effects.filter((each) => each.do === "tell").length, 2, "up, then down");
});

test("a line that stops says why in the server's own words", () => {
  const { state } = after(opened, heard(WELCOME), heard(REPLACED), closed(4409));
  assert.equal(state.standing, "stopped");
  assert.deepEqual(state.why, { code: "replaced", text: { arabic: "فُتحت", english: "Opened" } });
  const { state: silent } = after(opened, closed(4401));
  assert.deepEqual(silent.why, { code: "not-signed-in", text: null });
});

test("a problem of an earlier socket does not explain the end of a later one", () => {
  const { state } = after(opened, heard({ ...REPLACED, code: "stale" }), closed(1006), opened, closed(4401));
  assert.equal(state.why.code, "not-signed-in");
});

test("silence of 25 seconds makes the line anew; any word puts it off", () => {
  let [state] = handle(NEW_LINE, opened, 0);
  [state] = handle(state, heard(WELCOME), 10);
  assert.equal(deadline(state), 10 + SILENCE_MS);
  [state] = handle(state, heard({ type: "pulse", server_time: "2026-11-22T00:00:00Z" }), 10_000);
  assert.deepEqual(handle(state, { type: "time" }, 10_000 + SILENCE_MS - 1), [state, []]);
  const [down, effects] = handle(state, { type: "time" }, 10_000 + SILENCE_MS);
  assert.equal(down.standing, "down");
  assert.deepEqual(effects.map((each) => each.do), ["tell", "make-anew"]);
  assert.equal(deadline(down), null);
});

test("using it here takes a stopped line up again", () => {
  const { state } = after(opened, heard(REPLACED), closed(4409));
  const [again, effects] = handle(state, { type: "use-here" }, 9);
  assert.equal(again.standing, "connecting");
  assert.ok(effects.some((each) => each.do === "make-anew"));
});
