/**
 * The citizen's own page: from the link to the thanks. It shows the one step that is true, and comes back to it after a reload.
 */
import { alertNow, toast } from "./announce.js";
import { keepCsrf, Problem } from "./api.js";
import { forgetCalls } from "./call/call-memory.js";
import { chime } from "./call/chime.js";
import { Conductor } from "./call/conductor.js";
import { Controls } from "./call/controls.js";
import { describe } from "./call/describe.js";
import { Capture } from "./call/devices.js";
import { citizenEnds } from "./call/ends.js";
import { describePrivacy } from "./call/privacy.js";
import { Stage } from "./call/stage.js";
import { WakeLock } from "./call/wake-lock.js";
import { byId } from "./controllers.js";
import { fitBrowser } from "./fit-browser.js";
import { offerToBegin, ownAudience } from "./join-begin.js";
import { DeviceCheck } from "./join-devices.js";
import { OwnDirective } from "./join-directive.js";
import { showProblem, showStep, showThanks } from "./join-show.js";
import { mustCheckIn, stepOf } from "./join-steps.js";
import { fetchTrust } from "./join-trust.js";
import { WaitingView } from "./join-waiting.js";
import { NEW_LINE } from "./line-core.js";
import { LineNotice, perform, remedyFor } from "./line-notice.js";
import { Line } from "./line.js";
import { locale, say } from "./words.js";

/** @import { FromServer } from "./messages.d.ts" @import { Known } from "./join-steps.js" */

await fitBrowser();

const capture = new Capture();
const stage = new Stage();
const wakeLock = new WakeLock();
const waitingView = new WaitingView();
const ownDirective = new OwnDirective();
const usualTitle = document.title;
/** @type {Line | null} */ let line = null;
/** @type {string | null} */ let calledBy = null;
/** @type {string} */ let reference = "";

const conductor = new Conductor({
  end: "citizen",
  ends: citizenEnds(fetchTrust),
  say: (message) => line?.say(message) ?? false,
  stage,
  capture,
  changed: show,
});
/** @type {Known} */
const known = {
  begun: "unknown",
  state: null,
  devicesPassed: false,
  line: NEW_LINE,
  waiting: null,
  fresh: false,
  part: conductor.state,
  told: null,
  refused: null,
};
const controls = new Controls({
  mute: (muted) => conductor.feed({ type: "mute", muted }),
  hangUp: () => conductor.feed({ type: "hang-up" }),
});
const check = new DeviceCheck(capture, () => {
  known.devicesPassed = true;
  known.refused = null;
  check.stop();
  show();
  checkIn();
});
const notice = new LineNotice((act) => perform(act, useHere));
byId("problem-action", HTMLButtonElement).addEventListener("click", act);
byId("thanks-attestation", HTMLButtonElement).addEventListener("click", () => conductor.saveAttestation());
offerToBegin(begun, (problem) => toast(problem.text, "danger"));
// Another link opened in this tab changes the fragment alone, and loads nothing by itself.
globalThis.addEventListener("hashchange", () => location.reload());
show();
await recognise();

/** Known to the server, the page goes on where it was; otherwise it welcomes. */
async function recognise() {
  known.refused = null;
  try {
    const own = await ownAudience();
    if (own) return begun(own);
    known.begun = "no";
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    known.refused = { code: problem.code, text: problem.code === "link-not-valid" ? say("join-open-link") : problem.text };
  }
  return show();
}

/** @param {import("./join-begin.js").OwnAudience} own */
function begun(own) {
  known.begun = "yes";
  keepCsrf(own.csrf);
  known.state = own.state;
  reference = own.reference;
  if (own.state === "cancelled" || own.state === "missed") {
    known.refused = { code: own.state, text: say(own.state === "missed" ? "join-missed" : "join-cancelled") };
  }
  openLine();
  show();
}

function openLine() {
  line = new Line("/signaling/citizen", {
    ongoing: () => conductor.ongoing(),
    heard,
    changed: (state) => {
      const wasUp = known.line.standing === "up";
      known.line = state;
      if (state.standing === "up") known.fresh = false;
      if (state.standing === "up") conductor.feed({ type: "line-up" });
      else if (wasUp) conductor.feed({ type: "line-down" });
      show();
    },
  });
}

function useHere() {
  known.line = NEW_LINE;
  line?.useHere();
}

/** @param {FromServer} message */
function heard(message) {
  if (message.type === "waiting") {
    known.waiting = message;
    known.fresh = true;
    reference = message.entries[0]?.reference ?? reference;
  } else if (message.type === "concluded") {
    known.told = message;
    reference = message.reference;
  } else if (message.type === "problem") {
    const text = locale === "ar" ? message.arabic : message.english;
    if (message.about === "check-in") known.refused = { code: message.code, text };
    else if (message.code !== "no-such-call") toast(text, "danger");
  } else if (message.type === "negotiate") {
    reference = message.reference;
    call(message.call_id);
  }
  conductor.feed({ type: "message", message });
  checkIn();
}

/** Being called in is heard, seen in the title and said, once a call. @param {string} callId */
function call(callId) {
  if (calledBy === callId) return;
  calledBy = callId;
  chime();
  alertNow(say("join-called"));
}

function checkIn() {
  if (mustCheckIn(known)) line?.say({ type: "check-in" });
}

function show() {
  known.part = conductor.state;
  const step = stepOf(known);
  const isNew = showStep(step);
  notice.show(step === "problem" || known.begun !== "yes" ? { ...known.line, standing: "up" } : known.line, describe(known.part, "citizen").note);
  controls.show(known.part);
  wakeLock.keep(step === "waiting" || step === "call");
  if (step === "devices") check.start();
  else check.stop(known.part.call === null);
  if (step === "waiting" && known.waiting) waitingView.show(known.waiting, describePrivacy(known.part));
  if (step === "thanks") showThanks(known, reference, isNew);
  if (step === "thanks" && (known.told || known.state === "concluded")) ownDirective.follow(known.told?.directed ?? true);
  // A call may have ended while this page was closed.
  if (step === "thanks" && isNew) forgetCalls("citizen").catch(() => {});
  if (step === "problem") showProblem(known);
  document.title = step === "call" ? `${say("join-title-call")} – ${usualTitle}` : usualTitle;
}

function act() {
  const remedy = known.line.standing === "stopped" && known.line.why ? remedyFor(known.line.why.code) : null;
  if (remedy) return perform(remedy.act === "sign-in" ? "reload" : remedy.act, useHere);
  known.refused = null;
  if (known.begun !== "yes") return void recognise();
  show();
  return checkIn();
}
