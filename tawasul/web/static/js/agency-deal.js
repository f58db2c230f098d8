/**
 * What the agency can do about a case: take it on, answer, report a part, ask, return. What is typed is kept in this tab until it is sent; an
 * answer, and a case that goes away, is looked at once more before.
 */
import { toast } from "./announce.js";
import { post, Problem } from "./api.js";
import { Papers } from "./agency-papers.js";
import { isRemovable, papersOfAnswer } from "./agency-papers-core.js";
import { itemsTyped, linesTyped, putLines, whenRemainsChange } from "./agency-remains.js";
import { byId } from "./controllers.js";
import { draftOf, keepDraft } from "./drafts.js";
import { element } from "./elements.js";
import { allFilled, attempt, clearErrors, notice } from "./form.js";
import { dates, say } from "./words.js";

/** @typedef {import("./case-view.js").CaseDetail} CaseDetail */
/** @typedef {"answer" | "report" | "ask" | "return"} Way */
/** `again`: the case is drawn anew; `gone`: it is no longer the agency's. @typedef {{again: () => Promise<void>, gone: () => void}} Told */

/** `look`: what is asked before it goes. @type {Record<Way, {send: string, done: string, look?: {title: string, text: string, send: string}}>} */
const WAYS = {
  answer: {
    send: "agency-answer-review",
    done: "agency-answered",
    look: { title: "agency-look-answer", text: "agency-look-answer-text", send: "agency-look-answer-send" },
  },
  report: { send: "agency-report-send", done: "agency-reported" },
  ask: { send: "agency-ask-send", done: "agency-asked" },
  return: {
    send: "agency-return-review",
    done: "agency-returned",
    look: { title: "agency-look-return", text: "agency-look-return-text", send: "agency-look-return-send" },
  },
};
const ALL = /** @type {Way[]} */ (Object.keys(WAYS));

/** @type {Record<string, string>} */
const WAITS = {
  referred: "agency-wait-referred",
  "under-way": "agency-wait-under-way",
  asked: "agency-wait-asked",
  answered: "agency-wait-answered",
  contested: "agency-wait-contested",
  closed: "agency-wait-closed",
};

const ways = byId("deal-ways", HTMLFieldSetElement);
const referred = byId("deal-referred", HTMLElement);
const takeOn = byId("take-on", HTMLButtonElement);
const toReturn = byId("to-return", HTMLButtonElement);
const send = byId("way-send", HTMLButtonElement);
const draftHint = byId("way-draft", HTMLElement);
const dialog = byId("look-dialog", HTMLDialogElement);
const lookSend = byId("look-send", HTMLButtonElement);
const papers = new Papers(byId("papers", HTMLElement));

/** @type {CaseDetail | null} */
let given = null;
/** @type {Told} */
let told;
/** Which form is open. @type {Way | null} */
let way = null;

ways.addEventListener("change", () => open(chosen()));
takeOn.addEventListener("click", () => void takeItOn());
toReturn.addEventListener("click", () => {
  open(way === "return" ? null : "return");
  if (way === "return") words("return").focus();
});
send.addEventListener("click", () => void review());
lookSend.addEventListener("click", () => void act(lookSend, "look-problem"));
whenRemainsChange(keep);
for (const each of ALL) {
  words(each).addEventListener("input", () => {
    words(each).removeAttribute("aria-invalid");
    byId(`${each}_words-error`, HTMLElement).hidden = true;
    keep();
  });
  form(each).addEventListener("submit", (event) => {
    event.preventDefault();
    void review();
  });
}

/** Shows what can be done about a case. @param {CaseDetail} found @param {Told} tells */
export function dealWith(found, tells) {
  const same = given?.id === found.id && given.state === found.state;
  given = found;
  told = tells;
  const until = found.due_at ? dates.day(found.due_at) : "";
  byId("deal-waits", HTMLElement).textContent = say(WAITS[found.state] ?? "agency-wait-closed", { day: until });
  notice("deal-problem");
  const underWay = found.state === "under-way";
  referred.hidden = found.state !== "referred";
  ways.hidden = !underWay;
  if (underWay) papers.show(found.id, papersOfAnswer(found), (paper) => isRemovable(found, paper));
  else papers.stop();
  // Who is writing goes on writing.
  if (same && way) return;
  restore();
  if (underWay) open(ALL.find((each) => draftOf(key(each)) !== "") ?? "answer");
  else open(found.state === "referred" && draftOf(key("return")) ? "return" : null);
}

/** No case is shown. */
export function endDealing() {
  if (dialog.open) dialog.close();
  given = null;
  way = null;
  papers.stop();
}

/** @param {Way | null} to which form; null: none */
function open(to) {
  way = to;
  notice("way-problem");
  for (const each of ALL) form(each).hidden = each !== to;
  for (const each of ways.querySelectorAll("input")) each.checked = each.value === to;
  toReturn.setAttribute("aria-expanded", String(to === "return"));
  byId("papers-block", HTMLElement).hidden = to !== "answer" && to !== "report";
  byId("way-buttons", HTMLElement).hidden = to === null;
  if (to) send.textContent = say(WAYS[to].send);
  hint();
}

