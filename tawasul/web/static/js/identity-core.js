/**
 * How this device's identity stands, as a pure state machine: what is fetched, asked and renewed, and when. `identity.js` is its shell.
 *
 * `handle(state, given, now)` returns the next state and what is to be done: nothing, or one act at a time, whose outcome is given back.
 * Times are seconds since 1970 UTC, since certificates speak of those.
 *
 * @typedef {"anchor" | "list" | "ask" | "poll" | "renew"} Act
 * @typedef {{from: number, until: number}} Term of a certificate
 * @typedef {"starting" | "unreachable" | "no-trust" | "anchor-differs" | "waiting" | "expired" | "unproven" | "refused" | "enrolled"} Standing
 *   `unproven`: enrolled, but there is no revocation list that is fresh enough, so that nobody would believe us, nor we anybody
 * @typedef {object} IdentityState
 * @property {string | null} anchor fingerprint of the region's root that this device holds to
 * @property {string | null} offered another one, by which it was to be replaced
 * @property {number | null} listUntil
 * @property {Term | null} certificate
 * @property {string | null} refusal a code, after which only a person can go on
 * @property {boolean} forGood the refusal is the signed list's; any other is a word that nobody signed, and is asked for again
 * @property {number} approvals
 * @property {boolean} asked the issuer has the request
 * @property {boolean} lapsed the issuer will not renew the certificate
 * @property {string | null} trouble the code of what last could not be done, until something can
 * @property {Act | null} doing
 * @property {Record<Act, number>} due when each is to be done next
 * @typedef {{type: "known", anchor: string | null, offered: string | null, certificate: Term | null, listUntil: number | null}
 *   | {type: "anchor", fingerprint: string}
 *   | {type: "list", until: number, own: string | null}
 *   | {type: "asked"}
 *   | {type: "standing", state: "waiting" | "unknown", approvals: number}
 *   | {type: "enrolled", certificate: Term}
 *   | {type: "failed", act: Act, code: string}
 *   | {type: "look-now"}
 *   | {type: "time"}} IdentityGiven
 *   `own` is what the list says of our own chain: null when it holds, else a code
 */

/** How often somebody who stands before the screen with a steward sees whether it went through. */
export const POLL = 3;
/** And for the first time: where a request is granted without being looked at, nobody waits longer. */
export const FIRST_POLL = 0.5;
/** How often the revocation list is fetched: a device that is revoked calls nobody in after it. */
export const LIST_EVERY = 3600;
/** After something could not be done that was not urgent yet. */
const LATER = 60;
/** After something could not be done without which nothing goes on. */
const SOON = 5;

/** After these only a person can go on, with a new key; for good when the list says so, which is signed. */
const FINAL = new Set(["enrolment-revoked", "certificate-revoked", "enrolment-other-name", "enrolment-place-unknown"]);
/** What the issuer says to a renewal that it will never grant. */
const NO_RENEWAL = new Set(["enrolment-unknown", "renewal-wrong", "renewal-late"]);

/** @type {IdentityState} */
export const UNKNOWN = {
  anchor: null,
  offered: null,
  listUntil: null,
  certificate: null,
  refusal: null,
  forGood: false,
  approvals: 0,
  asked: false,
  lapsed: false,
  trouble: null,
  doing: null,
  due: { anchor: 0, list: 0, ask: 0, poll: 0, renew: 0 },
};

/**
 * @param {IdentityState} state
 * @param {IdentityGiven} given
 * @param {number} now
 * @returns {[IdentityState, Act | null]} the act to begin now, if any
 */
export function handle(state, given, now) {
  const next = withoutTheLapsed(taken(state, given, now), now);
  const act = next.doing ? null : dueAct(next, now);
  return [act ? { ...next, doing: act } : next, act];
}

/** @param {IdentityState} state @param {number} now @returns {Standing} */
export function standingOf(state, now) {
  if (state.offered !== null) return "anchor-differs";
  if (state.refusal !== null) return "refused";
  if (state.anchor === null || (!state.certificate && !state.asked)) {
    if (state.trouble === "trust-not-set-up") return "no-trust";
    return state.trouble === null ? "starting" : "unreachable";
  }
  if (!state.certificate) return "waiting";
  if (now >= state.certificate.until) return "expired";
  return state.listUntil === null || now >= state.listUntil ? "unproven" : "enrolled";
}

/** When to give it `{type: "time"}`; null when nothing is awaited. @param {IdentityState} state @param {number} now */
export function deadline(state, now) {
  const times = state.doing ? [] : actsOf(state).map((act) => dueOf(state, act, now));
  for (const end of [state.listUntil, state.certificate?.until]) if (end && end > now) times.push(end);
  return times.length ? Math.min(...times) : null;
}

