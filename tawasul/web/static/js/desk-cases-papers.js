/**
 * The papers of a case at the desk: opened, removed while they have gone nowhere, and added: sent one after the other with how far each is, tried
 * again where the line failed.
 */
import { announce, toast } from "./announce.js";
import { Problem } from "./api.js";
import { casePapers, sizeOf } from "./case-view.js";
import { attachmentAt } from "./desk-api.js";
import * as api from "./desk-cases-api.js";
import { mayRemove } from "./desk-cases-core.js";
import { button, element } from "./elements.js";
import { upload } from "./upload.js";
import { say } from "./words.js";

/** @typedef {import("./case-view.js").CaseDetail} CaseDetail */
/** @typedef {import("./case-view.js").Paper} Paper */

const TAKEN = ["application/pdf", "image/jpeg", "image/png"];
const LARGEST = 10 * 1024 * 1024;

/**
 * All papers of a case, and a button that adds to them while it is open.
 * @param {CaseDetail} given
 * @param {HTMLElement} box where they stand: what is on its way there is not lost when the rest is drawn again
 * @param {() => unknown} changed called when there is one more or less
 * @returns {Node[]}
 */
export function papersOf(given, box, changed) {
  /** @type {Node[]} */
  const content = [];
  /** @param {Paper} paper */
  const more = (paper) => (mayRemove(paper, given) ? [remover(paper, changed)] : []);
  if (given.documents.length) content.push(casePapers(given.documents, ({ id }) => api.paperAt(id), more));
  if (given.attachments.length) content.push(casePapers(given.attachments, ({ id }) => attachmentAt(id)));
  if (!content.length) content.push(element("p", "field-hint", say("desk-cases-papers-none")));
  if (given.state === "closed") return content;
  return [...content, box.querySelector(`[data-case="${given.id}"]`) ?? newAdder(given.id, changed)];
}

/** @param {string} id @param {() => unknown} changed */
function newAdder(id, changed) {
  const adder = paperAdder(api.papersOf(id), changed);
  adder.dataset.case = id;
  return adder;
}

/** @param {Paper} paper @param {() => unknown} changed @returns {HTMLButtonElement} */
function remover(paper, changed) {
  const node = button(say("desk-file-remove"), "button-quiet", async () => {
    // Pressed twice, it goes: it cannot be brought back.
    if (node.dataset.sure === undefined) {
      node.dataset.sure = "";
      node.textContent = say("desk-cases-paper-sure");
      node.removeAttribute("aria-label");
      announce(say("desk-cases-paper-sure"));
      return;
    }
    try {
      await api.removePaper(paper.id);
      toast(say("desk-cases-paper-removed"));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      toast(problem.text, "danger");
    }
    await changed();
  });
  const asBefore = () => {
    delete node.dataset.sure;
    node.textContent = say("desk-file-remove");
    node.setAttribute("aria-label", say("desk-file-remove-named", { name: paper.name }));
  };
  node.addEventListener("blur", asBefore);
  asBefore();
  return node;
}

/**
 * A button that adds papers, with those that are on their way.
 * @param {string} address where a file is sent
 * @param {() => unknown} kept called when one is kept: the list is asked for again
 * @returns {HTMLElement}
 */
function paperAdder(address, kept) {
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
  const name = element("span", "file-name", element("bdi", "", file.name));
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
