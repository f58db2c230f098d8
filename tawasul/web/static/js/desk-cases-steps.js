/**
 * What a desk can do with a case as it stands, and the dialog in which it is done. What was typed is kept until it has gone through.
 */
import { toast } from "./announce.js";
import { Problem } from "./api.js";
import { caseState } from "./case-words.js";
import { byId } from "./controllers.js";
import * as api from "./desk-cases-api.js";
import { draftOf, keepDraft } from "./drafts.js";
import { addChoices, element, isolated } from "./elements.js";
import { allFilled, attempt, clearErrors, fieldError, notice } from "./form.js";
import { nameOf, say } from "./words.js";

/** @typedef {import("./case-view.js").CaseDetail} CaseDetail */
/** @typedef {import("./desk-cases-core.js").Step} Step */
/**
 * `words`: by which name the API takes what is written; `most`: its characters.
 * @typedef {{title: string, text: string, press: string, done: string, words?: "words" | "reason", label?: string, most?: number,
 *   agency?: boolean, into?: boolean, danger?: boolean}} How
 */

/** @type {Record<Step, How>} */
export const HOW = {
  refer: {
    title: "desk-cases-refer", text: "desk-cases-refer-text", press: "desk-cases-refer", done: "desk-cases-refer-done",
    words: "words", label: "desk-cases-refer-words", most: 4000, agency: true,
  },
  settle: {
    title: "desk-cases-settle", text: "desk-cases-settle-text", press: "desk-cases-settle", done: "desk-cases-settle-done",
    words: "words", label: "desk-cases-settle-words", most: 4000,
  },
  merge: { title: "desk-cases-merge", text: "desk-cases-merge-text", press: "desk-cases-merge", done: "desk-cases-merge-done", into: true },
  reply: {
    title: "desk-cases-reply", text: "desk-cases-reply-text", press: "desk-cases-reply-press", done: "desk-cases-reply-done",
    words: "words", label: "desk-cases-reply-words", most: 4000,
  },
  correct: {
    title: "desk-cases-correct", text: "desk-cases-correct-text", press: "desk-cases-correct-press", done: "desk-cases-correct-done",
    words: "words", label: "desk-cases-correct-words", most: 600,
  },
  accept: { title: "desk-cases-accept-title", text: "desk-cases-accept-text", press: "desk-cases-accept", done: "desk-cases-accept-done" },
  contest: {
    title: "desk-cases-contest-title", text: "desk-cases-contest-text", press: "desk-cases-contest", done: "desk-cases-contest-done",
    words: "reason", label: "desk-cases-contest-words", most: 600,
  },
  withdraw: {
    title: "desk-cases-withdraw-title", text: "desk-cases-withdraw-text", press: "desk-cases-withdraw", done: "desk-cases-withdraw-done", danger: true,
  },
};

const dialog = byId("step-dialog", HTMLDialogElement);
const form = byId("step-form", HTMLFormElement);
const words = byId("step_words", HTMLTextAreaElement);
const agency = byId("step_agency", HTMLSelectElement);
const confirm = byId("step-confirm", HTMLButtonElement);

/** What the dialog is about. @type {{step: Step, of: CaseDetail} | null} */
let doing = null;

/** @type {(id: string) => Promise<void>} */
let changed = async () => {};

/** @param {(id: string) => Promise<void>} told called when a case has changed, or is not as the page shows it */
export function startSteps(told) {
  changed = told;
  words.addEventListener("input", () => doing && keepDraft(draftName(doing.step, doing.of.id), words.value));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void go();
  });
}

/**
 * Opens the dialog of a step.
 * @param {Step} step
 * @param {CaseDetail} of
 * @param {string} [into] the case that is proposed to go on instead
 */
export async function ask(step, of, into) {
  const how = HOW[step];
  doing = { step, of };
  clearErrors(form);
  notice("step-problem");
  byId("step-title", HTMLElement).textContent = say(how.title);
  byId("step-text", HTMLElement).textContent = say(how.text);
  byId("step-words-field", HTMLElement).hidden = !how.words;
  byId("step-agency-field", HTMLElement).hidden = !how.agency;
  byId("step-into", HTMLElement).hidden = !how.into;
  words.disabled = !how.words;
  words.value = how.words ? draftOf(draftName(step, of.id)) : "";
  words.maxLength = how.most ?? 4000;
  byId("step-words-label", HTMLElement).textContent = how.label ? say(how.label) : "";
  confirm.textContent = say(how.press);
  confirm.className = how.danger ? "button button-danger" : "button button-primary";
  confirm.disabled = false;
  try {
    if (how.agency) await offerAgencies();
    if (how.into) await offerCases(of, into);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.text, "danger");
    return;
  }
  dialog.showModal();
}

async function go() {
  if (!doing) return;
  const { step, of } = doing;
  const how = HOW[step];
  clearErrors(form);
  const body = bodyOf(step, of);
  if (!allFilled(form) || !body) return;
  const fields = { words: "step_words", reason: "step_words", correction: "step_words", agency_id: "step_agency" };
  const problem = await attempt(
    confirm,
    async () => {
      await api.step(of.id, step, body);
      keepDraft(draftName(step, of.id), "");
      dialog.close();
      doing = null;
      toast(say(how.done));
    },
    { notice: "step-problem", fields },
  );
  // Refused because it is not as the page shows it: what is beneath the dialog becomes true, and what was typed stays.
  if (!problem || problem.status === 409 || problem.status === 404) await changed(of.id);
}

/** @param {Step} step @param {CaseDetail} of @returns {object | null} null: something is not chosen */
function bodyOf(step, of) {
  const how = HOW[step];
  if (step === "correct") return { directive_id: of.directive?.id, words: words.value };
  /** @type {Record<string, unknown>} */
  const body = { version: of.version };
  if (how.words) body[how.words] = words.value;
  if (how.agency) {
    if (!agency.value) {
      fieldError("step_agency", say("desk-field-needed"));
      agency.focus();
      return null;
    }
    body.agency_id = agency.value;
  }
  if (how.into) {
    const chosen = form.querySelector('input[name="into"]:checked');
    if (!(chosen instanceof HTMLInputElement)) return null;
    body.into = chosen.value;
  }
  return body;
}

async function offerAgencies() {
  const { agencies } = await api.agencies();
  agency.replaceChildren();
  addChoices(agency, [["", say("desk-cases-agency-choose")], ...agencies.map((each) => /** @type {[string, string]} */ ([each.id, nameOf(each.name)]))]);
}

/** The citizen's other open cases. @param {CaseDetail} of @param {string} [into] */
async function offerCases(of, into) {
  const { cases } = of.citizen ? await api.ofCitizen(of.citizen.id) : { cases: [] };
  const others = cases.filter((each) => each.id !== of.id && each.state !== "closed");
  byId("step-into-list", HTMLElement).replaceChildren(
    ...others.map((each, at) => {
      const input = element("input", "");
      input.type = "radio";
      input.name = "into";
      input.value = each.id;
      input.checked = into ? each.id === into : at === 0;
      const subject = element("span", "case-subject", each.subject);
      subject.dir = "auto";
      const note = element("span", "choice-note", isolated(each.number), ` · ${caseState(each.state)}`);
      return element("label", "choice", input, element("span", "", subject, note));
    }),
  );
  byId("step-into-none", HTMLElement).hidden = others.length > 0;
  confirm.disabled = others.length === 0;
}

/** @param {Step} step @param {string} id */
function draftName(step, id) {
  return `case-${step}-${id}`;
}
