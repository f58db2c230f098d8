/**
 * The papers that come with a petition: chosen while the form is filled, sent once there is an audience to keep them with.
 */
import { announce, icon } from "./announce.js";
import { Problem } from "./api.js";
import { byId } from "./controllers.js";
import * as api from "./desk-api.js";
import { upload } from "./upload.js";
import { locale, say } from "./words.js";

const TAKEN = ["application/pdf", "image/jpeg", "image/png"];
const LARGEST = 10 * 1024 * 1024;
const MOST = 8;

const rowTemplate = byId("file-row", HTMLTemplateElement);

/** A list of files with a button that adds to it. */
export class Files {
  #list = document.createElement("ul");
  #problem = document.createElement("p");
  /** Chosen, and not sent yet. @type {Map<HTMLElement, File>} */
  #chosen = new Map();
  /** @type {string | null} */
  #audience = null;

  /** @param {HTMLElement} box the empty element that the list fills */
  constructor(box) {
    this.#list.className = "files";
    this.#problem.className = "field-error";
    this.#problem.hidden = true;
    this.#problem.setAttribute("role", "alert");
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.accept = TAKEN.join(",");
    // The browser's own button speaks the browser's language: ours stands for it.
    input.hidden = true;
    const add = button("", () => input.click());
    add.className = "button";
    add.append(icon("paper-clip"), say("desk-files-add"));
    const hint = document.createElement("p");
    hint.className = "field-hint";
    hint.textContent = say("desk-files-hint");
    const choose = document.createElement("div");
    choose.className = "files-add";
    choose.append(input, add, hint);
    box.replaceChildren(this.#list, choose, this.#problem);
    input.addEventListener("change", () => {
      for (const file of input.files ?? []) this.#add(file);
      input.value = "";
    });
  }

  /** How many wait to be sent. @returns {number} */
  get waiting() {
    return this.#chosen.size;
  }

  /** Nothing chosen, nothing sent. */
  clear() {
    this.#chosen.clear();
    this.#list.replaceChildren();
    this.#audience = null;
    this.#problem.hidden = true;
  }

  /** Takes over what was chosen elsewhere, and sends it to this audience. @param {string} audience @param {Files} [from] @returns {Promise<void>} */
  async send(audience, from) {
    this.#audience = audience;
    for (const file of from ? [...from.#chosen.values()] : []) this.#row(file);
    from?.clear();
    // One after the other: on a slow line the first is there sooner, and what comes next is known.
    for (const [row, file] of [...this.#chosen]) await this.#send(row, file);
  }

  /** Shows what is kept with an audience; what is added goes there. @param {string} audience @throws {Problem} */
  async show(audience) {
    this.clear();
    this.#audience = audience;
    const { attachments } = await api.attachments(audience);
    for (const each of attachments) this.#sent(this.#empty(each.file_name, each.size), each);
  }

  /** @param {File} file */
  #add(file) {
    const wrong = !TAKEN.includes(file.type) ? "desk-file-kind" : file.size > LARGEST ? "desk-file-large" : this.#list.children.length >= MOST ? "desk-file-most" : null;
    this.#problem.hidden = !wrong;
    if (wrong) {
      this.#problem.textContent = say(wrong, { name: file.name });
      return;
    }
    const row = this.#row(file);
    if (this.#audience) void this.#send(row, file);
  }

  /** @param {File} file @returns {HTMLElement} */
  #row(file) {
    const row = this.#empty(file.name, file.size);
    this.#chosen.set(row, file);
    this.#put(row, "state", say("desk-file-chosen"));
    this.#buttons(row, this.#remover(row, file.name, () => this.#chosen.delete(row)));
    return row;
  }

  /** @param {HTMLElement} row @param {File} file */
  async #send(row, file) {
    const audience = this.#audience;
    if (!audience || !this.#chosen.has(row)) return;
    const stopped = new AbortController();
    const bar = row.querySelector("progress");
    if (bar) bar.hidden = false;
    this.#put(row, "state", say("desk-file-sending"));
    this.#buttons(row, this.#remover(row, file.name, () => stopped.abort()));
    try {
      const kept = await upload(
        api.attachmentsOf(audience),
        file,
        (part) => {
          if (bar) bar.value = Math.round(part * 100);
        },
        stopped.signal,
      );
      this.#chosen.delete(row);
      this.#sent(row, kept);
      announce(say("desk-file-kept", { name: file.name }));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (stopped.signal.aborted) return;
      if (bar) bar.hidden = true;
      this.#put(row, "state", problem.text);
      row.dataset.failed = "";
      const again = button(say("desk-file-again"), () => {
        delete row.dataset.failed;
        void this.#send(row, file);
      });
      this.#buttons(row, again, this.#remover(row, file.name, () => this.#chosen.delete(row)));
    }
  }

  /** @param {HTMLElement} row @param {api.Attachment} kept */
  #sent(row, kept) {
    const bar = row.querySelector("progress");
    if (bar) bar.hidden = true;
    this.#put(row, "name", kept.file_name);
    this.#put(row, "state", "");
    const open = document.createElement("a");
    open.className = "button button-quiet";
    open.href = api.attachmentAt(kept.id);
    open.textContent = say("desk-file-open");
    this.#buttons(row, open, this.#remover(row, kept.file_name, () => api.removeAttachment(kept.id)));
  }

  /** @param {string} name @param {number} size @returns {HTMLElement} */
  #empty(name, size) {
    const row = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (rowTemplate.content.cloneNode(true)).firstElementChild);
    this.#put(row, "name", name);
    this.#put(row, "size", sizeOf(size));
    row.querySelector("progress")?.setAttribute("aria-label", name);
    this.#list.append(row);
    return row;
  }

  /** @param {HTMLElement} row @param {string} name @param {() => unknown} remove @returns {HTMLButtonElement} */
  #remover(row, name, remove) {
    const node = button(say("desk-file-remove"), async () => {
      try {
        await remove();
        row.remove();
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        this.#put(row, "state", problem.text);
      }
    });
    node.setAttribute("aria-label", say("desk-file-remove-named", { name }));
    return node;
  }

  /** @param {HTMLElement} row @param {string} part @param {string} text */
  #put(row, part, text) {
    const node = row.querySelector(`[data-part="${part}"]`);
    if (node) node.textContent = text;
  }

  /** @param {HTMLElement} row @param {...HTMLElement} nodes */
  #buttons(row, ...nodes) {
    row.querySelector('[data-part="buttons"]')?.replaceChildren(...nodes);
  }
}

/** @param {number} bytes @returns {string} */
function sizeOf(bytes) {
  const megabytes = bytes / 1024 / 1024;
  const unit = megabytes < 1 ? "kilobyte" : "megabyte";
  const number = megabytes < 1 ? Math.ceil(bytes / 1024) : megabytes;
  const format = { style: /** @type {const} */ ("unit"), unit, unitDisplay: /** @type {const} */ ("short"), maximumFractionDigits: 1 };
  return new Intl.NumberFormat(`${locale}-u-nu-latn`, format).format(number);
}

/** @param {string} text @param {() => unknown} press @returns {HTMLButtonElement} */
function button(text, press) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "button button-quiet";
  node.textContent = text;
  node.addEventListener("click", press);
  return node;
}
