/**
 * The Umm al-Qura calendar from 1440 to 1500 AH (September 2018 to November 2077), as a table of months' lengths.
 *
 * Browsers' own (`Intl`, islamic-umalqura) carry tables of different ages: ICU 74 and hijridate 2.6 disagree by a day on months from 1451 AH.
 * The server's is the one that counts, so its table stands here; a test compares them for every day.
 */

const FIRST_YEAR = 1440;

/** 1 Muharram of the first year, in days since 1 January 1970. */
const FIRST_DAY = 17785;

/** Three hexadecimal digits a year: bit 0 is Muharram; a set bit is a month of 30 days, another one of 29. */
const YEARS =
  "2ba5b55aad55a9a92e26e55dada6d46a554ba9754eaae5acba9d92b2564bcab55ab556d2ea5e4aa9552daad36c" +
  "7596d269552da5b4ba9ba3b4b69b52aa64b696d2ec6d9eb2d54d2aa564ae96dd6ab54b29a9352ba57536ab56aa" +
  "e93";

/**
 * @param {number} day days since 1 January 1970, of the Gregorian date
 * @returns {{year: number, month: number, day: number}} month from 1
 * @throws {RangeError} outside the table
 */
export function hijriOf(day) {
  let rest = day - FIRST_DAY;
  for (let index = 0; rest >= 0 && index < YEARS.length / 3; index += 1) {
    const months = Number.parseInt(YEARS.slice(index * 3, index * 3 + 3), 16);
    for (let month = 0; month < 12; month += 1) {
      const length = 29 + ((months >> month) & 1);
      if (rest < length) return { year: FIRST_YEAR + index, month: month + 1, day: rest + 1 };
      rest -= length;
    }
  }
  throw new RangeError("outside the table of the Umm al-Qura calendar");
}

/**
 * The way back from `hijriOf`.
 * @param {{year: number, month: number, day: number}} date month from 1
 * @returns {number | null} days since 1 January 1970; null when the month has no such day
 * @throws {RangeError} outside the table
 */
export function dayOfHijri({ year, month, day }) {
  if (year < FIRST_YEAR || year >= FIRST_YEAR + YEARS.length / 3) throw new RangeError("outside the table of the Umm al-Qura calendar");
  if (month < 1 || month > 12) return null;
  let passed = FIRST_DAY;
  for (let index = 0; index <= year - FIRST_YEAR; index += 1) {
    const months = Number.parseInt(YEARS.slice(index * 3, index * 3 + 3), 16);
    const until = index === year - FIRST_YEAR ? month - 1 : 12;
    for (let each = 0; each < until; each += 1) passed += 29 + ((months >> each) & 1);
    if (index === year - FIRST_YEAR && (day < 1 || day > 29 + ((months >> (month - 1)) & 1))) return null;
  }
  return passed + day - 1;
}
