/**
 * The count of open tasks in the desk's navigation.
 */
import { Problem, get } from "./api.js";
import { byId } from "./controllers.js";
import { say } from "./words.js";

/** Asks how many tasks are open, and shows it. A count that cannot be had is left as it was: the page beside it tells of the line. */
export async function countTasks() {
  let open;
  try {
    ({ tasks: open } = await get("/api/desk/tasks"));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return;
  }
  const count = byId("nav-tasks-count", HTMLElement);
  count.hidden = open.length === 0;
  count.textContent = String(open.length);
  byId("nav-tasks-heard", HTMLElement).textContent = open.length ? say("desk-nav-tasks-open", { count: open.length }) : "";
}
