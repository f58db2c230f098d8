// The desk by the keyboard: where the arrows go, and which key does what.
import assert from "node:assert/strict";
import { test } from "node:test";
import { actOf } from "../../tawasul/web/static/js/desk-keys.js";
import { goTo } from "../../tawasul/web/static/js/roving.js";

// Three in a row, a pause across the row, then two: as the times of a day stand.
const LEFT_TO_RIGHT = [[0, 0], [100, 0], [200, 0], [0, 90], [100, 90]].map(([start, top]) => ({ start, top }));
const RIGHT_TO_LEFT = LEFT_TO_RIGHT.map(({ start, top }) => ({ start: 200 - start, top }));

test("arrows follow the reading in either direction and stop at the ends", () => {
  assert.equal(goTo("ArrowRight", 0, LEFT_TO_RIGHT, false), 1);
  assert.equal(goTo("ArrowLeft", 0, RIGHT_TO_LEFT, true), 1);
  assert.equal(goTo("ArrowRight", 1, RIGHT_TO_LEFT, true), 0);
  assert.equal(goTo("ArrowLeft", 0, LEFT_TO_RIGHT, false), 0);
  assert.equal(goTo("ArrowRight", 4, LEFT_TO_RIGHT, false), 4);
  assert.equal(goTo("End", 1, LEFT_TO_RIGHT, false), 4);
  assert.equal(goTo("Home", 3, LEFT_TO_RIGHT, false), 0);
});

test("up and down go to what stands nearest in the next row", () => {
  for (const [spots, turned] of [[LEFT_TO_RIGHT, false], [RIGHT_TO_LEFT, true]]) {
    assert.equal(goTo("ArrowDown", 1, spots, turned), 4);
    assert.equal(goTo("ArrowDown", 2, spots, turned), 4);
    assert.equal(goTo("ArrowUp", 3, spots, turned), 0);
    assert.equal(goTo("ArrowDown", 3, spots, turned), 3);
    assert.equal(goTo("ArrowUp", 2, spots, turned), 2);
  }
});

test("other keys are not ours", () => {
  for (const key of ["a", "Tab", "Enter", " "]) assert.equal(goTo(key, 0, LEFT_TO_RIGHT, false), null);
});

const pressed = (code, key, more = {}) => ({ code, key, ctrlKey: false, altKey: false, metaKey: false, repeat: false, ...more });

test("keys count by their place, whatever the layout types there", () => {
  assert.equal(actOf(pressed("Slash", "/"), false), "find");
  assert.equal(actOf(pressed("Slash", "ظ"), false), "find");
  assert.equal(actOf(pressed("KeyB", "لا"), false), "book");
  assert.equal(actOf(pressed("KeyT", "ف"), true), "tasks");
  assert.equal(actOf(pressed("KeyT", "ف"), false), null);
  assert.equal(actOf(pressed("KeyN", "ى"), false), "new");
  assert.equal(actOf(pressed("KeyC", "ؤ"), true), "cases");
  assert.equal(actOf(pressed("Slash", "؟"), false), "help");
});

test("a scanner's digits go to the search, in any script; with another key held nothing is ours", () => {
  assert.equal(actOf(pressed("Digit1", "1"), false), "digit");
  assert.equal(actOf(pressed("Digit1", "١"), false), "digit");
  for (const held of ["ctrlKey", "altKey", "metaKey", "repeat"]) assert.equal(actOf(pressed("Slash", "/", { [held]: true }), false), null);
});
