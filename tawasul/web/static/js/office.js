/**
 * The office's console: brings together the line, the board, the call, the outcome and the keyboard.
 */
import { announce, toast } from "./announce.js";
import { Conductor } from "./call/conductor.js";
import { Controls } from "./call/controls.js";
import { describe } from "./call/describe.js";
import { Capture } from "./call/devices.js";
import { officeEnds } from "./call/ends.js";
import { Stage } from "./call/stage.js";
import { byId } from "./controllers.js";
import { keepOnly } from "./drafts.js";
import { fitBrowser } from "./fit-browser.js";
import { settledIdentity } from "./office-identity.js";
import { NEW_LINE } from "./line-core.js";
import { LineNotice, perform } from "./line-notice.js";
import { Line } from "./line.js";
import { BoardView } from "./office-board.js";
import { showCaller } from "./office-caller.js";
import { CaseCard } from "./office-card.js";
import { isEnrolled, startEnrolment } from "./office-enrolment.js";
import { listen } from "./office-keys.js";
import { current, isInTheRoom, officeState } from "./office-model.js";
import { Outcome } from "./office-outcome.js";
import { locale, say } from "./words.js";

/** @import { Board, BoardRow, FromServer } from "./messages.d.ts" */

/** The server answers a call-in at once; after this it may be pressed again. */
const CALL_IN_PATIENCE_MS = 5000;

await fitBrowser();

/** @type {Board | null} */ let board = null;
/** @type {import("./line-core.js").LineState} */ let lineState = NEW_LINE;
/** @type {ReturnType<typeof setTimeout> | null} */ let callingIn = null;

const root = byId("office", HTMLElement);
const capture = new Capture();
const boardView = new BoardView(callIn);
const card = new CaseCard();
const outcome = new Outcome({ conclude, callAgain: callIn });
const notice = new LineNotice((act) => perform(act, () => line.useHere()));
/** @type {Line} */ let line;
const conductor = new Conductor({
  end: "office",
  ends: officeEnds(settledIdentity),
  say: (message) => line.say(message),
  stage: new Stage(),
  capture,
  changed: show,
});
const controls = new Controls({
  mute: (muted) => conductor.feed({ type: "mute", muted }),
  hangUp: () => conductor.feed({ type: "hang-up" }),
});
line = new Line("/signaling/office", { ongoing: () => conductor.ongoing(), heard, changed: lineChanged });

/** @type {Record<import("./office-keys.js").Act, () => void>} */
const KEYS = {
  next: () => boardView.callNext(callIn),
  sound: () => controls.toggleSound(),
  picture: () => controls.togglePicture(),
  directive: () => outcome.toggle(),
  card: () => card.toggle(),
  end: () => controls.askToEnd(),
  help: () => byId("help-dialog", HTMLDialogElement).showModal(),
};

byId("take-back", HTMLButtonElement).addEventListener("click", takeBack);
capture.addEventListener("change", showDevices);
listen((act) => KEYS[act]());
startEnrolment(show);
show();
await askOnce();

/** @param {FromServer} message */
function heard(message) {
  if (message.type === "board") {
    board = message;
    if (isInTheRoom(current(board))) calledIn();
    keepOnly(new Set(board.rows.filter((row) => row.state !== "concluded").map((row) => row.audience_id)));
  } else if (message.type === "concluded") {
    toast(say(message.directed ? "office-concluded-directive" : "office-concluded-heard", { reference: message.reference }));
  } else if (message.type === "problem") {
    problem(message);
  }
  if (message.type === "negotiate") calledIn();
  conductor.feed({ type: "message", message });
}

/** @param {import("./line-core.js").LineState} state */
function lineChanged(state) {
  const wasUp = lineState.standing === "up";
  lineState = state;
  if (state.standing === "up") conductor.feed({ type: "line-up" });
  else if (wasUp) conductor.feed({ type: "line-down" });
  show();
}

/** @param {BoardRow} row */
function callIn(row) {
  if (callingIn || conductor.state.call) return;
  if (!isEnrolled()) return toast(say("enrolment-first"), "danger");
  if (!line.say({ type: "call-in", audience_id: row.audience_id })) return toast(say("office-line-first"), "danger");
  // The camera wakes while the citizen's end is being called. Who comes in person needs none.
  if (row.venue !== "in-person") capture.open();
  announce(say("office-calling", { name: row.citizen_name }));
  callingIn = setTimeout(() => {
    calledIn();
    if (!conductor.state.call) capture.close();
    show();
  }, CALL_IN_PATIENCE_MS);
  show();
}

function calledIn() {
  if (callingIn) clearTimeout(callingIn);
  callingIn = null;
}

/** The call-in was a slip: the citizen waits again. */
function takeBack() {
  const row = current(board);
  if (!row?.call_id) return conductor.feed({ type: "hang-up" });
  if (!line.say({ type: "hang-up", call_id: row.call_id, takes_back: true })) toast(say("office-line-first"), "danger");
}

/** Without an agency nothing of it is said: a server that knows no agencies understands it too. @type {import("./office-outcome.js").Conclude} */
function conclude(row, directive, terms) {
  return line.say({ type: "conclude", audience_id: row.audience_id, directive, ...terms });
}

/** @param {Extract<FromServer, {type: "problem"}>} message */
function problem({ about, code, arabic, english }) {
  const text = locale === "ar" ? arabic : english;
  // Words for an old attempt or a call just ended may cross the server's: nothing for a person to do.
  if (code === "no-such-call") return;
  if (about === "conclude") outcome.refused(text, code);
  if (about === "call-in") {
    calledIn();
    if (!conductor.state.call) capture.close();
  }
  toast(text, "danger");
}

function show() {
  const part = conductor.state;
  const description = describe(part, "office");
  const state = officeState(board, part, description.standing);
  const row = board?.rows.find((each) => each.audience_id === part.call?.audienceId) ?? current(board);
  const lineUp = lineState.standing === "up";
  root.dataset.state = state;
  root.dataset.line = lineUp ? "up" : "down";
  root.toggleAttribute("data-in-the-room", isInTheRoom(row));
  notice.show(lineState, description.note);
  boardView.show(board, lineUp && isEnrolled(), callingIn !== null || part.call !== null);
  showCaller(row, part, state);
  card.show(board, row);
  outcome.show(row, state, lineUp);
  controls.show(part);
}

function showDevices() {
  const word = capture.problems.camera ?? capture.problems.microphone;
  byId("office-problem", HTMLElement).hidden = word === null;
  byId("office-problem-text", HTMLElement).textContent = word ? say(word) : "";
}

/** The browser asks for camera and microphone before the first call, not in it; both are closed again at once. */
async function askOnce() {
  const names = /** @type {PermissionName[]} */ (["camera", "microphone"]);
  const states = await Promise.all(names.map((name) => navigator.permissions.query({ name }).then(({ state }) => state, () => "prompt")));
  if (states.every((state) => state === "granted")) return;
  await capture.open();
  if (!conductor.state.call && !callingIn) capture.close();
}
