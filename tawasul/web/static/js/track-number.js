/**
 * Whether what was typed can be the number of a case at all: Hijri year, serial, check digit (`tawasul/domain/case_number.py`). That tells a slip
 * as a slip before anything is asked; whether there is such a case, only the server knows, and tells it to its citizen alone.
 */
import { onlyDigits } from "./digits.js";

/** Year, serial of five to eight digits, check digit. */
const PARTS = /^1[45]\d{2}(\d{5,8})\d$/;

/** Damm's quasigroup of order ten (H. Michael Damm, 2004), as python-stdnum has it. */
const TABLE = [
  "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
  "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
];

/** @param {string} typed digits of any script, with or without what stands between them @returns {boolean} */
export function isCaseNumber(typed) {
  const digits = onlyDigits(typed);
  const parts = PARTS.exec(digits);
  return parts !== null && Number(parts[1]) > 0 && [...digits].reduce((held, digit) => Number(TABLE[held][Number(digit)]), 0) === 0;
}
