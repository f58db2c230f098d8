/**
 * The stretches of days that the office looks at, up to a day. Pure.
 */
import { dayOfHijri, hijriOf } from "./umm-al-qura.js";

/** @typedef {{from: string, to: string}} Range days in Riyadh, YYYY-MM-DD, both included */

const DAY_MS = 24 * 3600 * 1000;

/**
 * This week from its Sunday, this Gregorian month and this Hijri year from their first days.
 * @param {string} today YYYY-MM-DD
 * @returns {{week: Range, month: Range, year: Range}}
 */
export function presets(today) {
  const day = Date.parse(`${today}T00:00:00Z`) / DAY_MS;
  const sunday = day - new Date(day * DAY_MS).getUTCDay();
  const newYear = dayOfHijri({ year: hijriOf(day).year, month: 1, day: 1 }) ?? day;
  return {
    week: { from: iso(sunday), to: today },
    month: { from: `${today.slice(0, 8)}01`, to: today },
    year: { from: iso(newYear), to: today },
  };
}

/**
 * The days that an address names.
 * @param {string} search such as `?from=2026-11-01&to=2026-11-22`
 * @returns {Range | null} null: it names none, or what are no days
 */
export function rangeIn(search) {
  const asked = new URLSearchParams(search);
  const [from, to] = [asked.get("from") ?? "", asked.get("to") ?? ""];
  return isDay(from) && isDay(to) ? { from, to } : null;
}

/** @param {string} text */
function isDay(text) {
  const moment = Date.parse(`${text}T00:00:00Z`);
  return /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(moment) && iso(moment / DAY_MS) === text;
}

/** @param {number} day since 1 January 1970 @returns {string} */
function iso(day) {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
