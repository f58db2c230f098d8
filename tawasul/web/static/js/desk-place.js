/**
 * Where: a centre (the desk's own first, others by the town that the citizen names), the citizen's own location, or the session itself.
 */
import { byId } from "./controllers.js";
import * as api from "./desk-api.js";
import { attempt, fieldError } from "./form.js";
import { dates, nameOf, say } from "./words.js";

const form = byId("book", HTMLFormElement);
const centre = byId("book_centre", HTMLSelectElement);
const town = byId("nearest_town", HTMLInputElement);
const nearest = byId("nearest", HTMLDetailsElement);
const nearestList = byId("nearest-list", HTMLElement);

/** @type {api.Centre[]} */
let centres = [];
/** @type {Promise<void> | null} */
let known = null;

/** @param {() => void} changed called when another place was chosen */
export function startPlace(changed) {
  form.addEventListener("change", (event) => {
    const { target } = event;
    if (target !== centre && !(target instanceof HTMLInputElement && target.name === "venue")) return;
    showVenue();
    changed();
  });
  town.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    void findNearest(changed);
  });
  byId("nearest-find", HTMLElement).addEventListener("click", () => findNearest(changed));
}

/** The places are known after this. Asked for once; again when that went wrong. @returns {Promise<void>} */
export function knowPlaces() {
  known ??= (async () => {
    const problem = await attempt(null, learn, { notice: "book-problem" });
    if (problem) known = null;
  })();
  return known;
}

/** Back to the desk's own centre. */
export function resetPlace() {
  const own = centres.find((each) => each.own);
  if (own) centre.value = own.id;
  setVenue("kiosk");
  nearest.open = false;
  nearestList.replaceChildren();
}

/** @param {api.Venue} venue @param {string | null} [centreId] */
export function choosePlace(venue, centreId) {
  if (centreId) centre.value = centreId;
  setVenue(venue);
}

/** @returns {api.Place} */
export function place() {
  const venue = /** @type {api.Venue} */ (String(new FormData(form).get("venue")));
  return venue === "kiosk" ? { venue, centre_id: centre.value } : { venue };
}

/** The place in words. @param {api.Venue} venue @param {string | null} [centreId] @param {string | null} [kioskId] @returns {string} */
export function placeWords(venue, centreId, kioskId) {
  if (venue === "own-location") return say("desk-venue-own");
  if (venue === "in-person") return say("desk-venue-person");
  const at = centres.find((each) => each.id === centreId || each.kiosks.some((kiosk) => kiosk.id === kioskId));
  const kiosk = at?.kiosks.find((each) => each.id === kioskId);
  if (at && kiosk) return say("desk-kiosk-at", { kiosk: nameOf(kiosk.name), centre: nameOf(at.name) });
  return at ? nameOf(at.name) : say("desk-venue-kiosk");
}

/** The centre of a kiosk. @param {string | null} kioskId @returns {string | null} */
export function centreOf(kioskId) {
  return centres.find((each) => each.kiosks.some((kiosk) => kiosk.id === kioskId))?.id ?? null;
}

async function learn() {
  ({ centres } = await api.places());
  const own = centres.filter((each) => each.own);
  const others = centres.filter((each) => !each.own);
  centre.replaceChildren(...own.map(option));
  if (others.length > 0) {
    const group = document.createElement("optgroup");
    group.label = say("desk-centres-other");
    group.append(...others.map(option));
    centre.append(group);
  }
}

/** @param {(() => void)} changed */
async function findNearest(changed) {
  byId("nearest_town-error", HTMLElement).hidden = true;
  town.removeAttribute("aria-invalid");
  if (!town.value.trim()) return fieldError("nearest_town", say("desk-field-needed"));
  await attempt(
    byId("nearest-find", HTMLElement),
    async () => {
      const found = await api.nearest(town.value);
      nearestList.replaceChildren(
        ...found.centres.map((each) => {
          const button = document.createElement("button");
          button.type = "button";
          button.className = "button";
          const kilometres = say("desk-kilometres", { kilometres: Math.round(each.kilometres) });
          const first = typeof each.first_free === "string" ? each.first_free : each.first_free?.starts_at;
          const when = first ? say("desk-first-free", { day: dates.day(first) }) : say("desk-none-free");
          button.append(line("choose-name", `${nameOf(each.name)} – ${kilometres}`), line("choose-note", when));
          button.addEventListener("click", () => {
            choosePlace("kiosk", each.centre_id);
            nearest.open = false;
            changed();
          });
          return button;
        }),
      );
      const first = nearestList.querySelector("button");
      if (first) first.focus();
      else fieldError("nearest_town", say("desk-town-unknown"));
    },
    { notice: "book-problem", fields: { town: "nearest_town" } },
  );
}

/** @param {string} className @param {string} text @returns {HTMLElement} */
function line(className, text) {
  const node = document.createElement("span");
  node.className = className;
  node.textContent = text;
  return node;
}

/** @param {api.Centre} each @returns {HTMLOptionElement} */
function option(each) {
  return new Option(nameOf(each.name), each.id);
}

/** @param {api.Venue} venue */
function setVenue(venue) {
  for (const input of form.querySelectorAll('input[name="venue"]')) {
    if (input instanceof HTMLInputElement) input.checked = input.value === venue;
  }
  showVenue();
}

function showVenue() {
  byId("centre-field", HTMLElement).hidden = new FormData(form).get("venue") !== "kiosk";
}
