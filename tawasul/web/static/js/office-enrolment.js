/**
 * The enrolment panel of the office's console: says how its identity stands, shows what two members of staff compare, and whether anybody
 * can be called in. What happens is `identity.js`'s.
 *
 * @import { IdentityView } from "./identity.js"
 * @import { Standing } from "./identity-core.js"
 */
import { byId } from "./controllers.js";
import { codeOf, qrText } from "./e2ee/enrolment.js";
import { drawQr } from "./identity-qr.js";
import { identity } from "./identity.js";
import { dates, say } from "./words.js";

/** Approvals that a device needs. */
const NEEDED = 2;

/** Title and text of each standing. @type {Record<Exclude<Standing, "enrolled">, [string, string]>} */
const WORDS = {
  starting: ["enrolment-starting", "enrolment-starting-text"],
  unreachable: ["enrolment-unreachable", "enrolment-unreachable-text"],
  "no-trust": ["enrolment-no-trust", "enrolment-no-trust-text"],
  "anchor-differs": ["enrolment-differs", "enrolment-differs-text"],
  waiting: ["enrolment-waiting", "enrolment-waiting-text"],
  expired: ["enrolment-expired", "enrolment-expired-text"],
  unproven: ["enrolment-unproven", "enrolment-unproven-text"],
  refused: ["enrolment-refused", "enrolment-refused-text"],
};
const REVOKED = new Set(["enrolment-revoked", "certificate-revoked"]);
/** What a clock that is wrong is told by: the issuer takes no request from another time. */
const CLOCK_WRONG = new Set(["enrolment-stale", "certificate-not-yet-valid"]);

const panel = byId("enrolment", HTMLElement);
const title = byId("enrolment-title", HTMLElement);
const text = byId("enrolment-text", HTMLElement);
const trouble = byId("enrolment-trouble", HTMLElement);

/** Whether somebody can be called in from this console at present. */
export function isEnrolled() {
  return identity.view.standing === "enrolled";
}

/**
 * Brings the panel to life.
 * @param {() => void} changed whether this console is enrolled may have changed
 */
export function startEnrolment(changed) {
  byId("enrolment-anew-confirm", HTMLButtonElement).addEventListener("click", () => identity.beginAnew());
  identity.addEventListener("change", () => {
    show(identity.view);
    changed();
  });
  show(identity.view);
  identity.start(panel.dataset.anchor ?? "");
}

/** @param {IdentityView} view */
function show(view) {
  const { standing, state } = view;
  panel.dataset.standing = standing;
  panel.hidden = standing === "enrolled";
  byId("enrolment-quiet", HTMLElement).hidden = standing !== "enrolled";
  byId("enrolment-waiting", HTMLElement).hidden = standing !== "waiting";
  byId("enrolment-differs", HTMLElement).hidden = standing !== "anchor-differs";
  // A server that names another root is no reason to give up one's own; a person who brought another file may have one.
  byId("enrolment-anew", HTMLElement).hidden = !(standing === "refused" || (standing === "anchor-differs" && (view.offeredByHand || !view.anchorByHand)));
  if (standing === "enrolled") return showEnrolled(view);
  const [titleWord, textWord] = wordsFor(standing, state.refusal, state.trouble);
  write(title, say(titleWord));
  write(text, say(textWord));
  showTrouble(view);
  if (standing === "waiting") showWaiting(view);
  if (standing === "anchor-differs") showDiffering(view);
}

/** @param {Exclude<Standing, "enrolled">} standing @param {string | null} refusal @param {string | null} trouble */
function wordsFor(standing, refusal, trouble) {
  if (standing === "refused" && REVOKED.has(refusal ?? "")) return ["enrolment-revoked", "enrolment-revoked-text"];
  if (standing !== "anchor-differs" && CLOCK_WRONG.has(trouble ?? "")) return ["enrolment-clock", "enrolment-clock-text"];
  return WORDS[standing];
}

/** @param {IdentityView} view */
function showTrouble({ standing, state }) {
  const refused = standing === "refused" && state.refusal !== null && !REVOKED.has(state.refusal);
  const told = refused || (state.trouble !== null && standing !== "no-trust");
  trouble.hidden = !told;
  if (refused) write(trouble, say("enrolment-refusal", { code: /** @type {string} */ (state.refusal) }));
  else if (told) write(trouble, say("enrolment-trouble", { code: /** @type {string} */ (state.trouble) }));
}

/** @param {IdentityView} view */
async function showWaiting({ anchor, anchorByHand, state, urn, thumbprint }) {
  if (!anchor || !urn || !thumbprint) return;
  write(byId("enrolment-approvals", HTMLElement), say("enrolment-approvals", { given: String(state.approvals), needed: String(NEEDED) }));
  write(byId("enrolment-anchor", HTMLElement), grouped(anchor.root.thumbprint));
  write(byId("enrolment-anchor-note", HTMLElement), say(anchorByHand ? "enrolment-anchor-by-hand" : "enrolment-anchor-first"));
  write(byId("enrolment-code", HTMLElement), await codeOf(thumbprint));
  drawQr(byId("enrolment-qr", SVGSVGElement), await qrText(urn, thumbprint));
}

/** @param {IdentityView} view */
function showDiffering({ anchor, state, offeredByHand }) {
  write(byId("enrolment-known", HTMLElement), grouped(anchor?.root.thumbprint ?? ""));
  write(byId("enrolment-offered", HTMLElement), grouped(state.offered ?? ""));
  write(byId("enrolment-offered-label", HTMLElement), say(offeredByHand ? "enrolment-offered-file" : "enrolment-offered-server"));
}

/** @param {IdentityView} view */
function showEnrolled({ anchor, state, urn, thumbprint, kept }) {
  const until = new Date((state.certificate?.until ?? 0) * 1000);
  write(byId("enrolment-until", HTMLElement), say("enrolment-until", { day: dates.day(until), time: dates.time(until) }));
  byId("enrolment-lapsed", HTMLElement).hidden = !state.lapsed;
  write(byId("enrolment-urn", HTMLElement), urn ?? "");
  write(byId("enrolment-key", HTMLElement), grouped(thumbprint ?? ""));
  write(byId("enrolment-root", HTMLElement), grouped(anchor?.root.thumbprint ?? ""));
  write(byId("enrolment-kept", HTMLElement), say(kept ? "enrolment-kept" : "enrolment-not-kept"));
}

/** Only what is new: what stays is not read aloud again. @param {HTMLElement} element @param {string} words */
function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** In fours, as one compares it with a paper. @param {string} fingerprint */
function grouped(fingerprint) {
  return fingerprint.match(/.{1,4}/g)?.join(" ") ?? "";
}
