/**
 * After the call, on the citizen's own device: what was directed, for them to say that it is so; the number of their case; what they were spared.
 *
 * The case follows its audience within moments, and the office may write a directive anew: until nothing more is to come the page asks again,
 * sooner at first, and only while it is looked at.
 */
import { alertNow } from "./announce.js";
import { get, post, Problem } from "./api.js";
import { byId } from "./controllers.js";
import { DirectiveAsk } from "./directive-ask.js";
import { notice } from "./form.js";
import { nameOf, say } from "./words.js";

/** @typedef {import("./track-case.js").Directive} Directive */
/** @typedef {{number: string | null, directive: Directive | null, asked: boolean, kilometres: number | null}} After */

const FIRST_MS = 2_000;
const LONGEST_MS = 20_000;

/** A trip of the town is no journey. */
const FAR_KM = 10;

export class OwnDirective {
  #ask;
  #waits = FIRST_MS;
  #asked = "";
  #follows = false;
  #directed = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  constructor() {
    this.#ask = new DirectiveAsk({
      ratify: async (id) => {
        await post("/api/own/directive/ratify", { directive_id: id });
        await this.#look();
      },
      correct: async (id, words) => {
        await post("/api/own/directive/correct", { directive_id: id, words });
        await this.#look();
      },
      settled: async () => {
        await this.#look();
        if (byId("after-note", HTMLElement).hidden) notice("after-note", say("directive-settled"));
      },
    });
    document.addEventListener("visibilitychange", () => this.#follows && !document.hidden && this.#again(0));
  }

  /** From when the outcome is written. @param {boolean} directed whether something was, as far as is known */
  follow(directed) {
    if (this.#follows) return;
    this.#follows = true;
    this.#directed = directed;
    this.#again(0);
  }

  async #look() {
    this.#show(await get("/api/own/directive"));
  }

  /** @param {After} after */
  #show(after) {
    const { directive, asked, number, kilometres } = after;
    this.#ask.show(asked ? directive : null);
    if (asked && directive && this.#asked !== directive.id) {
      this.#asked = directive.id;
      this.#waits = FIRST_MS;
      notice("after-note");
      alertNow(`${say("directive-title")}. ${directive.wording}`);
    }
    if (directive?.state === "ratified") notice("after-note", say("directive-ratified", { agency: nameOf(directive.agency) }));
    else if (directive?.state === "corrected") notice("after-note", say("directive-corrected"));
    const isSettled = !asked && (directive?.state === "ratified" || (!this.#directed && number !== null));
    write("after-number", number ? say("after-number", { number }) : "");
    byId("after-track", HTMLElement).hidden = number === null;
    // One number to keep is enough: the case's.
    byId("thanks-keep", HTMLElement).hidden = number !== null;
    write("after-spared", isSettled && kilometres !== null && kilometres >= FAR_KM ? say("after-spared", { kilometres }) : "");
    if (isSettled) this.#follows = false;
  }

  /** @param {number} milliseconds */
  #again(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      if (document.hidden) return;
      try {
        await this.#look();
      } catch (problem) {
        // The line may be down, or the sign-in over: what was said stays, and it is asked again.
        if (!(problem instanceof Problem)) throw problem;
      }
      if (!this.#follows) return;
      this.#again(this.#waits);
      this.#waits = Math.min(LONGEST_MS, this.#waits * 1.5);
    }, milliseconds);
  }
}

/** @param {string} id @param {string} text */
function write(id, text) {
  const element = byId(id, HTMLElement);
  element.textContent = text;
  element.hidden = text === "";
}
