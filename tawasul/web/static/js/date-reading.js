/**
 * What somebody typed as a date, in either calendar and with the digits of any keyboard, as a day. The year tells the calendar: 1440 to
 * 1500 is Hijri (Umm al-Qura), 2000 to 2099 Gregorian. Years come first or last (1448/6/12, 12/6/1448); the day never stands after the month
 * where the year is first, nor before it where it is last, so that no date can be read in two ways. Pure.
 */
import { latinDigits } from "./digits.js";
import { dayOfHijri } from "./umm-al-qura.js";

/** @typedef {{day: string, calendar: "hijri" | "gregorian"}} Read `day` is YYYY-MM-DD, Gregorian */

const DAY_MS = 24 * 3600 * 1000;
const LONGEST = 40;

/**
 * @param {string} typed
 * @param {Map<string, number>} [hijriMonths] names of months, folded by `foldedMonth`, with their numbers from 1
 * @param {Map<string, number>} [gregorianMonths]
 * @returns {Read | null} null: no date, or no such day in the calendar of its year
 */
export function readDate(typed, hijriMonths = new Map(), gregorianMonths = new Map()) {
  if (typed.length > LONGEST) return null;
  const [text, named] = withoutName(latinDigits(typed), hijriMonths, gregorianMonths);
  const numbers = text.match(/^\D*?(\d{1,4})\D+(\d{1,4})(?:\D+(\d{1,4}))?\D*$/)?.slice(1);
  if (!numbers) return null;
  const parts = numbers.filter((each) => each !== undefined);
  if (parts.length !== (named ? 2 : 3)) return null;
  const yearFirst = parts[0].length === 4;
  if (!yearFirst && parts[parts.length - 1].length !== 4) return null;
  const [year, ...rest] = (yearFirst ? parts : [...parts].reverse()).map(Number);
  const [month, day] = named ? [named.month, rest[0]] : rest;
  if (named && (named.calendar === "hijri") !== isHijri(year)) return null;
  return isHijri(year) ? ofHijri(year, month, day) : ofGregorian(year, month, day);
}

/** A month's name without what people leave out or write otherwise. @param {string} name @returns {string} */
export function foldedMonth(name) {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\u064b-\u065f\u0670\u0640]/g, "")
    .replace(/[أإآ]/g, "ا")
    .replace(/ى/g, "ي")
    .replace(/ة/g, "ه")
    .replace(/(^|\s)ال/g, "$1")
    .replace(/[^\p{L}]/gu, "");
}

/** @param {number} year */
function isHijri(year) {
  return year >= 1440 && year <= 1500;
}

/** @param {number} year @param {number} month @param {number} day @returns {Read | null} */
function ofHijri(year, month, day) {
  const since = dayOfHijri({ year, month, day });
  return since === null ? null : { day: new Date(since * DAY_MS).toISOString().slice(0, 10), calendar: "hijri" };
}

/** @param {number} year @param {number} month @param {number} day @returns {Read | null} */
function ofGregorian(year, month, day) {
  if (year < 2000 || year > 2099) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  // `Date` carries 31 April over to 1 May.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return { day: date.toISOString().slice(0, 10), calendar: "gregorian" };
}

/**
 * @param {string} text
 * @param {Map<string, number>} hijriMonths
 * @param {Map<string, number>} gregorianMonths
 * @returns {[string, {month: number, calendar: "hijri" | "gregorian"} | null]} what is left, and the month that was named
 */
function withoutName(text, hijriMonths, gregorianMonths) {
  const name = text.match(/\p{L}[\p{L}\p{M}\s-]*/u)?.[0] ?? "";
  // The marks of the calendars, «هـ» and «م», stand after a year and are no names.
  const folded = foldedMonth(name);
  if (folded.length < 2) return [text, null];
  const month = hijriMonths.get(folded);
  if (month) return [text.replace(name, " "), { month, calendar: "hijri" }];
  const other = gregorianMonths.get(folded);
  return other ? [text.replace(name, " "), { month: other, calendar: "gregorian" }] : [text, null];
}
