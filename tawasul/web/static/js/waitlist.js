/**
 * The waitlist at the desk: in the order of the region, each place with its reasons; open offers with the time that is left to answer them.
 */
import { toast } from "./announce.js";
import { get, post, Problem } from "./api.js";
import { byId } from "./controllers.js";
import { countTasks } from "./desk-nav.js";
import { button, isolated } from "./elements.js";
import { notice } from "./form.js";
import { daysWords, kindWords, pill } from "./labels.js";
import { startLive } from "./live.js";
import { dates, nameOf, say } from "./words.js";

/** @typedef {{id: string, starts_at: string, ends_at: string, expires_at: string, seconds_left: number}} Offer */
/**
 * @typedef {{id: string, citizen: {id: string, name: string, kind: string, national_id_last_four: string, mobile_last_four: string},
 *   venue: "kiosk" | "own-location" | "in-person", centre_id: string | null, from_day: string, to_day: string, subject: string,
 *   joined_at: string, state: string, passed_over: number, position: number | null, why: string[], offer: Offer | null}} Entry
 */

/** @type {Record<string, string>} */
const WHY = {
  rebooked: "waitlist-why-rebooked",
  disabled: "waitlist-why-disabled",
  elderly: "waitlist-why-elderly",
  "travelled-far": "waitlist-why-travelled-far",
  "governorate-behind": "waitlist-why-governorate-behind",
  joined: "waitlist-why-joined",
};

const offered = byId("offered-list", HTMLElement);
const waiting = byId("waiting-list", HTMLElement);
const rowTemplate = byId("entry-row", HTMLTemplateElement);
const sureDialog = byId("sure-dialog", HTMLDialogElement);

/** @type {Map<string, {arabic: string, english: string}>} */
const centres = new Map();
let drawn = "";

/** What the dialog's button does at this moment. */
let meant = async () => {};

byId("sure-confirm", HTMLElement).addEventListener("click", async () => {
  sureDialog.close();
  await meant();
});
startLive((what) => void (what === "tasks" ? countTasks() : look()), ["waitlist", "tasks"]);
setInterval(count, 5000);
void look();
void countTasks();

async function look() {
  try {
    if (!centres.size) for (const centre of (await get("/api/desk/places")).centres) centres.set(centre.id, centre.name);
    draw((await get("/api/desk/waitlist")).entries);
    notice("waitlist-problem");
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    notice("waitlist-problem", problem.text);
  }
}

/** @param {Entry[]} entries */
function draw(entries) {
  // A list that did not change is left alone: nobody's focus is taken away.
  const image = JSON.stringify(entries, (key, value) => (key === "seconds_left" ? undefined : value));
  if (image === drawn) return;
  drawn = image;
  const offers = entries.filter(({ offer }) => offer);
  const others = entries.filter(({ offer }) => !offer);
  const focused = document.activeElement?.closest(".entry")?.getAttribute("data-id");
  offered.replaceChildren(...offers.map(row));
  waiting.replaceChildren(...others.map(row));
  byId("offered", HTMLElement).hidden = offers.length === 0;
  byId("waitlist-empty", HTMLElement).hidden = others.length > 0;
  const again = focused && document.querySelector(`.entry[data-id="${focused}"]`);
  if (again instanceof HTMLElement) (again.querySelector("button") ?? again).focus();
  count();
}

/** @param {Entry} entry @returns {Node} */
function row(entry) {
  const node = /** @type {DocumentFragment} */ (rowTemplate.content.cloneNode(true));
  const item = /** @type {HTMLElement} */ (node.firstElementChild);
  item.dataset.id = entry.id;
  /** @param {string} part @param {...(string | Node)} content */
  const put = (part, ...content) => item.querySelector(`[data-part="${part}"]`)?.replaceChildren(...content);
  put("position", entry.position ? String(entry.position) : "");
  put("name", entry.citizen.name);
  put("id", kindWords(entry.citizen.kind), " · ", say("desk-id-ends"), " ", isolated(entry.citizen.national_id_last_four));
  put("subject", entry.subject);
  put("wish", say("waitlist-wish", { place: placeWords(entry), days: daysWords(entry) }));
  put("why", ...entry.why.map((why) => pill(say(WHY[why] ?? "waitlist-why-joined"), why === "joined" ? "clock" : "info", why === "joined" ? "" : "info")));
  if (entry.offer) put("offer", ...offerWords(entry.offer));
  put("actions", ...actions(entry));
  return node;
}

/** @param {Offer} offer @returns {(string | Node)[]} */
function offerWords(offer) {
  const left = document.createElement("time");
  left.dateTime = offer.expires_at;
  left.className = "entry-left";
  left.dataset.until = String(performance.now() + offer.seconds_left * 1000);
  return [say("waitlist-offer", { day: dates.day(offer.starts_at), time: dates.time(offer.starts_at) }), document.createElement("br"), left];
}

/** How long each offer may still be answered, by what the server says: this device's clock may be wrong. */
function count() {
  for (const left of document.querySelectorAll(".entry-left")) {
    if (!(left instanceof HTMLTimeElement)) continue;
    const seconds = (Number(left.dataset.until) - performance.now()) / 1000;
    left.textContent = seconds > 0 ? say("waitlist-left", { wait: dates.wait(seconds) }) : say("waitlist-lapsing");
  }
}

/** @param {Entry} entry @returns {HTMLElement[]} */
function actions(entry) {
  const { offer } = entry;
  const withdraw = button(say("waitlist-withdraw"), "button-quiet", () =>
    ask("waitlist-withdraw-sure", entry, "waitlist-withdraw", () => step(`waitlist/${entry.id}/withdraw`, "waitlist-withdrawn", entry)),
  );
  if (!offer) return [withdraw];
  return [
    button(say("waitlist-accept"), "button-primary", () => ask("waitlist-accept-sure", entry, "waitlist-accept", () => step(`offers/${offer.id}/accept`, "waitlist-accepted"))),
    button(say("waitlist-decline"), "", () => ask("waitlist-decline-sure", entry, "waitlist-decline", () => step(`offers/${offer.id}/decline`, "waitlist-declined"))),
    withdraw,
  ];
}

/**
 * Asks once more, with the name: what follows is told to a citizen.
 * @param {string} question
 * @param {Entry} entry
 * @param {string} action
 * @param {() => Promise<void>} then
 */
function ask(question, entry, action, then) {
  byId("sure-title", HTMLElement).textContent = say(question);
  byId("sure-text", HTMLElement).textContent = entry.citizen.name;
  byId("sure-confirm", HTMLElement).textContent = say(action);
  meant = then;
  sureDialog.showModal();
}

/** @param {string} path @param {string} word @param {Entry} [undoable] */
async function step(path, word, undoable) {
  try {
    await post(`/api/desk/${path}`);
    const undo = undoable && { text: say("tasks-undo"), press: () => step(`waitlist/${undoable.id}/restore`, "waitlist-restored") };
    toast(say(word), "success", undo);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.text, "danger");
  }
  await look();
}

/** @param {Entry} entry */
function placeWords(entry) {
  if (entry.venue === "own-location") return say("desk-venue-own");
  if (entry.venue === "in-person") return say("booking-place-in-person");
  const name = entry.centre_id && centres.get(entry.centre_id);
  return name ? nameOf(name) : say("booking-place-centre");
}
