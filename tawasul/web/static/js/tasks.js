/**
 * What needs a person at this desk: taken on by somebody, done, and taken back where that was a slip. It follows what changes without reloading.
 */
import { toast } from "./announce.js";
import { get, post, Problem } from "./api.js";
import { byId } from "./controllers.js";
import { countTasks } from "./desk-nav.js";
import { button, isolated } from "./elements.js";
import { attempt, notice } from "./form.js";
import { pill } from "./labels.js";
import { startLive } from "./live.js";
import { dates, say } from "./words.js";

/**
 * @typedef {{id: string, kind: string, made_at: string, due_at: string, overdue: boolean, done_at: string | null,
 *   owner: {id: string, name: string, me: boolean} | null, audience: {id: string, reference: string, slot_starts_at: string} | null,
 *   citizen: {id: string, name: string, mobile: string} | null, case_id: string | null, note: string | null, version: number}} Task
 */

/** @type {Record<string, string>} */
const KINDS = {
  "tell-of-new-time": "task-tell-of-new-time",
  "find-a-time": "task-find-a-time",
  "tell-of-offer": "task-tell-of-offer",
  "tell-of-cancellation": "task-tell-of-cancellation",
  "message-failed": "task-message-failed",
  "check-proof": "task-check-proof",
  "plan-home-visit": "task-plan-home-visit",
  ratify: "task-ratify",
  "answer-question": "task-answer-question",
  "case-overdue": "task-case-overdue",
};

const list = byId("tasks-list", HTMLElement);
const doneList = byId("done-list", HTMLElement);
const filter = byId("tasks-filter", HTMLFieldSetElement);
const rowTemplate = byId("task-row", HTMLTemplateElement);
const dialog = byId("done-dialog", HTMLDialogElement);
const note = byId("done-note", HTMLTextAreaElement);

/** @type {{tasks: Task[], done: Task[]}} */
let present = { tasks: [], done: [] };
let drawn = "";

/** The task that the dialog is about. @type {Task | null} */
let finishing = null;

filter.addEventListener("change", () => draw());
byId("done-confirm", HTMLElement).addEventListener("click", (event) => finish(/** @type {Element} */ (event.currentTarget)));
startLive(() => void look(), ["tasks"]);
void look();

async function look() {
  try {
    present = await get("/api/desk/tasks");
    notice("tasks-problem");
    draw();
    void countTasks();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    notice("tasks-problem", problem.text);
  }
}

function draw() {
  const show = filter.querySelector("input:checked");
  const mine = show instanceof HTMLInputElement && show.value === "mine";
  const tasks = present.tasks.filter((task) => !mine || task.owner?.me).sort(byUrgency);
  byId("tasks-empty", HTMLElement).hidden = tasks.length > 0;
  byId("done", HTMLElement).hidden = present.done.length === 0;
  byId("done-count", HTMLElement).textContent = String(present.done.length);
  // A list that did not change is left alone: nobody's focus is taken away.
  const image = JSON.stringify([tasks, present.done]);
  if (image === drawn) return;
  drawn = image;
  const focused = document.activeElement?.closest(".task")?.getAttribute("data-id");
  list.replaceChildren(...tasks.map(row));
  doneList.replaceChildren(...present.done.map(row));
  const again = focused && document.querySelector(`.task[data-id="${focused}"]`);
  if (again instanceof HTMLElement) (again.querySelector("button") ?? again).focus();
}

/** What is overdue first, then by when it is due. @param {Task} one @param {Task} other */
function byUrgency(one, other) {
  return one.due_at.localeCompare(other.due_at);
}

/** @param {Task} task @returns {Node} */
function row(task) {
  const node = /** @type {DocumentFragment} */ (rowTemplate.content.cloneNode(true));
  const item = /** @type {HTMLElement} */ (node.firstElementChild);
  item.dataset.id = task.id;
  item.toggleAttribute("data-overdue", task.overdue);
  /** @param {string} part @param {...(string | Node)} content */
  const put = (part, ...content) => item.querySelector(`[data-part="${part}"]`)?.replaceChildren(...content);
  put("what", say(KINDS[task.kind] ?? "tasks-title"));
  put("why", ...(task.audience ? [when(task.audience), " · ", isolated(task.audience.reference)] : []), ...(task.note ? [" · ", task.note] : []));
  put("whom", ...(task.citizen ? [task.citizen.name, " ", call(task.citizen.mobile)] : []));
  put("due", dueWords(task));
  put("owner", task.owner ? say(task.owner.me ? "tasks-owner-me" : "tasks-owner", { name: task.owner.name }) : say("tasks-owner-none"));
  put("actions", ...actions(task));
  return node;
}

/** @param {Task} task @returns {Node | string} */
function dueWords(task) {
  if (task.done_at) return say("tasks-done-at", { time: dates.time(task.done_at) });
  if (task.overdue) return pill(say("tasks-overdue"), "alert", "danger");
  return say("tasks-due", { day: dates.weekday(task.due_at), time: dates.time(task.due_at) });
}

/** @param {{slot_starts_at: string}} audience */
function when(audience) {
  return say("tasks-when", { day: dates.day(audience.slot_starts_at), time: dates.time(audience.slot_starts_at) });
}

/** @param {Task} task @returns {HTMLElement[]} */
function actions(task) {
  const opener = task.case_id ? [caseLink(task.case_id)] : [];
  if (task.done_at) return [...opener, button(say("tasks-undo"), "", () => step(task, "undone", "tasks-undone"))];
  const done = button(say("tasks-done"), opener.length ? "" : "button-primary", () => ask(task));
  if (!task.owner) return [...opener, button(say("tasks-take"), "", () => step(task, "take", "tasks-taken")), done];
  return task.owner.me ? [...opener, done, button(say("tasks-release"), "", () => step(task, "release", "tasks-released"))] : opener;
}

/** Where it is done: once the case has gone on, its task goes away by itself. @param {string} id */
function caseLink(id) {
  const link = document.createElement("a");
  link.className = "button button-primary";
  link.href = `/desk/cases#${id}`;
  link.textContent = say("tasks-open-case");
  return link;
}

/** @param {Task} task @param {"take" | "release" | "undone"} name @param {string} word */
async function step(task, name, word) {
  try {
    await post(`/api/desk/tasks/${task.id}/${name}`);
    toast(say(word));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.text, "danger");
  }
  await look();
}

/** @param {Task} task */
function ask(task) {
  // Who closed the dialog by a slip finds the note as it was.
  if (finishing?.id !== task.id) note.value = "";
  finishing = task;
  notice("done-problem");
  byId("done-text", HTMLElement).textContent = say(KINDS[task.kind] ?? "tasks-title");
  dialog.showModal();
}

/** @param {Element} pressed */
async function finish(pressed) {
  const task = finishing;
  if (!task) return;
  await attempt(
    pressed,
    async () => {
      await post(`/api/desk/tasks/${task.id}/done`, { note: note.value.trim() || null });
      dialog.close();
      finishing = null;
      toast(say("tasks-was-done"), "success", { text: say("tasks-undo"), press: () => step(task, "undone", "tasks-undone") });
    },
    { notice: "done-problem", fields: { note: "done-note" } },
  );
  await look();
}

/** A number to call, which a telephone can. @param {string} mobile E.164 */
function call(mobile) {
  const link = document.createElement("a");
  link.href = `tel:${mobile}`;
  link.className = "task-call";
  link.append(isolated(mobile.replace(/^\+966/, "0")));
  return link;
}