/** @param {IdentityState} state @param {IdentityGiven} given @param {number} now @returns {IdentityState} */
function taken(state, given, now) {
  switch (given.type) {
    case "known": {
      const { anchor, offered, certificate, listUntil } = given;
      return { ...state, anchor, offered, listUntil, ...holding(state, certificate, now) };
    }
    case "anchor":
      if (state.anchor !== null && state.anchor !== given.fingerprint) return { ...done(state), offered: given.fingerprint };
      return { ...done(state, "anchor", now + LIST_EVERY), anchor: given.fingerprint };
    case "list":
      return judged({ ...done(state, "list", now + LIST_EVERY), listUntil: given.until }, given.own);
    case "asked":
      return { ...done(state, "poll", now + FIRST_POLL), asked: true, refusal: null };
    case "standing":
      // A request lapses after a day, and an issuer may have forgotten it: it is made again.
      if (given.state === "unknown") return { ...done(state, "ask", now), asked: false, approvals: 0 };
      return { ...done(state, "poll", now + POLL), approvals: given.approvals };
    case "enrolled":
      // Never at once again, even where its half is over: an answer that is given again must not make a storm.
      return { ...done(state), asked: false, approvals: 0, ...holding(state, given.certificate, now, given.certificate.until > now ? LATER : SOON) };
    case "failed":
      return failed(state, given.act, given.code, now);
    case "look-now":
      return { ...state, due: { ...state.due, list: 0, ...(state.asked ? { poll: 0 } : {}) } };
    case "time":
      return state;
  }
}

/** A certificate that has ended and will not be renewed is none. @param {IdentityState} state @param {number} now @returns {IdentityState} */
function withoutTheLapsed(state, now) {
  return state.lapsed && state.certificate && now >= state.certificate.until ? { ...state, ...holding(state, null, now), asked: false } : state;
}

/** @param {IdentityState} state @param {Act} act @param {string} code @param {number} now @returns {IdentityState} */
function failed(state, act, code, now) {
  const urgent = act === "anchor" ? state.anchor === null : act === "list" ? (state.listUntil ?? 0) <= now : act !== "renew";
  const next = { ...done(state, act, now + (urgent ? SOON : LATER)), trouble: code };
  // While it is good it serves on, since nobody signed this word; afterwards two people enrol this key again.
  if (act === "renew" && (NO_RENEWAL.has(code) || FINAL.has(code))) return { ...next, lapsed: true };
  if (FINAL.has(code) && (act === "ask" || act === "poll")) return { ...next, refusal: code, asked: false, due: { ...next.due, ask: now + LATER } };
  return next;
}

/** What a fresh list says of our own certificate. @param {IdentityState} state @param {string | null} own @returns {IdentityState} */
function judged(state, own) {
  if (own === null || own === "certificate-expired" || !state.certificate) return state;
  // A chain that does not hold for any other reason is none: the issuer is asked again.
  return FINAL.has(own) ? { ...state, refusal: own, forGood: true } : { ...state, certificate: null, asked: false };
}

/** @param {IdentityState} state @param {Term | null} certificate @param {number} now @param {number} [pause] before it may be renewed */
function holding(state, certificate, now, pause = 0) {
  const half = certificate ? certificate.from + (certificate.until - certificate.from) / 2 : 0;
  return { certificate, lapsed: false, due: { ...state.due, renew: pause ? Math.max(half, now + pause) : half } };
}

/** An act is over. @param {IdentityState} state @param {Act} [act] @param {number} [again] @returns {IdentityState} */
function done(state, act, again = 0) {
  return { ...state, doing: null, trouble: null, due: act ? { ...state.due, [act]: again } : state.due };
}

/** What is to be done in this state, the most needed first. @param {IdentityState} state @returns {Act[]} */
function actsOf(state) {
  if (state.offered !== null || state.forGood) return [];
  if (state.refusal !== null) return ["ask"];
  if (state.anchor === null) return ["anchor"];
  return ["list", "anchor", state.certificate ? "renew" : state.asked ? "poll" : "ask"];
}

/** @param {IdentityState} state @param {number} now @returns {Act | null} */
function dueAct(state, now) {
  return actsOf(state).find((act) => dueOf(state, act, now) <= now) ?? null;
}

/** Nothing but a renewal waits longer than an hour: a time beyond that is of a clock that was ahead. @param {IdentityState} state @param {Act} act @param {number} now */
function dueOf(state, act, now) {
  return act !== "renew" && state.due[act] > now + LIST_EVERY ? now : state.due[act];
}
