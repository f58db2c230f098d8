/**
 * Adding papers to a case: chosen, sent one after the other with how far each is, tried again where the line failed.
 */
import { announce } from "./announce.js";
import { Problem } from "./api.js";
import { sizeOf } from "./case-view.js";
import { button, element } from "./elements.js";
import { upload } from "./upload.js";
import { say } from "./words.js";

const TAKEN = ["application/pdf", "image/jpeg", "image/png"];
const LARGEST = 10 * 1024 * 1024;

/**
 * A button that adds papers, with those that are on their way.
 * @param {string} address where a file is sent
 * @param {() => unknown} kept called when one is kept: the list is asked for again
 * @returns {HTMLElement}
 */
export function paperAdder(address, kept) {
  const list = element("ul", "files");
  const problem = element("p", "field-error");
  problem.hidden = true;
  problem.setAttribute("role", "alert");
  const input = element("input", "");
  input.type = "file";
  input.multiple = true;
  input.accept = TAKEN.join(",");
  // The browser's own button speaks the browser's language: ours stands for it.
  input.hidden = true;
  const add = button(say("desk-files-add"), "", () => input.click(), "paper-clip");
  input.addEventListener("change", async () => {
    const chosen = [...(input.files ?? [])];
    input.value = "";
    problem.hidden = true;
    for (const file of chosen) {
      const wrong = wrongWith(file);
      if (wrong) {
        problem.textContent = say(wrong, { name: file.name });
        problem.hidden = false;
      } else {
        await send(address, file, list, kept);
      }
    }
  });
  const hint = element("p", "field-hint", say("desk-cases-papers-hint"));
  return element("div", "case-papers-add", list, element("div", "files-add", input, add, hint), problem);
}

/** What the page can say without sending it. @param {File} file @returns {string | null} */
function wrongWith(file) {
  if (!TAKEN.includes(file.type)) return "desk-file-kind";
  return file.size > LARGEST ? "desk-file-large" : null;
}

/** @param {string} address @param {File} file @param {HTMLElement} list @param {() => unknown} kept */
async function send(address, file, list, kept) {
  const name = element("span", "file-name", file.name);
  name.dir = "auto";
  const bar = element("progress", "file-progress");
  bar.max = 100;
  bar.setAttribute("aria-label", file.name);
  const state = element("span", "file-state");
  const buttons = element("span", "file-buttons");
  const row = element("li", "file", name, element("span", "file-size number", sizeOf(file.size)), bar, state, buttons);
  list.append(row);
  await attempt();

  async function attempt() {
    const stopped = new AbortController();
    delete row.dataset.failed;
    bar.hidden = false;
    bar.value = 0;
    state.textContent = say("desk-file-sending");
    buttons.replaceChildren(
      removing(() => {
        stopped.abort();
        row.remove();
      }),
    );
    try {
      await upload(address, file, (part) => (bar.value = Math.round(part * 100)), stopped.signal);
      row.remove();
      announce(say("desk-file-kept", { name: file.name }));
      await kept();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (stopped.signal.aborted) return;
      bar.hidden = true;
      row.dataset.failed = "";
      state.textContent = problem.text;
      announce(problem.text);
      buttons.replaceChildren(button(say("desk-file-again"), "button-quiet", attempt), removing(() => row.remove()));
    }
  }

  /** @param {() => void} press */
  function removing(press) {
    const node = button(say("desk-file-remove"), "button-quiet", press);
    node.setAttribute("aria-label", say("desk-file-remove-named", { name: file.name }));
    return node;
  }
}
