/**
 * Visits of protocol and closures: a stretch in which nobody is received; whom it moves is shown before it is done.
 */
import { toast } from "./announce.js";
import { get, post, Problem, request } from "./api.js";
import { byId } from "./controllers.js";
import { addChoices, button, element } from "./elements.js";
import { allFilled, attempt, clearErrors, notice } from "./form.js";
import { propose } from "./planning-consequences.js";
import { choice, dayOf, input, moment, toTitle } from "./planning-fields.js";
import { dates, nameOf, say } from "./words.js";

/** @typedef {{kind: "office" | "centre" | "kiosk", centre_id?: string | null, kiosk_id?: string | null}} Reach */
/** @typedef {{id: string, reach: Reach, starts_at: string, ends_at: string, reason: string}} Blackout */

/** @type {Record<string, string>} */
const REASONS = {
  protocol: "planning-reason-protocol",
  closure: "planning-reason-closure",
  maintenance: "planning-reason-maintenance",
};

const form = byId("closure-form", HTMLFormElement);
const list = byId("closures-list", HTMLElement);

/** Names of what can be closed, by `centre:<id>` and `kiosk:<id>`. @type {Map<string, string>} */
const names = new Map();

/** @returns {() => Promise<void>} looks again */
export function startClosures() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void preview(event.submitter);
  });
  return look;
}

async function look() {
  try {
    await nameReaches();
    const { blackouts } = await get("/api/planning/blackouts");
    list.replaceChildren(...blackouts.map(row));
    byId("closures-empty", HTMLElement).hidden = blackouts.length > 0;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    notice("closure-problem", problem.text);
  }
}

async function nameReaches() {
  if (names.size) return;
  const { centres } = await get("/api/planning/centres");
  for (const centre of centres) {
    names.set(`centre:${centre.id}`, nameOf(centre.name));
    for (const kiosk of centre.kiosks) names.set(`kiosk:${kiosk.id}`, nameOf(kiosk.name));
  }
  addChoices(choice("closure_reach"), [...names]);
}

/** @param {Blackout} blackout @returns {HTMLElement} */
function row(blackout) {
  const { reach } = blackout;
  const where = reach.kind === "office" ? say("planning-reach-office") : names.get(reach.kind === "centre" ? `centre:${reach.centre_id}` : `kiosk:${reach.kiosk_id}`);
  const what = element("div", "", element("p", "plan-name", say(REASONS[blackout.reason] ?? "planning-reason-closure")), element("p", "day-line", where ?? ""));
  const from = element("p", "", say("tasks-when", { day: dates.day(blackout.starts_at), time: dates.time(blackout.starts_at) }));
  const until = element("p", "day-line", say("planning-until", { day: dates.day(blackout.ends_at), time: dates.time(blackout.ends_at) }));
  return element("li", "plan", what, element("div", "", from, until), button(say("planning-remove"), "button-quiet", () => remove(blackout)));
}

/** @param {Blackout} blackout */
async function remove(blackout) {
  try {
    await request("DELETE", `/api/planning/blackouts/${blackout.id}`);
    toast(say("planning-closure-removed"), "info");
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.text, "danger");
  }
  await look();
  toTitle();
}

/** @param {Element | null} pressed */
async function preview(pressed) {
  clearErrors(form);
  if (!allFilled(form)) return;
  const first = dayOf("closure_day");
  const last = dayOf("closure_until", false);
  if (!first || last === undefined) return;
  const [kind, id] = choice("closure_reach").value.split(":");
  const reach = kind === "office" ? { kind } : kind === "centre" ? { kind, centre_id: id } : { kind, kiosk_id: id };
  const body = {
    reach,
    starts_at: moment(first, input("closure_opens").value),
    ends_at: moment(last ?? first, input("closure_closes").value),
    reason: choice("closure_reason").value,
  };
  await attempt(
    pressed,
    () =>
      propose({
        title: say(REASONS[body.reason]),
        preview: () => post("/api/planning/blackouts/preview", body),
        confirm: (shown) => post("/api/planning/blackouts", { ...body, ...shown }),
        done: look,
      }),
    { notice: "closure-problem", fields: { ends_at: "closure_closes", starts_at: "closure_opens" } },
  );
}
