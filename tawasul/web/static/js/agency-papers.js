/**
 * The papers that go with the answer: sent as soon as they are chosen, with how far each is; what is refused says why and can be taken away.
 */
import { announce, icon } from "./announce.js";
import { Problem, request } from "./api.js";
import { sizeOf } from "./case-view.js";
import { byId } from "./controllers.js";
import { button, element } from "./elements.js";
import { upload } from "./upload.js";
import { say } from "./words.js";

/** @typedef {import("./case-view.js").Paper} Paper */

const TAKEN = ["application/pdf", "image/jpeg", "image/png"];
const LARGEST = 10 * 1024 * 1024;
const MOST = 8;

const template = byId("paper-row", HTMLTemplateElement);

/** A list of papers with a button that adds to it. */
export class Papers {
  #list = element("ul", "files");
  #problem = element("p", "field-error");
  #hint = element("p", "field-hint", say("agency-papers-hint"));
  #case = "";
  /** On their way, each with what stops it. @type {Set<AbortController>} */
  #going = new Set();
  /** Kept by the server. @type {Map<HTMLElement, Paper>} */
  #kept = new Map();

  /** @param {HTMLElement} box the empty element that the list fills */
  constructor(box) {
    this.#problem.hidden = true;
    this.#problem.setAttribute("role", "alert");
    const input = element("input", "");
    input.type = "file";
    input.id = "papers-input";
    input.multiple = true;
    input.accept = TAKEN.join(",");
    // The browser's own button speaks the browser's language: ours stands for it.
    input.hidden = true;
    const add = button(say("agency-papers-add"), "", () => input.click(), "paper-clip");
    add.id = "papers-add";
    this.#hint.id = "papers-hint";
    add.setAttribute("aria-describedby", this.#hint.id);
    box.replaceChildren(this.#list, element("div", "files-add", input, add, this.#hint), this.#problem);
    input.addEventListener("change", () => {
      for (const file of input.files ?? []) void this.#add(file);
      input.value = "";
    });
  }

  /** Whether some are still being sent. @returns {boolean} */
  get going() {
    return this.#going.size > 0;
  }

  /** Their names, as the citizen sees them. @returns {string[]} */
  get names() {
    return [...this.#kept.values()].map((each) => each.name);
  }

  /** Those of a case. @param {string} id @param {readonly Paper[]} papers @param {(paper: Paper) => boolean} mayRemove */
  show(id, papers, mayRemove) {
    // What is on its way to this case stays on its way.
    if (id === this.#case && this.going) return;
    this.stop();
    this.#case = id;
    this.#problem.hidden = true;
    this.#list.replaceChildren();
    for (const each of papers) this.#keep(this.#row(each.name, each.size), each, mayRemove(each));
  }

  /** Nothing more is sent. */
  stop() {
    for (const each of this.#going) each.abort();
    this.#going.clear();
    this.#kept.clear();
    this.#case = "";
  }

  /** @param {File} file */
  async #add(file) {
    const wrong = !TAKEN.includes(file.type) ? "agency-paper-kind" : file.size > LARGEST ? "agency-paper-large" : this.#list.children.length >= MOST ? "agency-paper-most" : null;
    this.#problem.hidden = !wrong;
    if (wrong) {
      this.#problem.replaceChildren(icon("alert"), say(wrong, { name: file.name }));
      return;
    }
    await this.#send(this.#row(file.name, file.size), file);
  }

  /** @param {HTMLElement} row @param {File} file */
  async #send(row, file) {
    const id = this.#case;
    const stopped = new AbortController();
    this.#going.add(stopped);
    const bar = /** @type {HTMLProgressElement} */ (row.querySelector("progress"));
    bar.hidden = false;
    bar.value = 0;
    delete row.dataset.failed;
    put(row, "state", say("agency-paper-sending"));
    buttons(row, button(say("agency-paper-stop"), "button-quiet", () => stopped.abort()));
    try {
      const address = `/api/agency/cases/${encodeURIComponent(id)}/documents`;
      const kept = await upload(address, file, (part) => (bar.value = Math.round(part * 100)), stopped.signal);
      if (id !== this.#case) return;
      this.#keep(row, kept);
      announce(say("agency-paper-kept", { name: kept.name }));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (stopped.signal.aborted) {
        row.remove();
        return;
      }
      bar.hidden = true;
      row.dataset.failed = problem.code;
      const words = element("span", "", problem.text);
      words.setAttribute("role", "alert");
      put(row, "state", words);
      const again = button(say("agency-paper-again"), "button-quiet", () => void this.#send(row, file));
      // What is wrong with the file itself is no better the second time.
      buttons(row, ...(problem.status === 422 ? [] : [again]), this.#remover(row, file.name, async () => {}));
    } finally {
      this.#going.delete(stopped);
    }
  }

  /** @param {HTMLElement} row @param {Paper} kept @param {boolean} [removable] */
  #keep(row, kept, removable = true) {
    this.#kept.set(row, kept);
    /** @type {HTMLElement} */ (row.querySelector("progress")).hidden = true;
    row.dataset.id = kept.id;
    put(row, "name", kept.name);
    put(row, "size", sizeOf(kept.size));
    put(row, "state", "");
    const open = element("a", "button button-quiet", say("case-paper-open"));
    open.href = `/api/agency/cases/documents/${kept.id}`;
    open.setAttribute("aria-label", say("case-paper-open-named", { name: kept.name }));
    const remove = async () => {
      await request("DELETE", open.href);
      this.#kept.delete(row);
      announce(say("agency-paper-removed", { name: kept.name }));
    };
    buttons(row, open, ...(removable ? [this.#remover(row, kept.name, remove)] : []));
  }

  /** @param {string} name @param {number} size @returns {HTMLElement} */
  #row(name, size) {
    const row = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
    put(row, "name", name);
    put(row, "size", sizeOf(size));
    row.querySelector("progress")?.setAttribute("aria-label", name);
    this.#list.append(row);
    return row;
  }

  /** @param {HTMLElement} row @param {string} name @param {() => Promise<void>} remove @returns {HTMLButtonElement} */
  #remover(row, name, remove) {
    const node = button(say("agency-paper-remove"), "button-quiet", async () => {
      try {
        await remove();
        row.remove();
        document.getElementById("papers-add")?.focus();
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        put(row, "state", problem.text);
      }
    });
    node.setAttribute("aria-label", say("agency-paper-remove-named", { name }));
    return node;
  }
}

/** @param {HTMLElement} row @param {string} part @param {string | Node} content */
function put(row, part, content) {
  row.querySelector(`[data-part="${part}"]`)?.replaceChildren(content);
}

/** @param {HTMLElement} row @param {...HTMLElement} nodes */
function buttons(row, ...nodes) {
  row.querySelector('[data-part="buttons"]')?.replaceChildren(...nodes);
}
