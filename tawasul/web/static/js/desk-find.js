/**
 * The desk's first step: find the citizen, choose among several, or register a new one.
 */
import { byId } from "./controllers.js";
import * as api from "./desk-api.js";
import { onlyDigits } from "./digits.js";
import { allFilled, attempt, clearErrors } from "./form.js";
import { kindWords } from "./labels.js";
import { say } from "./words.js";

const findForm = byId("find", HTMLFormElement);
const query = byId("find_query", HTMLInputElement);
const choose = byId("choose", HTMLElement);
const chooseList = byId("choose-list", HTMLElement);
const registerForm = byId("register", HTMLFormElement);
const name = byId("register_name", HTMLInputElement);
const nationalId = byId("register_national_id", HTMLInputElement);
const mobile = byId("register_mobile", HTMLInputElement);

/**
 * @param {(citizen: api.Citizen) => void} found called with the one citizen
 * @param {() => void} searching called when a search begins: what was on the desk goes away
 */
export function startFinding(found, searching) {
  findForm.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearErrors(findForm);
    if (!allFilled(findForm)) return;
    searching();
    hideAll();
    await attempt(
      event.submitter,
      async () => {
        const { citizens } = await api.find(query.value);
        if (citizens.length === 1) found(citizens[0]);
        else if (citizens.length > 1) offer(citizens, found);
        else openRegister();
      },
      { notice: "find-problem", fields: { query: "find_query" } },
    );
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
        found(citizen);
      },
      {
        notice: "register-problem",
        fields: { name: "register_name", national_id: "register_national_id", mobile: "register_mobile" },
      },
    );
  });

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

function hideAll() {
  choose.hidden = true;
  registerForm.hidden = true;
}

/** Several persons share a number: whose ID is on the desk? @param {api.Citizen[]} citizens @param {(citizen: api.Citizen) => void} found */
function offer(citizens, found) {
  chooseList.replaceChildren(
    ...citizens.map((citizen) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      const number = document.createElement("bdi");
      number.textContent = citizen.national_id_last_four;
      button.append(`${citizen.name} – ${kindWords(citizen.kind)} – ${say("desk-id-ends")} `, number);
      button.addEventListener("click", () => {
        hideAll();
        found(citizen);
      });
      return button;
    }),
  );
  choose.hidden = false;
  byId("choose-title", HTMLElement).focus();
}

/** Nobody was found: what was typed goes where it belongs. */
function openRegister() {
  clearErrors(registerForm);
  registerForm.reset();
  const digits = onlyDigits(query.value);
  if (/^[12]\d{9}$/.test(digits)) nationalId.value = digits;
  else if (/5\d{8}$/.test(digits)) mobile.value = digits;
  registerForm.hidden = false;
  byId("register-title", HTMLElement).focus();
}
