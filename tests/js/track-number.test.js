/** The check digit of a case's number, as the domain has it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { isCaseNumber } from "../../tawasul/web/static/js/track-number.js";

const RIGHT = "1448-00471-5"; // tawasul.domain.case_number.CaseNumber(1448, 471).text

test("a number is taken in the digits of any keyboard, with or without what stands between them", () => {
  for (const typed of [RIGHT, "1448004715", " 1448 00471 5 ", "١٤٤٨-٠٠٤٧١-٥", "1448/00471/5"]) assert.ok(isCaseNumber(typed), typed);
});

test("every wrong digit and every two neighbours exchanged are noticed", () => {
  const digits = RIGHT.replaceAll("-", "");
  for (let place = 0; place < digits.length; place += 1) {
    for (const other of "0123456789") {
      if (other === digits[place]) continue;
      assert.ok(!isCaseNumber(digits.slice(0, place) + other + digits.slice(place + 1)), `${other} at ${place}`);
    }
    const [one, next] = [digits[place], digits[place + 1]];
    if (next === undefined || one === next) continue;
    assert.ok(!isCaseNumber(digits.slice(0, place) + next + one + digits.slice(place + 2)), `exchanged at ${place}`);
  }
});

test("what is no number at all is none", () => {
  for (const typed of ["", "-", "1448", "1448-00471", "0512345678", "1000000008", "1448-00000-0", "14480047150000"]) assert.ok(!isCaseNumber(typed), typed);
});
