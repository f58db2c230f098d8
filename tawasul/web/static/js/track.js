/**
 * Where a case is, by its number and the citizen's mobile or ID. The screen is often one that others use too: what was typed leaves the page
 * with the answer, and the answer leaves it when its reader does.
 */
import { announce } from "./announce.js";
import { post, Problem } from "./api.js";
import { showStep } from "./booking-link.js";
import { byId } from "./controllers.js";
import { allFilled, attempt, clearErrors, fieldError } from "./form.js";
import { forgetCase, showCase } from "./track-case.js";
import { isCaseNumber } from "./track-number.js";
import { say } from "./words.js";

/** So long nobody has touched the screen: is anybody still there? */
const ASKS_AFTER_MS = 120_000;

/** And so long after that the case is hidden. */
const HIDES_AFTER_MS = 30_000;

const page = byId("track", HTMLElement);
const form = byId("track-form", HTMLFormElement);
const number = byId("track_number", HTMLInputElement);
const proof = byId("track_proof", HTMLInputElement);
const look = byId("track-look", HTMLButtonElement);
const idle = byId("track-idle", HTMLElement);

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearErrors(form);
  if (!allFilled(form)) return;
  if (!isCaseNumber(number.value)) {
    fieldError("track_number", say("track-number-slip"));
    number.focus();
    return;
  }
  await attempt(look, lookNow, { notice: "track-problem" });
});
byId("track-done", HTMLButtonElement).addEventListener("click", () => {
  hide();
  announce(say("track-hidden"));
});
// Leaving the page, and coming back to what the browser had kept of it.
addEventListener("pagehide", hide);
addEventListener("pageshow", (event) => event.persisted && hide());
for (const sign of ["pointerdown", "pointermove", "keydown", "wheel"]) addEventListener(sign, stay, { passive: true });
look.disabled = false;

async function lookNow() {
  try {
    const shown = await post("/api/case/look", { number: number.value, proof: proof.value });
    form.reset();
    showCase(shown, null);
    byId("track-answer-where", HTMLElement).hidden = !shown.may_accept;
    showStep(page, "case");
    stay();
  } catch (problem) {
    // Whatever is wrong, the answer is one: here it says what can be done about it.
    if (problem instanceof Problem && problem.code === "not-found") throw new Problem(problem.code, problem.status, say("track-not-found"));
    throw problem;
  }
}

/** Somebody is there. */
function stay() {
  clearTimeout(timer);
  idle.hidden = true;
  if (page.dataset.step === "case") timer = setTimeout(ask, ASKS_AFTER_MS);
}

function ask() {
  idle.hidden = false;
  timer = setTimeout(hide, HIDES_AFTER_MS);
}

/** Nothing of the case, nor of what was typed, is left. */
function hide() {
  clearTimeout(timer);
  idle.hidden = true;
  form.reset();
  clearErrors(form);
  forgetCase();
  if (page.dataset.step === "case") showStep(page, "ask");
}
