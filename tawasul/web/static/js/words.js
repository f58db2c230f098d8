/**
 * The page's own language: `say` and `dates`, ready when this module is (it waits for the catalogue, which the page preloads).
 */
import { Words } from "./catalogue.js";
import { Dates } from "./dates.js";

export const locale = document.documentElement.lang === "en" ? "en" : "ar";

export const words = new Words(locale, await catalogueText());

export const dates = new Dates(words);

/**
 * A message of the catalogue in the page's language.
 * @param {string} word
 * @param {import("./catalogue.js").Arguments} [values]
 * @returns {string}
 */
export function say(word, values) {
  return words.say(word, values);
}

/**
 * The name in the page's language.
 * @param {{arabic: string, english: string}} name
 * @returns {string}
 */
export function nameOf(name) {
  return locale === "ar" ? name.arabic : name.english;
}

/** @returns {Promise<string>} */
async function catalogueText() {
  const link = document.getElementById("words");
  if (!(link instanceof HTMLLinkElement)) throw new Error("the page names no catalogue");
  const answer = await fetch(link.href);
  if (!answer.ok) throw new Error(`the catalogue answered ${answer.status}`);
  return answer.text();
}
