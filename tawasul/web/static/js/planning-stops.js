/**
 * The route of a portable centre: its stops, with dates; some at somebody's home.
 */
import { post, request } from "./api.js";
import { byId } from "./controllers.js";
import { putDay } from "./date-field.js";
import { button, element, noon } from "./elements.js";
import { allFilled, attempt, clearErrors, notice } from "./form.js";
import { pill } from "./labels.js";
import { propose } from "./planning-consequences.js";
import { allNumbers, dayOf, input, numberIn } from "./planning-fields.js";
import { dates, nameOf, say } from "./words.js";

/**
 * @typedef {{on: string, opens: string, closes: string, place: {arabic: string, english: string}, latitude: number, longitude: number,
 *   home: boolean}} Stop
 */

const dialog = byId("stops-dialog", HTMLDialogElement);
const form = byId("stop-form", HTMLFormElement);
const list = byId("stops-list", HTMLElement);
const toPreview = byId("stops-preview", HTMLButtonElement);

/** @type {Stop[]} */
let stops = [];
let centre = "";
let title = "";
/** @type {() => unknown} */
let afterwards = () => {};

/** @param {() => unknown} changed */
export function startStops(changed) {
  afterwards = changed;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    add();
  });
  toPreview.addEventListener("click", preview);
}

/** @param {string} id @param {string} name @param {Stop[]} present */
export function editStops(id, name, present) {
  centre = id;
  stops = [...present];
  title = say("planning-stops-title", { name });
  byId("stops-title", HTMLElement).textContent = title;
  clearErrors(form);
  form.reset();
  putDay(input("stop_on"), null);
  draw();
  dialog.showModal();
  byId("stops-title", HTMLElement).focus();
}

function draw() {
  stops.sort((one, other) => `${one.on}${one.opens}`.localeCompare(`${other.on}${other.opens}`));
  list.replaceChildren(...stops.map(row));
}

/** @param {Stop} stop @returns {HTMLElement} */
function row(stop) {
  const where = element("div", "", element("p", "plan-name", nameOf(stop.place)), ...(stop.home ? [pill(say("planning-home"), "person", "info")] : []));
  const when = element("div", "", element("p", "", dates.day(noon(stop.on))), element("p", "day-line", say("planning-hours-of", { from: stop.opens, to: stop.closes })));
  const takeAway = button(say("planning-remove"), "button-quiet", () => {
    stops = stops.filter((each) => each !== stop);
    draw();
  });
  return element("li", "plan", where, when, takeAway);
}

/** Takes the stop of the form onto the route; the server hears of it with the whole route. */
function add() {
  clearErrors(form);
  if (!allFilled(form)) return;
  const on = dayOf("stop_on");
  if (!on) return;
  if (!allNumbers(["stop_latitude", "stop_longitude"])) return;
  const place = input("stop_place").value.trim();
  stops.push({
    on,
    opens: input("stop_opens").value,
    closes: input("stop_closes").value,
    place: { arabic: place, english: place },
    latitude: numberIn("stop_latitude"),
    longitude: numberIn("stop_longitude"),
    home: input("stop_home").checked,
  });
  draw();
  input("stop_place").value = "";
  input("stop_on").focus();
}

async function preview() {
  notice("stops-problem");
  const address = `/api/planning/centres/${centre}/stops`;
  await attempt(
    toPreview,
    () =>
      propose({
        title,
        preview: () => post(`${address}/preview`, { stops }),
        confirm: (shown) => request("PUT", address, { stops, ...shown }),
        done: () => {
          dialog.close();
          afterwards();
        },
      }),
    { notice: "stops-problem", fields: { closes: "stop_closes", place: "stop_place" } },
  );
}
