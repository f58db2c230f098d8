// Agencies found by what a secretary types while the next citizen comes in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { matching } from "../../tawasul/web/static/js/office-search.js";

const AGENCIES = [
  { id: "water", name: { arabic: "فرع شركة المياه الوطنية", english: "National Water Company, branch" } },
  { id: "health", name: { arabic: "تجمع المدينة المنورة الصحي", english: "Madinah Health Cluster" } },
  { id: "environment", name: { arabic: "فرع وزارة البيئة والمياه والزراعة", english: "Environment, Water and Agriculture" } },
  { id: "municipality", name: { arabic: "أمانة منطقة المدينة المنورة", english: "Madinah Municipality" } },
];

const found = (typed) => matching(AGENCIES, typed).map(({ id }) => id);

test("nothing typed, or only spaces: all of them, in their order", () => {
  for (const typed of ["", "  ", "،"]) assert.equal(found(typed).length, 4);
});

test("by any word, in any spelling, with or without the article", () => {
  for (const typed of ["المياه", "مياه", "ميا", "الميـاه", "مِياه", "water", "WAT"]) assert.deepEqual(found(typed), ["water", "environment"], typed);
  for (const typed of ["امانة", "أمانه", "امانه المدينة", "madinah mun"]) assert.deepEqual(found(typed), ["municipality"], typed);
  for (const typed of ["الزراعة", "زراعه", "بيئه زراعة", "بيءة".replace("ء", "ئ")]) assert.deepEqual(found(typed), ["environment"], typed);
});

test("every word counts, and words in between do not", () => {
  assert.deepEqual(found("فرع المياه"), ["water", "environment"]);
  assert.deepEqual(found("شركة صحي"), []);
  assert.deepEqual(found("ياه"), []);
  assert.equal(found("ال").length, 4);
});
