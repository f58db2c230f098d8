/**
 * The citizen's own case, behind a message's link. Looking changes nothing; each step is a press. The token leaves the address at once: it is kept
 * in this entry of the tab's history, which outlives a reload and is seen by nobody, and goes out in bodies alone.
 */
import { csrf, post, Problem } from "./api.js";
import { announce } from "./announce.js";
import { pressed, showProblem, showStep } from "./booking-link.js";
import { byId } from "./controllers.js";
import { DirectiveAsk } from "./directive-ask.js";
import { draftOf, keepDraft } from "./drafts.js";
import { button } from "./elements.js";
import { allFilled, clearErrors, notice } from "./form.js";
import { paperWords, showCase } from "./track-case.js";
import { dates, locale, nameOf, say } from "./words.js";

/** @typedef {import("./track-case.js").OwnCase} OwnCase */
/** @typedef {import("./track-case.js").Paper} Paper */

/** The case is no longer as the page shows it. */
const MOVED_ON = new Set(["unlawful-transition", "stale", "answered-already"]);

const page = byId("track", HTMLElement);
const reason = byId("contest-reason", HTMLTextAreaElement);
const contestForm = byId("contest-form", HTMLFormElement);
const token = takeToken();
let draft = "";

/** Of the answer that is shown: another, which came since, is not accepted unread. @type {string | null} */
let answeredAt = null;

const ask = new DirectiveAsk({
  ratify: async (id) => {
    const shown = await post("/api/case/ratify", { token, directive_id: id });
    show(shown, say("directive-ratified", { agency: shown.agency ? nameOf(shown.agency) : say("track-entry-agency") }));
  },
  correct: async (id, words) => show(await post("/api/case/correct", { token, directive_id: id, words }), say("directive-corrected")),
  settled: () => afresh(say("directive-settled")),
});

for (const [step, opens] of [["accept", "link-accept"], ["contest", "link-contest"], ["withdraw", "link-withdraw"]]) {
  byId(opens, HTMLButtonElement).addEventListener("click", () => {
    notice(`${step}-problem`);
    showStep(page, step);
  });
}
for (const back of ["accept-no", "contest-back", "withdraw-no"]) {
  byId(back, HTMLButtonElement).addEventListener("click", () => afresh());
}
const accept = byId("accept-yes", HTMLButtonElement);
accept.addEventListener("click", () => act(accept, "accept-problem", async () => show(await post("/api/case/accept", { token, answered_at: answeredAt }), say("link-accepted"))));
const withdraw = byId("withdraw-yes", HTMLButtonElement);
withdraw.addEventListener("click", () => act(withdraw, "withdraw-problem", async () => show(await post("/api/case/withdraw", { token }), say("link-withdrawn"))));
reason.addEventListener("input", () => keepDraft(draft, reason.value));
contestForm.addEventListener("submit", (event) => {
  event.preventDefault();
  clearErrors(contestForm);
  if (allFilled(contestForm)) void pressed(byId("contest-send", HTMLButtonElement), "contest-problem", contest);
});
for (const face of page.querySelectorAll("[data-rating]")) {
  if (face instanceof HTMLButtonElement) face.addEventListener("click", () => pressed(face, "link-rating-problem", () => rate(Number(face.dataset.rating))));
}

void open();

/** From the address, or from before a reload. @returns {string} */
function takeToken() {
  const given = location.hash.slice(1);
  if (given) history.replaceState({ token: given }, "", location.pathname);
  return history.state?.token ?? "";
}

async function open() {
  try {
    if (!token) throw new Problem("link-not-valid", 403, say("link-none"));
    show(await post("/api/case/open", { token }));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    showProblem(page, problem);
  }
}

/** As it is now, with a word about why it is shown again. @param {string} [text] */
async function afresh(text) {
  try {
    show(await post("/api/case/open", { token }), text);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    showProblem(page, problem);
  }
}

/** A press that may come too late: then what is true is shown. @param {HTMLButtonElement} button @param {string} at @param {() => Promise<void>} work */
function act(button, at, work) {
  return pressed(button, at, async () => {
    try {
      await work();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.code === "case-closed") await afresh(problem.text);
      else if (MOVED_ON.has(problem.code)) await afresh(say("link-moved-on"));
      else throw problem;
    }
  });
}

/** Too late, it is said where the words stand: they are not taken away. */
async function contest() {
  try {
    const shown = await post("/api/case/contest", { token, reason: reason.value });
    keepDraft(draft, "");
    reason.value = "";
    show(shown, say("link-contested"));
  } catch (problem) {
    if (problem instanceof Problem && MOVED_ON.has(problem.code)) throw new Problem(problem.code, problem.status, say("link-moved-on"));
    throw problem;
  }
}

/** @param {number} rating 1 to 3 */
async function rate(rating) {
  let thanks = say("link-rating-thanks");
  try {
    await post("/api/case/rate", { token, rating });
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.code !== "unlawful-transition") throw problem;
    // In another window, or a moment ago: one is counted, and it was.
    thanks = say("link-rating-before");
  }
  byId("link-rating-ask", HTMLElement).hidden = true;
  byId("link-rating-done-text", HTMLElement).textContent = thanks;
  const done = byId("link-rating-done", HTMLElement);
  done.hidden = false;
  done.focus();
}

/** @param {OwnCase} shown @param {string} [text] what was done */
function show(shown, text) {
  showCase(shown, opener);
  answeredAt = shown.answered_at;
  notice("link-note", text);
  ask.show(shown.may_ratify && shown.directive?.state === "proposed" ? shown.directive : null);
  byId("link-decide", HTMLElement).hidden = !shown.may_accept;
  byId("link-contest", HTMLElement).hidden = !shown.may_contest;
  byId("link-decide-text", HTMLElement).textContent =
    shown.may_contest && shown.due_at ? say("link-decide-until", { day: dates.day(shown.due_at) }) : say("link-decide-contested");
  // Who has just rated is thanked until they leave.
  if (shown.may_rate) byId("link-rating", HTMLElement).hidden = false;
  byId("link-withdraw", HTMLElement).hidden = shown.state === "closed";
  draft = `contest-${shown.number}`;
  reason.value ||= draftOf(draft);
  showStep(page, "case");
  if (text) announce(text);
}

/** @param {Paper} paper @returns {HTMLElement} */
function opener(paper) {
  const opens = button(paperWords(paper), "track-file", () => act(opens, "case-answer-problem", () => save(paper)), "save");
  return opens;
}

/** The document goes to the person's own files: nothing of it is shown among our pages. @param {Paper} paper */
async function save(paper) {
  let answer;
  try {
    answer = await fetch("/api/case/document", {
      method: "POST",
      headers: { "content-type": "application/json", "x-tawasul-csrf": csrf() },
      body: JSON.stringify({ token, document_id: paper.id }),
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch {
    throw new Problem("no-answer", 0, say("error-no-answer"));
  }
  if (!answer.ok) {
    const told = await answer.json().catch(() => null);
    throw new Problem(told?.code ?? "internal", answer.status, told?.[locale === "ar" ? "arabic" : "english"] ?? say("error-no-answer"));
  }
  const link = document.createElement("a");
  link.download = paper.name;
  link.href = URL.createObjectURL(await answer.blob());
  link.click();
  // The browser has taken it over by then; it is not kept in the page's memory.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  announce(say("track-file-saved"));
}
