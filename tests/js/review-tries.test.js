// Review: a man in the middle cannot have the count of his tries forgotten by letting an honest attempt through now and then.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_CALL, handle } from "../../tawasul/web/static/js/call/state.js";

const OWN = { thumbprint: "a", urn: null, title: null, expires: null, fingerprint: "sha-256 AA" };
const OFFICE = { thumbprint: "b", urn: "urn:tawasul:madinah:office:emirate", title: { ar: "المكتب", en: "Office" }, expires: 9, fingerprint: "sha-256 BB" };
const KIOSK = { ...OWN, thumbprint: "k", urn: "urn:tawasul:madinah:kiosk:badr-1" };
const negotiate = (attempt, { offers = true, device } = {}) => ({
  type: "message",
  message: {
    type: "negotiate", call_id: "c", attempt, audience_id: "a", reference: "AB12", offers,
    ice: { servers: [], policy: "relay" }, other: { name: { arabic: "أ", english: "A" }, ...(device ? { device } : {}) },
  },
});
const confirmed = (attempt, pair, own = OWN, other = OFFICE) => ({ type: "peer", attempt, event: { type: "confirmed", privacy: { phrase: "012345", pair, own, other } } });

/** The attempt at which the call is ended for too many tries, or null. @param {(attempt: number) => object[]} after what happens in each */
function stoppedAt(count, after, how = {}) {
  let state = handle(NO_CALL, { type: "line-up" }, 0)[0];
  for (let attempt = 1; attempt <= count; attempt += 1) {
    let effects;
    [state, effects] = handle(state, negotiate(attempt, typeof how === "function" ? how(attempt) : how), attempt * 1000);
    if (effects.some((each) => each.message?.code === "too-many-tries")) return attempt;
    for (const given of after(attempt)) [state] = handle(state, given, attempt * 1000);
  }
  return null;
}

const SAME = { type: "compared", same: true };

test("attempts with the compared keys, let through between the tries, do not set the count back", () => {
  // Compared in the first. Of the others each tenth is honest, the rest are broken off once the middle has seen both phrases.
  const after = (attempt) => (attempt === 1 ? [confirmed(1, "a b"), SAME] : attempt % 10 === 0 ? [confirmed(attempt, "a b")] : []);
  assert.equal(stoppedAt(60, after), 24, "the 21st that was broken off: the 10th and the 20th do not count");
});

test("what a person said before a reload is their word once, and sets the count back no second time", () => {
  // The page gives it again whenever the keys of which it was said are confirmed.
  const after = (attempt) => (attempt === 1 ? [confirmed(1, "a b"), SAME] : attempt % 10 === 0 ? [confirmed(attempt, "a b"), SAME] : []);
  assert.equal(stoppedAt(60, after), 24);
});

test("a bad network between two people who compared is still no attack", () => {
  assert.equal(stoppedAt(60, (attempt) => (attempt === 1 ? [confirmed(1, "a b"), SAME] : [confirmed(attempt, "a b")])), null);
});

test("a kiosk's attempts, which are not counted, take none from the count either", () => {
  const how = (attempt) => ({ offers: false, device: attempt % 2 ? undefined : "badr-1" });
  const after = (attempt) => (attempt === 2 ? [confirmed(2, "k b", OFFICE, KIOSK), SAME] : attempt % 2 ? [] : [confirmed(attempt, "k b", OFFICE, KIOSK)]);
  assert.equal(stoppedAt(80, after, how), 43, "the 21st counted since it was said in the second");
});
