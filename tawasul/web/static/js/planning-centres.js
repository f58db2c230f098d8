/**
 * The centres and where the Amir receives: hours, pauses for prayer, routes of portable ones; and new ones for a while.
 */
import { toast } from "./announce.js";
import { get, post, Problem } from "./api.js";
import { byId } from "./controllers.js";
import { putDay } from "./date-field.js";
import { addChoices, button, element, noon } from "./elements.js";
import { allFilled, attempt, clearErrors, notice } from "./form.js";
import { pill } from "./labels.js";
import { allNumbers, choice, dayOf, input, numberIn } from "./planning-fields.js";
import { editHours, startHours } from "./planning-hours.js";
import { editPauses, startPauses } from "./planning-pauses.js";
import { editStops, startStops } from "./planning-stops.js";
import { dates, nameOf, say } from "./words.js";

/** @typedef {{arabic: string, english: string}} Name */
/** @typedef {import("./planning-hours.js").Hours} Hours */
/** @typedef {import("./planning-pauses.js").Pauses} Pauses */
/** @typedef {import("./planning-stops.js").Stop} Stop */
/**
 * @typedef {{id: string, governorate_id: string, name: Name, kind: "permanent" | "temporary" | "portable", opens_on: string | null,
 *   closes_on: string | null, hours: Hours, pauses: Pauses, stops: Stop[], kiosks: {id: string, name: Name}[]}} Centre
 */

/** @type {Record<string, {word: string, icon: string, tone: "" | "info"}>} */
const KINDS = {
  permanent: { word: "planning-kind-permanent", icon: "place", tone: "" },
  temporary: { word: "planning-kind-temporary", icon: "calendar", tone: "info" },
  portable: { word: "planning-kind-portable", icon: "walk-in", tone: "info" },
};

const list = byId("centres-list", HTMLElement);
const form = byId("centre-form", HTMLFormElement);

/** @returns {() => Promise<void>} looks again */
export function startCentres() {
  startHours(look);
  startPauses(look);
  startStops(look);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void add(event.submitter);
  });
  return look;
}

async function look() {
  try {
    const { emirate, governorates, centres } = await get("/api/planning/centres");
    const select = choice("centre_governorate");
    if (!select.options.length) addChoices(select, governorates.map((/** @type {{id: string, name: Name}} */ each) => [each.id, nameOf(each.name)]));
    list.replaceChildren(...(emirate ? [officeRow(emirate)] : []), ...centres.map(row));
    notice("centres-problem");
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    notice("centres-problem", problem.text);
  }
}

/** @param {{name: Name, hours: Hours, pauses: Pauses}} emirate */
function officeRow({ name, hours, pauses }) {
  const what = element("div", "", element("p", "plan-name", nameOf(name)), pill(say("planning-emirate"), "people", "good"));
  return element("li", "plan", what, element("p", "day-line", hoursWords(hours)), buttonsOf("emirate", nameOf(name), hours, pauses));
}

/** @param {Centre} centre @returns {HTMLElement} */
function row(centre) {
  const name = nameOf(centre.name);
  const kind = KINDS[centre.kind];
  const what = element("div", "", element("p", "plan-name", name), pill(say(kind.word), kind.icon, kind.tone));
  const buttons = buttonsOf(`centres/${centre.id}`, name, centre.hours, centre.pauses);
  if (centre.kind === "portable") {
    buttons.firstElementChild?.remove();
    buttons.prepend(button(say("planning-stops"), "", () => editStops(centre.id, name, centre.stops)));
  }
  return element("li", "plan", what, element("p", "day-line", factsOf(centre)), buttons);
}

/** @param {Centre} centre */
function factsOf(centre) {
  const kiosks = say("planning-kiosks", { count: centre.kiosks.length });
  if (centre.kind === "portable") return `${say("planning-stops-count", { count: centre.stops.length })} · ${kiosks}`;
  const stands = centre.opens_on && centre.closes_on ? [say("planning-stands", { from: dates.gregorianShort(noon(centre.opens_on)), to: dates.gregorianShort(noon(centre.closes_on)) })] : [];
  return [...stands, hoursWords(centre.hours), kiosks].join(" · ");
}

/** The hours of most days in a few words. @param {Hours} hours */
function hoursWords(hours) {
  const span = hours.week[6]?.[0] ?? hours.week.find((day) => day.length)?.[0];
  return span ? say("planning-hours-of", { from: span.opens, to: span.closes }) : say("planning-hours-none");
}

/** @param {string} path @param {string} name @param {Hours} hours @param {Pauses} pauses */
function buttonsOf(path, name, hours, pauses) {
  return element(
    "div",
    "actions",
    button(say("planning-hours"), "", () => editHours(path, name, hours)),
    button(say("planning-pauses"), "", () => editPauses(path, name, pauses)),
  );
}

/** @param {Element | null} pressed */
async function add(pressed) {
  clearErrors(form);
  if (!allFilled(form)) return;
  const first = dayOf("centre_opens_on", false);
  const last = dayOf("centre_closes_on", false);
  if (first === undefined || last === undefined) return;
  if (!allNumbers(["centre_kiosks", "centre_latitude", "centre_longitude"])) return;
  const body = {
    governorate_id: choice("centre_governorate").value,
    name: { arabic: input("centre_name").value },
    kind: choice("centre_kind").value,
    latitude: numberIn("centre_latitude"),
    longitude: numberIn("centre_longitude"),
    opens_on: first,
    closes_on: last,
    kiosks: numberIn("centre_kiosks"),
  };
  await attempt(
    pressed,
    async () => {
      await post("/api/planning/centres", body);
      toast(say("planning-centre-added"));
      form.reset();
      for (const id of ["centre_opens_on", "centre_closes_on"]) putDay(input(id), null);
      await look();
    },
    {
      notice: "centre-problem",
      fields: { name: "centre_name", latitude: "centre_latitude", longitude: "centre_longitude", opens_on: "centre_opens_on", closes_on: "centre_closes_on", kiosks: "centre_kiosks" },
    },
  );
}
