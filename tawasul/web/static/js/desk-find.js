/**
 * The desk's first step: find the citizen, choose among several, or register a new one. A ticket that is scanned is read at once.
 */
import { byId } from "./controllers.js";
import * as api from "./desk-api.js";
import { latinDigits, onlyDigits } from "./digits.js";
import { allFilled, attempt, clearErrors, fieldError } from "./form.js";
import { kindWords } from "./labels.js";
import { rove, settle } from "./roving.js";
import { say } from "./words.js";

/** An ID has ten digits and a mobile with its country at most fourteen: what is longer is the code of a ticket. */
const LONGEST_NUMBER = 14;

const findForm = byId("find", HTMLFormElement);
const query = byId("find_query", HTMLInputElement);
const choose = byId("choose", HTMLElement);
const chooseList = byId("choose-list", HTMLElement);
const registerForm = byId("register", HTMLFormElement);
const name = byId("register_name", HTMLInputElement);
const nationalId = byId("register_national_id", HTMLInputElement);
const mobile = byId("register_mobile", HTMLInputElement);

/**
 * @param {{found: (citizen: api.Citizen) => Promise<void>, searching: () => void, ticket: (entry: api.Entry) => void}} told `found`: the one
 *   citizen; `searching`: what was on the desk goes away; `ticket`: whose ticket was scanned, whatever is on the desk
 */
export function startFinding(told) {
  findForm.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearErrors(findForm);
    if (!allFilled(findForm)) return;
    const button = byId("find-button", HTMLElement);
    const places = { notice: "find-problem", fields: { query: "find_query", code: "find_query", national_id: "find_query", mobile: "find_query" } };
    if (isTicket(query.value)) {
      await attempt(
        button,
        async () => {
          const entry = await api.readTicket(query.value);
          query.value = "";
          told.ticket(entry);
        },
        places,
      );
      return;
    }
    told.searching();
    hideAll();
    const problem = await attempt(
      button,
      async () => {
        const { citizens, more } = await api.find(query.value);
        if (citizens.length === 1) await told.found(citizens[0]);
        else if (citizens.length > 1) offer(citizens, Boolean(more), told.found);
        else openRegister();
      },
      places,
    );
    // One field takes all kinds of numbers: which of them it is not, only this form can say.
    if (problem?.code === "invalid-input") fieldError("find_query", say("desk-find-neither"));
  });

  registerForm.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearErrors(registerForm);
    if (!allFilled(registerForm)) return;
    const typed = { name: name.value, national_id: nationalId.value, mobile: mobile.value };
    await attempt(
      event.submitter,
      async () => {
        const citizen = await api.register(typed);
        hideAll();
        await told.found(citizen);
      },
      {
        notice: "register-problem",
        fields: { name: "register_name", national_id: "register_national_id", mobile: "register_mobile" },
      },
    );
  });

  rove(chooseList, "button");
  byId("choose-none", HTMLElement).addEventListener("click", openRegister);
  byId("register-cancel", HTMLElement).addEventListener("click", searchAgain);
  byId("find-button", HTMLButtonElement).disabled = false;
}

/** Back to an empty search. */
export function searchAgain() {
  hideAll();
  clearErrors(findForm);
  query.value = "";
  query.focus();
}

/** To the search; what stands there goes with the next key. */
export function focusSearch() {
  query.focus();
  query.select();
}

/** Whether something of a search stands below it: several that were found, or the form that registers. @returns {boolean} */
export function isChoosing() {
  return !choose.hidden || !registerForm.hidden;
}

function hideAll() {
  choose.hidden = true;
  registerForm.hidden = true;
}

/** @param {string} typed @returns {boolean} */
function isTicket(typed) {
  return /^[\d\s-]+$/.test(latinDigits(typed)) && onlyDigits(typed).length > LONGEST_NUMBER;
}

/** Several persons: whose ID is on the desk? @param {api.Citizen[]} citizens @param {boolean} more @param {(citizen: api.Citizen) => Promise<void>} found */
function offer(citizens, more, found) {
  chooseList.replaceChildren(
    ...citizens.map((citizen) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      const called = document.createElement("span");
      called.className = "choose-name";
      called.textContent = citizen.name;
      const numbers = document.createElement("span");
      numbers.className = "choose-note";
      numbers.append(`${kindWords(citizen.kind)} · ${say("desk-id-ends")} `, isolated(citizen.national_id_last_four));
      numbers.append(` · ${say("desk-mobile-ends")} `, isolated(citizen.mobile_last_four));
      button.append(called, numbers);
      button.addEventListener("click", () => {
        hideAll();
        void found(citizen);
      });
      return button;
    }),
  );
  settle(chooseList, "button");
  byId("choose-more", HTMLElement).hidden = !more;
  choose.hidden = false;
  chooseList.querySelector("button")?.focus();
}

/** @param {string} number @returns {HTMLElement} */
function isolated(number) {
  const node = document.createElement("bdi");
  node.className = "number";
  node.textContent = number;
  return node;
}

/** Nobody was found: what was typed goes where it belongs, and the keyboard to the first field that is empty. */
function openRegister() {
  hideAll();
  clearErrors(registerForm);
  registerForm.reset();
  const digits = onlyDigits(query.value);
  if (/^[12]\d{9}$/.test(digits)) nationalId.value = digits;
  else if (/5\d{8}$/.test(digits)) mobile.value = digits;
  else if (!digits) name.value = query.value.trim();
  registerForm.hidden = false;
  (name.value ? nationalId : name).focus();
}
