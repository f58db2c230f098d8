// The stretches of days that the office looks at, and the axes of its plots.
import assert from "node:assert/strict";
import { test } from "node:test";
import { everyOf, ticks } from "../../tawasul/web/static/js/follow-through-plot.js";
import { presets, rangeIn } from "../../tawasul/web/static/js/follow-through-range.js";

test("a week begins on its Sunday, a month on its first, a Hijri year with Muharram", () => {
  // Sunday 22 November 2026 is 12 Jumada al-Akhirah 1448; 1 Muharram 1448 was 16 June 2026.
  const to = "2026-11-22";
  assert.deepEqual(presets(to), { week: { from: to, to }, month: { from: "2026-11-01", to }, year: { from: "2026-06-16", to } });
  assert.equal(presets("2026-11-28").week.from, to);
  assert.equal(presets("2026-03-01").week.from, "2026-03-01");
  assert.equal(presets("2026-06-16").year.from, "2026-06-16");
  assert.equal(presets("2026-06-15").year.from, "2025-06-26");
});

test("an address names days that are days, or none", () => {
  assert.deepEqual(rangeIn("?from=2026-11-01&to=2026-11-22"), { from: "2026-11-01", to: "2026-11-22" });
  // Reversed: the server says so.
  assert.deepEqual(rangeIn("?from=2026-11-22&to=2026-11-01"), { from: "2026-11-22", to: "2026-11-01" });
  for (const search of ["", "?from=2026-11-01", "?from=2026-02-30&to=2026-03-01", "?from=1448-06-01&to=2026-03-01", "?from=x&to=y"]) {
    assert.equal(rangeIn(search), null, search);
  }
});

test("an axis has few, round and whole numbers and reaches what is highest", () => {
  for (const most of [0, 1, 2, 3, 7, 10, 11, 40, 41, 99, 100, 1001, 123456]) {
    const marks = ticks(most);
    assert.equal(marks[0], 0);
    assert.ok(marks.length >= 2 && marks.length <= 5, `${most}: ${marks}`);
    assert.ok(marks[marks.length - 1] >= most, `${most}: ${marks}`);
    assert.ok(marks.every((mark, index) => Number.isInteger(mark) && mark === index * marks[1]), `${most}: ${marks}`);
  }
});

test("labels have room, however many weeks and however narrow", () => {
  assert.equal(everyOf(5, 1000, 100), 1);
  assert.equal(everyOf(53, 1000, 100), 6);
  assert.equal(everyOf(157, 300, 172), 157);
  assert.equal(everyOf(1, 50, 100), 1);
});
