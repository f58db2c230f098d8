/**
 * Holidays, and when Ramadan was declared to be. Both may take somebody's time: that is shown before it is done.
 */
import { toast } from "./announce.js";
import { get, post, Problem, request } from "./api.js";
import { byId } from "./controllers.js";
import { putDay } from "./date-field.js";
import { addChoices, button, element, noon } from "./elements.js";
import { allFilled, attempt, clearErrors, notice } from "./form.js";
import { pill } from "./labels.js";
import { propose } from "./planning-consequences.js";
import { choice, dayOf, input, toTitle } from "./planning-fields.js";
import { dayOfHijri } from "./umm-al-qura.js";
import { dates, nameOf, say } from "./words.js";

/** @typedef {{arabic: string, english: string}} Name */
/** @typedef {{id: string, name: Name, first_day: string, last_day: string, governorate_id: string | null}} Holiday */
/** @typedef {{hijri_year: number, first_day: string, last_day: string, declared: boolean}} Ramadan */

const form = byId("holiday-form", HTMLFormElement);
const holidays = byId("holidays-list", HTMLElement);
const ramadans = byId("ramadans-list", HTMLElement);
const dialog = byId("ramadan-dialog", HTMLDialogElement);
const ramadanForm = byId("ramadan-form", HTMLFormElement);

/** @type {Map<string, string>} */
const governorates = new Map();

/** The year that the dialog is about. */
let year = 0;

/** @returns {() => Promise<void>} looks again */
export function startDays() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void previewHoliday(event.submitter);
  });
  ramadanForm.addEventListener("submit", (event) => {
    event.preventDefault();
    void previewRamadan(event.submitter);
  });
  return look;
}

async function look() {
  try {
    if (!governorates.size) {
      for (const each of (await get("/api/planning/centres")).governorates) governorates.set(each.id, nameOf(each.name));
      addChoices(choice("holiday_governorate"), [...governorates]);
    }
    const found = await get("/api/planning/holidays");
    holidays.replaceChildren(...found.holidays.map(holidayRow));
    byId("holidays-empty", HTMLElement).hidden = found.holidays.length > 0;
    ramadans.replaceChildren(...(await get("/api/planning/ramadans")).ramadans.map(ramadanRow));
    notice("ramadans-problem");
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    notice("ramadans-problem", problem.text);
  }
}

/** @param {Holiday} holiday @returns {HTMLElement} */
function holidayRow(holiday) {
  const where = holiday.governorate_id ? (governorates.get(holiday.governorate_id) ?? "") : say("planning-holiday-region");
  const what = element("div", "", element("p", "plan-name", nameOf(holiday.name)), element("p", "day-line", where));
  return element("li", "plan", what, stretch(holiday), button(say("planning-remove"), "button-quiet", () => removeHoliday(holiday)));
}

/** @param {{first_day: string, last_day: string}} days */
function stretch({ first_day: first, last_day: last }) {
  const whole = element("div", "", element("p", "", dates.day(noon(first))));
  if (last !== first) whole.append(element("p", "day-line", say("planning-to-day", { day: dates.day(noon(last)) })));
  return whole;
}

/** @param {Ramadan} ramadan @returns {HTMLElement} */
function ramadanRow(ramadan) {
  const name = say("planning-ramadan-of", { year: String(ramadan.hijri_year) });
  const state = ramadan.declared ? pill(say("planning-declared"), "check-circle", "good") : pill(say("planning-by-table"), "calendar", "");
  const line = element("li", "plan", element("div", "", element("p", "plan-name", name), state), stretch(ramadan));
  const buttons = element("div", "actions", button(say("planning-declare"), "", () => declare(ramadan, name)));
  if (ramadan.declared) buttons.append(button(say("planning-undeclare"), "button-quiet", () => undeclare(ramadan, name)));
  line.append(buttons);
  return line;
}

