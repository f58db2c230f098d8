/**
 * What is before the office. The fragment names the case that is open; without one, the lists are shown.
 */
import { get, post, Problem } from "./api.js";
import { AgendaCase } from "./agenda-case.js";
import { agendaRow } from "./agenda-row.js";
import { byId } from "./controllers.js";
import { caseRow } from "./case-view.js";
import { attempt, clearErrors, fieldError, notice } from "./form.js";
import { dates, say } from "./words.js";

/** @typedef {import("./agenda-row.js").BeforeOffice} BeforeOffice */
/** As `AgendaView`. @typedef {{sitting_opens_at: string | null, cases: BeforeOffice[], waiting: BeforeOffice[]}} Agenda */

const lists = byId("agenda-list", HTMLElement);
const title = document.title;
const opened = new AgendaCase({ changed: () => void look() });
let drawn = "";
/** From which row a case was opened. */
let from = "";

byId("agenda-print", HTMLButtonElement).addEventListener("click", () => print());
byId("agenda-find", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  void find();
});
addEventListener("hashchange", () => void turn(true));
// Somebody comes back to the page: what was true a while ago is asked for again.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  void look();
  void opened.lookAgain();
});
for (const id of ["agenda-print", "find-case"]) byId(id, HTMLButtonElement).disabled = false;
void look();
void turn(false);

async function look() {
  try {
    const agenda = /** @type {Agenda} */ (await get("/api/office/agenda"));
    notice("agenda-problem");
    draw(agenda);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    notice("agenda-problem", problem.text);
    if (!drawn) byId("agenda-sitting", HTMLElement).textContent = "";
  }
}

/** @param {Agenda} agenda */
function draw({ sitting_opens_at, cases, waiting }) {
  byId("agenda-sitting", HTMLElement).textContent = sitting_opens_at
    ? say("agenda-sitting", { day: dates.day(sitting_opens_at), time: dates.time(sitting_opens_at) })
    : say("agenda-no-sitting");
  byId("agenda-empty", HTMLElement).hidden = cases.length > 0;
  byId("agenda-waiting-empty", HTMLElement).hidden = waiting.length > 0;
  // Lists that did not change are left alone: nobody's focus is taken away.
  const image = JSON.stringify([cases, waiting]);
  if (image === drawn) return;
  drawn = image;
  const focused = document.activeElement?.closest(".case-row")?.getAttribute("data-id");
  byId("agenda-cases", HTMLElement).replaceChildren(...cases.map(agendaRow));
  byId("agenda-waiting", HTMLElement).replaceChildren(...waiting.map(agendaRow));
  if (focused) focusRow(focused);
}

async function find() {
  const form = byId("agenda-find", HTMLFormElement);
  const query = byId("find_case", HTMLInputElement).value.trim();
  clearErrors(form);
  if (!query) {
    fieldError("find_case", say("desk-field-needed"));
    byId("find_case", HTMLInputElement).focus();
    return;
  }
  const places = { notice: "find-problem", fields: { query: "find_case" } };
  await attempt(byId("find-case", HTMLButtonElement), async () => {
    const { cases } = /** @type {{cases: import("./case-words.js").Case[]}} */ (await post("/api/office/cases/find", { query }));
    byId("agenda-found", HTMLElement).replaceChildren(...cases.map((each) => caseRow(each, { href: `#${each.id}` })));
    byId("agenda-found-none", HTMLElement).hidden = cases.length > 0;
  }, places);
}

/** Shows what the address names. @param {boolean} moved whether the reader is led there */
async function turn(moved) {
  const id = location.hash.slice(1);
  lists.hidden = id !== "";
  if (id) {
    from = id;
    await opened.open(id, moved);
    return;
  }
  opened.close();
  document.title = title;
  if (!moved) return;
  await look();
  if (!focusRow(from)) byId("agenda-title", HTMLElement).focus();
}

/** @param {string} id @returns {boolean} whether it is in a list */
function focusRow(id) {
  const opener = lists.querySelector(`.case-row[data-id="${CSS.escape(id)}"] .case-open`);
  if (opener instanceof HTMLElement) opener.focus();
  return opener !== null;
}
