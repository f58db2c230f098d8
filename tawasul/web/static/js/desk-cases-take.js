/**
 * What a citizen brings to the desk: for whom it is, what it is, and what it may repeat. What is typed is kept until it is taken.
 */
import { announce } from "./announce.js";
import { Problem } from "./api.js";
import { caseRow } from "./case-view.js";
import { byId } from "./controllers.js";
import * as desk from "./desk-api.js";
import * as api from "./desk-cases-api.js";
import { isChoosing, searchAgain, startFinding } from "./desk-find.js";
import { draftOf, keepDraft } from "./drafts.js";
import { allFilled, attempt, clearErrors, notice } from "./form.js";
import { say } from "./words.js";

/** `own`: which of the likely are the same citizen's. @typedef {(id: string, likely: api.Likely[], own: ReadonlySet<string>) => void} Taken */

const form = byId("take-form", HTMLFormElement);
const subject = byId("take_subject", HTMLInputElement);
const text = byId("take_text", HTMLTextAreaElement);

/** @type {desk.Citizen | null} */
let present = null;
let looking = new AbortController();
let lookedFor = "";

/** The cases of whoever is before the desk, once they are known. @type {Promise<ReadonlySet<string>>} */
let own = Promise.resolve(new Set());

/** @param {{taken: Taken, chosen: (citizen: string) => void}} told `chosen`: the citizen it is for */
export function startTaking(told) {
  startFinding({
    found: async (citizen) => {
      present = citizen;
      told.chosen(citizen.id);
      await forCitizen(citizen);
    },
    searching: forNobody,
    ticket: ({ citizen }) => {
      present = citizen;
      told.chosen(citizen.id);
      void forCitizen(citizen);
    },
  });
  byId("take-other", HTMLElement).addEventListener("click", () => (location.hash = "new"));
  for (const field of [subject, text]) field.addEventListener("input", keep);
  subject.addEventListener("change", () => void lookForLikely());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void take(told.taken);
  });
}

/** An empty form: whom is it for? */
export function takeForAnybody() {
  forNobody();
  searchAgain();
}

/** For this citizen. @param {string} id */
export async function takeFor(id) {
  if (present?.id !== id) {
    forNobody();
    try {
      present = (await desk.citizen(id)).citizen;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      notice("find-problem", problem.text);
      return;
    }
  }
  if (present) await forCitizen(present);
}

/** Whether something of a search for a citizen stands there, which goes first. @returns {boolean} */
export function stepBack() {
  if (present || !isChoosing()) return false;
  searchAgain();
  return true;
}

function forNobody() {
  present = null;
  byId("take-finding", HTMLElement).hidden = false;
  byId("take-for", HTMLElement).hidden = true;
  form.hidden = true;
}

/** @param {desk.Citizen} citizen */
async function forCitizen(citizen) {
  const again = !form.hidden;
  byId("take-finding", HTMLElement).hidden = true;
  byId("take-name", HTMLElement).textContent = citizen.name;
  byId("take-id", HTMLElement).textContent = citizen.national_id_last_four;
  byId("take-mobile", HTMLElement).textContent = citizen.mobile_last_four;
  byId("take-for", HTMLElement).hidden = false;
  form.hidden = false;
  clearErrors(form);
  if (!again) {
    form.reset();
    const [first = "", ...rest] = draftOf(draftName(citizen)).split("\n");
    [subject.value, text.value] = [first, rest.join("\n")];
    void lookForLikely();
  }
  announce(say("desk-found", { name: citizen.name }));
  own = showEarlier(citizen);
  await own;
  if (present === citizen) (byId("take-earlier", HTMLDetailsElement).open ? byId("take-name", HTMLElement) : subject).focus();
}

/** @param {desk.Citizen} citizen @returns {Promise<ReadonlySet<string>>} which they are */
async function showEarlier(citizen) {
  const block = byId("take-earlier", HTMLDetailsElement);
  block.hidden = true;
  try {
    const { cases } = await api.ofCitizen(citizen.id);
    if (present !== citizen) return new Set();
    byId("take-earlier-count", HTMLElement).textContent = String(cases.length);
    byId("take-earlier-list", HTMLElement).replaceChildren(...cases.map((each) => caseRow(each, { href: `#${each.id}` })));
    block.hidden = cases.length === 0;
    // Who comes has mostly something open already: it is seen first.
    block.open = cases.some(({ state }) => state !== "closed");
    return new Set(cases.map(({ id }) => id));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    notice("take-problem", problem.text);
    return new Set();
  }
}

/** What it may repeat, while there is time not to take it twice. */
async function lookForLikely() {
  const sought = subject.value.trim();
  if (sought === lookedFor) return;
  lookedFor = sought;
  looking.abort();
  const mine = (looking = new AbortController());
  /** @type {api.Likely[]} */
  let likely = [];
  if (sought) {
    try {
      ({ likely } = await api.likely(sought, mine.signal));
    } catch (problem) {
      // A hint that cannot be had is left out: when it is taken the same is looked for again.
      if (!mine.signal.aborted && !(problem instanceof Problem)) throw problem;
    }
  }
  if (mine.signal.aborted) return;
  byId("take-likely", HTMLElement).hidden = likely.length === 0;
  byId("take-likely-list", HTMLElement).replaceChildren(
    ...likely.map(({ case: each }) => caseRow(each, { href: `#${each.id}`, citizen: each.citizen_name ?? undefined })),
  );
}

/** @param {Taken} taken */
async function take(taken) {
  const citizen = present;
  clearErrors(form);
  if (!citizen || !allFilled(form)) return;
  const brought = { kind: chosen("take_kind"), citizen_id: citizen.id, subject: subject.value, text: text.value, language: chosen("take_language") };
  await attempt(
    byId("take-submit", HTMLElement),
    async () => {
      const { case: made, likely } = await api.take(brought);
      keepDraft(draftName(citizen), "");
      form.reset();
      lookedFor = "";
      byId("take-likely", HTMLElement).hidden = true;
      taken(made.id, likely, await own);
    },
    { notice: "take-problem", fields: { subject: "take_subject", text: "take_text" } },
  );
}

function keep() {
  if (present) keepDraft(draftName(present), [subject.value, text.value].join("\n").trimEnd());
}

/** @param {string} name @returns {string} */
function chosen(name) {
  const input = form.querySelector(`input[name="${name}"]:checked`);
  return input instanceof HTMLInputElement ? input.value : "";
}

/** @param {desk.Citizen} citizen */
function draftName(citizen) {
  return `case-new-${citizen.id}`;
}