/** @param {Holiday} holiday */
async function removeHoliday(holiday) {
  const { name, first_day, last_day, governorate_id } = holiday;
  try {
    await request("DELETE", `/api/planning/holidays/${holiday.id}`);
    const putBack = () =>
      proposeOrSay({
        title: nameOf(name),
        preview: () => post("/api/planning/holidays/preview", { name, first_day, last_day, governorate_id }),
        confirm: (shown) => post("/api/planning/holidays", { name, first_day, last_day, governorate_id, ...shown }),
        done: look,
      });
    toast(say("planning-holiday-removed"), "success", { text: say("tasks-undo"), press: putBack });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.text, "danger");
  }
  await look();
  toTitle();
}

/** @param {Element | null} pressed */
async function previewHoliday(pressed) {
  clearErrors(form);
  if (!allFilled(form)) return;
  const first = dayOf("holiday_first");
  const last = dayOf("holiday_last", false);
  if (!first || last === undefined) return;
  const typed = input("holiday_name").value;
  const body = { name: { arabic: typed }, first_day: first, last_day: last ?? first, governorate_id: choice("holiday_governorate").value || null };
  await attempt(
    pressed,
    () =>
      propose({
        title: typed,
        preview: () => post("/api/planning/holidays/preview", body),
        confirm: (shown) => post("/api/planning/holidays", { ...body, ...shown }),
        done: () => {
          form.reset();
          for (const id of ["holiday_first", "holiday_last"]) putDay(input(id), null);
          void look();
        },
      }),
    { notice: "holiday-problem", fields: { name: "holiday_name", arabic: "holiday_name", first_day: "holiday_first", last_day: "holiday_last" } },
  );
}

/** @param {Ramadan} ramadan @param {string} name */
function declare(ramadan, name) {
  year = ramadan.hijri_year;
  clearErrors(ramadanForm);
  byId("ramadan-title", HTMLElement).textContent = name;
  putDay(input("ramadan_first"), ramadan.first_day);
  putDay(input("ramadan_last"), ramadan.last_day);
  dialog.showModal();
}

/** @param {Element | null} pressed */
async function previewRamadan(pressed) {
  clearErrors(ramadanForm);
  const first = dayOf("ramadan_first");
  const last = dayOf("ramadan_last");
  if (!first || !last) return;
  const body = { first_day: first, last_day: last };
  const address = `/api/planning/ramadans/${year}`;
  await attempt(
    pressed,
    () =>
      propose({
        title: say("planning-ramadan-of", { year: String(year) }),
        preview: () => post(`${address}/preview`, body),
        confirm: (shown) => request("PUT", address, { ...body, ...shown }),
        done: () => {
          dialog.close();
          void look();
        },
      }),
    { notice: "ramadan-problem", fields: { first_day: "ramadan_first", last_day: "ramadan_last" } },
  );
}

/** The table's days again; what that does is what declaring those days would do. @param {Ramadan} ramadan @param {string} title */
async function undeclare(ramadan, title) {
  const address = `/api/planning/ramadans/${ramadan.hijri_year}`;
  await proposeOrSay({
    title: say("planning-undeclared", { change: title }),
    preview: () => post(`${address}/preview`, ofTheTable(ramadan.hijri_year)),
    confirm: (shown) => request("DELETE", `${address}?expected=${shown.expected}&seen=${shown.seen}`),
    done: look,
  });
}

/** Where there is no form to say what is wrong at. @param {import("./planning-consequences.js").Proposal} proposal */
async function proposeOrSay(proposal) {
  try {
    await propose(proposal);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.text, "danger");
  }
}

/** @param {number} hijriYear */
function ofTheTable(hijriYear) {
  const first = dayOfHijri({ year: hijriYear, month: 9, day: 1 });
  const after = dayOfHijri({ year: hijriYear, month: 10, day: 1 });
  if (first === null || after === null) throw new RangeError("every month has a first day");
  return { first_day: isoDay(first), last_day: isoDay(after - 1) };
}

/** @param {number} day days since 1 January 1970 */
function isoDay(day) {
  return new Date(day * 24 * 3600_000).toISOString().slice(0, 10);
}
