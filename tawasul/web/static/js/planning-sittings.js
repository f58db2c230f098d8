/**
 * The sittings of five weeks: planned singly or for weekdays, taken away while nobody is booked.
 */
import { toast } from "./announce.js";
import { get, post, Problem, request } from "./api.js";
import { byId } from "./controllers.js";
import { button, element } from "./elements.js";
import { allFilled, attempt, clearErrors, notice } from "./form.js";
import { pill } from "./labels.js";
import { allNumbers, choice, dayOf, input, moment, numberIn, today, toTitle } from "./planning-fields.js";
import { dates, say } from "./words.js";

/**
 * @typedef {{id: string, opens_at: string, closes_at: string, slot_seconds: number, receiver: string, buffer_seconds: number, quota: number | null,
 *   booked: number, slots: number}} Planned
 */

const SHOWN = 35;

const form = byId("sitting-form", HTMLFormElement);
const list = byId("sittings-list", HTMLElement);

/** How many days from today the list begins. */
let ahead = 0;

/** @returns {() => Promise<void>} looks again */
export function startSittings() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void add(event.submitter);
  });
  byId("sittings-earlier", HTMLElement).addEventListener("click", () => move(-SHOWN));
  byId("sittings-later", HTMLElement).addEventListener("click", () => move(SHOWN));
  return look;
}

/** @param {number} days */
function move(days) {
  ahead += days;
  void look();
}

async function look() {
  const first = today(ahead);
  try {
    const { sittings } = await get(`/api/planning/sittings?from=${first}&days=${SHOWN}`);
    notice("sittings-problem");
    byId("sittings-range", HTMLElement).textContent = say("planning-range", {
      from: dates.day(`${first}T09:00:00Z`),
      to: dates.day(`${today(ahead + SHOWN - 1)}T09:00:00Z`),
    });
    list.replaceChildren(...sittings.map(row));
    byId("sittings-empty", HTMLElement).hidden = sittings.length > 0;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    notice("sittings-problem", problem.text);
  }
}

/** @param {Planned} sitting @returns {HTMLElement} */
function row(sitting) {
  const over = Date.parse(sitting.closes_at) < Date.now();
  const times = say("planning-times", { from: dates.time(sitting.opens_at), to: dates.time(sitting.closes_at) });
  const facts = [
    say("planning-every", { minutes: sitting.slot_seconds / 60 }),
    ...(sitting.buffer_seconds ? [say("planning-every-buffer", { minutes: sitting.buffer_seconds / 60 })] : []),
    ...(sitting.quota ? [say("planning-quota-of", { count: sitting.quota })] : []),
  ];
  const filled = say("planning-filled", { booked: sitting.booked, slots: sitting.slots });
  const meter = element("meter", "sitting-meter");
  meter.max = Math.max(1, sitting.slots);
  meter.value = sitting.booked;
  meter.setAttribute("aria-label", filled);
  const what = element("div", "sitting-what", element("p", "sitting-day", dates.day(sitting.opens_at)), element("p", "", times), element("p", "day-line", facts.join(" · ")));
  const line = element("li", "sitting", what, element("div", "sitting-much", element("p", "", filled), meter));
  if (sitting.receiver === "deputy") what.append(pill(say("planning-receiver-deputy"), "person", "info"));
  if (!sitting.booked && !over) line.append(button(say("planning-remove"), "button-quiet", () => remove(sitting)));
  line.toggleAttribute("data-over", over);
  return line;
}

/** @param {Planned} sitting */
async function remove(sitting) {
  try {
    await request("DELETE", `/api/planning/sittings/${sitting.id}`);
    toast(say("planning-sitting-removed"), "success", { text: say("tasks-undo"), press: () => putBack(sitting) });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.code === "conflict" ? say("planning-sitting-booked") : problem.text, "danger");
  }
  await look();
  toTitle();
}

/** @param {Planned} sitting */
async function putBack(sitting) {
  const { opens_at, closes_at, receiver, quota } = sitting;
  const body = { opens_at, closes_at, receiver, quota, slot_minutes: sitting.slot_seconds / 60, buffer_minutes: sitting.buffer_seconds / 60 };
  try {
    await post("/api/planning/sittings", body);
    toast(say("planning-sitting-back"));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.text, "danger");
  }
  await look();
}

/** @param {Element | null} pressed */
async function add(pressed) {
  clearErrors(form);
  if (!allFilled(form)) return;
  const first = dayOf("sitting_from");
  const last = dayOf("sitting_to", false);
  if (first === undefined || last === undefined || !first) return;
  if (!allNumbers(["sitting_slot", "sitting_buffer", "sitting_quota"])) return;
  const weekdays = [...form.querySelectorAll('input[name="weekday"]:checked')].map((box) => Number(/** @type {HTMLInputElement} */ (box).value));
  if (last !== null && !weekdays.length) return notice("sitting-problem", say("planning-weekday-needed"));
  const [opens, closes] = [input("sitting_opens").value, input("sitting_closes").value];
  const pattern = {
    slot_minutes: numberIn("sitting_slot"),
    buffer_minutes: numberIn("sitting_buffer"),
    receiver: choice("sitting_receiver").value,
    quota: numberIn("sitting_quota") || null,
  };
  await attempt(
    pressed,
    async () => {
      if (last === null) {
        await post("/api/planning/sittings", { ...pattern, opens_at: moment(first, opens), closes_at: moment(first, closes) });
        toast(say("planning-sitting-added"));
      } else {
        const { sittings, skipped } = await post("/api/planning/sittings/repeat", { ...pattern, weekdays, from_day: first, to_day: last, opens, closes });
        toast(say("planning-sittings-added", { count: sittings.length }) + (skipped.length ? ` ${say("planning-sittings-skipped", { count: skipped.length })}` : ""));
      }
      await look();
    },
    {
      notice: "sitting-problem",
      fields: { slot_minutes: "sitting_slot", buffer_minutes: "sitting_buffer", quota: "sitting_quota", opens_at: "sitting_opens", closes_at: "sitting_closes", to_day: "sitting_to", from_day: "sitting_from", closes: "sitting_closes" },
    },
  );
}
