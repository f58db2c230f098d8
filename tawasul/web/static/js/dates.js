/**
 * Dates, times and waits as people read them: Hijri (Umm al-Qura) beside Gregorian, always on Riyadh's clock whatever the browser's zone.
 * The twin of `tawasul/web/dates.py`; names of days and months come from the catalogue.
 */
import { hijriOf } from "./umm-al-qura.js";

/** @typedef {{year: number, month: number, day: number, weekday: number, hour: number, minute: number}} Parts */

const RIYADH_OFFSET = 3 * 3600 * 1000; // UTC+3, no daylight saving
const DAY = 24 * 3600 * 1000;

export class Dates {
  #words;

  /** @param {import("./catalogue.js").Words} words */
  constructor(words) {
    this.#words = words;
  }

  /** The day with both calendars. @param {Date | string} moment @returns {string} */
  day(moment) {
    return this.#words.say("date-both", {
      weekday: this.weekday(moment),
      hijri: this.hijri(moment),
      gregorian: this.gregorian(moment),
    });
  }

  /** The Umm al-Qura date. @param {Date | string} moment @returns {string} */
  hijri(moment) {
    const { year, month, day } = hijriOf(Math.floor(shifted(moment).getTime() / DAY));
    return this.#words.say("date-hijri", {
      day: String(day),
      month: this.#words.say(HIJRI_MONTHS[month - 1]),
      year: String(year),
    });
  }

  /** Day and month of the Umm al-Qura date, each for itself. @param {Date | string} moment @returns {{day: string, month: string}} */
  hijriParts(moment) {
    const { month, day } = hijriOf(Math.floor(shifted(moment).getTime() / DAY));
    return { day: String(day), month: this.#words.say(HIJRI_MONTHS[month - 1]) };
  }

  /** The Gregorian day and month, where the year is known. @param {Date | string} moment @returns {string} */
  gregorianShort(moment) {
    return this.#words.say("date-short", { day: String(inRiyadh(moment).day), month: this.gregorianMonth(moment) });
  }

  /** The name of the Gregorian month. @param {Date | string} moment @returns {string} */
  gregorianMonth(moment) {
    return this.#words.say(GREGORIAN_MONTHS[inRiyadh(moment).month - 1]);
  }

  /** The Gregorian date. @param {Date | string} moment @returns {string} */
  gregorian(moment) {
    const { year, month, day } = inRiyadh(moment);
    return this.#words.say("date-gregorian", {
      day: String(day),
      month: this.#words.say(GREGORIAN_MONTHS[month - 1]),
      year: String(year),
    });
  }

  /** The name of the day. @param {Date | string} moment @returns {string} */
  weekday(moment) {
    return this.#words.say(WEEKDAYS[inRiyadh(moment).weekday]);
  }

  /** The time of the day on a clock of twelve hours. @param {Date | string} moment @returns {string} */
  time(moment) {
    const { hour, minute } = inRiyadh(moment);
    const time = `${hour % 12 || 12}:${String(minute).padStart(2, "0")}`;
    return this.#words.say(hour < 12 ? "time-morning" : "time-evening", { time });
  }

  /** How long someone has waited, in whole minutes. @param {number} seconds @returns {string} */
  wait(seconds) {
    const minutes = Math.max(0, Math.floor(seconds / 60));
    if (minutes < 1) return this.#words.say("wait-moment");
    if (minutes < 60) return this.#words.say("wait-minutes", { minutes });
    const hours = this.#words.say("wait-hours", { hours: Math.floor(minutes / 60) });
    if (minutes % 60 === 0) return hours;
    return this.#words.say("wait-both", { hours, minutes: this.#words.say("wait-minutes", { minutes: minutes % 60 }) });
  }

  /** A running time as on a clock: 4:07, 1:02:33. @param {number} seconds @returns {string} */
  clock(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const tail = `${String(minutes).padStart(hours ? 2 : 1, "0")}:${String(rest).padStart(2, "0")}`;
    return hours ? `${hours}:${tail}` : tail;
  }
}

/** The moment's parts on Riyadh's clock; weekday 0 is Sunday. @param {Date | string} moment @returns {Parts} */
export function inRiyadh(moment) {
  const local = shifted(moment);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    weekday: local.getUTCDay(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
  };
}

/**
 * A date whose UTC fields read as Riyadh's clock.
 * @param {Date | string} moment a date, or an ISO 8601 text with its zone
 * @returns {Date}
 */
function shifted(moment) {
  const date = typeof moment === "string" ? new Date(moment) : moment;
  if (Number.isNaN(date.getTime())) throw new RangeError("not a moment");
  return new Date(date.getTime() + RIYADH_OFFSET);
}

const WEEKDAYS = ["day-sunday", "day-monday", "day-tuesday", "day-wednesday", "day-thursday", "day-friday", "day-saturday"];

export const GREGORIAN_MONTHS = [
  "month-january", "month-february", "month-march", "month-april", "month-may", "month-june",
  "month-july", "month-august", "month-september", "month-october", "month-november", "month-december",
];

export const HIJRI_MONTHS = [
  "month-muharram", "month-safar", "month-rabi-awwal", "month-rabi-akhir", "month-jumada-ula", "month-jumada-akhirah",
  "month-rajab", "month-shaban", "month-ramadan", "month-shawwal", "month-dhu-qidah", "month-dhu-hijjah",
];