/** Looks whether all is there; then asks once more, or does it. */
async function review() {
  if (!way || !given) return;
  clearErrors(form(way));
  notice("way-problem");
  if (papers.going) {
    notice("way-problem", say("agency-papers-going"));
    return;
  }
  // Both say what is missing; the keyboard goes to what stands first.
  const listed = way !== "report" || itemsTyped() !== null;
  if (!allFilled(form(way)) || !listed) return;
  const look = WAYS[way].look;
  if (!look) {
    await act(send, "way-problem");
    return;
  }
  byId("look-title", HTMLElement).textContent = say(look.title);
  byId("look-text", HTMLElement).textContent = say(look.text);
  byId("look-words", HTMLElement).textContent = words(way).value.trim();
  const names = papers.names.length > 0 ? papers.names : [say("agency-look-no-papers")];
  const list = byId("look-papers", HTMLElement);
  list.hidden = way !== "answer";
  list.replaceChildren(...names.map((name) => element("li", "", element("bdi", "", name))));
  lookSend.textContent = say(look.send);
  notice("look-problem");
  dialog.showModal();
}

/** @param {HTMLButtonElement} button @param {string} place where a problem is told */
async function act(button, place) {
  const [did, which] = [way, given];
  if (!did || !which) return;
  const problem = await attempt(
    button,
    async () => {
      await post(`/api/agency/cases/${encodeURIComponent(which.id)}/${did}`, { ...body(did), version: which.version });
    },
    { notice: place, fields: place === "way-problem" ? { words: `${did}_words`, question: "ask_words" } : {} },
  );
  if (problem) {
    await afterRefusal(problem, place);
    return;
  }
  if (dialog.open) dialog.close();
  for (const each of did === "return" || did === "answer" ? ALL : [did]) drop(each, which.id);
  way = null;
  given = null;
  toast(say(WAYS[did].done));
  if (did === "return") told.gone();
  else await told.again();
}

async function takeItOn() {
  const which = given;
  if (!which) return;
  const problem = await attempt(
    takeOn,
    async () => {
      await post(`/api/agency/cases/${encodeURIComponent(which.id)}/take-on`, { version: which.version });
    },
    { notice: "deal-problem" },
  );
  if (problem) {
    await afterRefusal(problem, "deal-problem");
    return;
  }
  way = null;
  toast(say("agency-taken-on"));
  await told.again();
}

/** What somebody else did meanwhile is shown; what was typed stays. @param {Problem} problem @param {string} place */
async function afterRefusal(problem, place) {
  if (problem.status !== 409 && problem.status !== 404) return;
  if (dialog.open) dialog.close();
  await told.again();
  notice(place === "look-problem" ? "deal-problem" : place, problem.text);
}

/** @param {Way} of @returns {object} */
function body(of) {
  const typed = words(of).value.trim();
  if (of === "ask") return { question: typed };
  if (of === "return") return { reason: typed };
  return of === "report" ? { words: typed, remaining: itemsTyped() ?? [] } : { words: typed };
}

/** What is typed is kept in this tab. */
function keep() {
  if (!way || !given) return;
  const typed = words(way).value;
  const lines = linesTyped().filter((each) => each.words.trim() || each.day.trim());
  if (way === "report") keepDraft(key(way), typed || lines.length > 0 ? JSON.stringify({ words: typed, lines }) : "");
  else keepDraft(key(way), typed);
  hint();
}

/** Puts into the forms what was typed before; into the report, what remained. */
function restore() {
  for (const each of ALL) {
    clearErrors(form(each));
    if (each !== "report") words(each).value = draftOf(key(each));
  }
  const kept = draftOf(key("report"));
  const open = given?.remaining.filter((each) => !each.done).map(({ words: text, due_on }) => ({ words: text, day: due_on })) ?? [];
  const { words: typed, lines } = kept ? JSON.parse(kept) : { words: "", lines: open };
  words("report").value = typed;
  putLines(lines);
}

/** @param {Way} of @param {string} id */
function drop(of, id) {
  keepDraft(`${id}-${of}`, "");
}

/** Says that there is a draft. */
function hint() {
  draftHint.hidden = !way || draftOf(key(way)) === "";
}

/** @param {Way} of */
function key(of) {
  return `${given?.id}-${of}`;
}

/** @returns {Way} */
function chosen() {
  const input = ways.querySelector("input:checked");
  return input instanceof HTMLInputElement ? /** @type {Way} */ (input.value) : "answer";
}

/** @param {Way} of */
function form(of) {
  return byId(`${of}-form`, HTMLFormElement);
}

/** @param {Way} of */
function words(of) {
  return byId(`${of}_words`, HTMLTextAreaElement);
}
