/**
 * The phrase as people see it: six digits, each with its picture and the picture's name. The same pictures on every screen of the service.
 */
import { icon } from "../announce.js";
import { picturesOf } from "../e2ee/phrase.js";
import { say } from "../words.js";

/** The names of the pictures, as people read them; a symbol is `icon-phrase-<picture>` (`_icons.html`). @type {Record<string, string>} */
const NAMES = {
  palm: "phrase-picture-palm",
  camel: "phrase-picture-camel",
  falcon: "phrase-picture-falcon",
  "coffee-pot": "phrase-picture-coffee-pot",
  lantern: "phrase-picture-lantern",
  tent: "phrase-picture-tent",
  moon: "phrase-picture-moon",
  horse: "phrase-picture-horse",
  key: "phrase-picture-key",
  ship: "phrase-picture-ship",
};

/** @param {HTMLElement} list an `ol` @param {string} phrase six digits; empty for none */
export function showPhrase(list, phrase) {
  if (list.dataset.phrase === phrase) return;
  list.dataset.phrase = phrase;
  const pictures = picturesOf(phrase);
  list.replaceChildren(...[...phrase].map((digit, at) => item(digit, pictures[at])));
}

/** @param {string} digit @param {string} picture */
function item(digit, picture) {
  const number = document.createElement("span");
  number.className = "phrase-number";
  number.textContent = digit;
  const name = document.createElement("span");
  name.className = "phrase-name";
  name.dir = "auto";
  name.textContent = say(NAMES[picture]);
  const element = document.createElement("li");
  element.className = "phrase-digit";
  element.append(number, icon(`phrase-${picture}`), name);
  return element;
}
