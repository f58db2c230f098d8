// What is being written, kept in the tab: of which page it is, and when it goes.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { draftOf, dropAll, keepDraft, keepOnly, ofCase } from "../../tawasul/web/static/js/drafts.js";

// As a browser's: what is kept are its own keys, how it is kept is not.
const STORAGE = {
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  },
  setItem(key, value) {
    this[key] = String(value);
  },
  removeItem(key) {
    delete this[key];
  },
};

beforeEach(() => {
  globalThis.sessionStorage = Object.create(STORAGE);
});

test("the console drops what is off its board, and nothing of a case", () => {
  keepDraft("one", "أول");
  keepDraft("one", "water", "terms");
  keepDraft("two", "ثان");
  keepDraft(ofCase("three"), "ثالث", "direct");
  keepOnly(new Set(["two"]));
  assert.deepEqual([draftOf("one"), draftOf("one", "terms"), draftOf("two"), draftOf(ofCase("three"), "direct")], ["", "", "ثان", "ثالث"]);
});

test("signing out leaves nothing that was written, on whichever page", () => {
  for (const whose of ["one", "1-answer", "contest-1448-00471-5", "directive-7"]) keepDraft(whose, "كلام");
  keepDraft(ofCase("three"), "كلام", "settle");
  sessionStorage.setItem("not-ours", "1");
  dropAll();
  assert.deepEqual(Object.keys(sessionStorage), ["not-ours"]);
});
