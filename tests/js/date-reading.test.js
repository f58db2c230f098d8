// Dates as people type them, in either calendar; every day of the table goes there and back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { foldedMonth, readDate } from "../../tawasul/web/static/js/date-reading.js";
import { dayOfHijri, hijriOf } from "../../tawasul/web/static/js/umm-al-qura.js";

const HIJRI = new Map([["محرّم", 1], ["جمادى الآخرة", 6], ["رمضان", 9]].map(([name, month]) => [foldedMonth(name), month]));
const GREGORIAN = new Map([["نوفمبر", 11], ["November", 11]].map(([name, month]) => [foldedMonth(name), month]));

const read = (typed) => readDate(typed, HIJRI, GREGORIAN)?.day ?? null;

test("the same day in every way it is written", () => {
  for (const typed of [
    "2026-11-22", "22/11/2026", "٢٢/١١/٢٠٢٦", "22.11.2026", "22 نوفمبر 2026م", "22 november 2026",
    "1448/6/12", "12/6/1448", "١٢ / ٦ / ١٤٤٨ هـ", "12 جمادى الآخرة 1448هـ", "12 جمادى الاخره 1448", "1448هـ-06-12", "\u200f12\u200f/6/1448",
  ]) assert.equal(read(typed), "2026-11-22", typed);
});

test("no such day, and no date", () => {
  for (const typed of [
    "31/4/2027", "29/2/2027", "30/2/2028", "0/1/2027", "1/13/2027", "12/13/1448", "31/6/1448", "0/6/1448", "1/1/1399", "1/1/1501", "1/1/1999",
    "22/11/26", "2026", "11/2026", "", "غدا", "22 رمضان 2026", "12 نوفمبر 1448", "1448/6/12/3", "9".repeat(60),
  ]) assert.equal(read(typed), null, typed);
});

test("the last day of a month of 29 is refused and of one of 30 is not", () => {
  const lengths = new Map();
  for (let month = 1; month <= 12; month += 1) lengths.set(month, dayOfHijri({ year: 1448, month, day: 30 }) === null ? 29 : 30);
  assert.deepEqual(new Set(lengths.values()), new Set([29, 30]));
  for (const [month, length] of lengths) {
    assert.ok(read(`${length}/${month}/1448`));
    assert.equal(read(`${length + 1}/${month}/1448`), null);
  }
});

test("every day of the table goes there and back", () => {
  const first = dayOfHijri({ year: 1440, month: 1, day: 1 });
  for (let day = first; day < first + 61 * 354; day += 1) assert.equal(dayOfHijri(hijriOf(day)), day);
});
