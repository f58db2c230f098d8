/**
 * Small elements that lists are made of.
 */
import { icon } from "./announce.js";

/**
 * A button.
 * @param {string} text
 * @param {string} kind further classes, such as `button-primary`
 * @param {() => unknown} press
 * @param {string} [symbol] one of the page's icons
 * @returns {HTMLButtonElement}
 */
export function button(text, kind, press, symbol) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = `button ${kind}`.trim();
  if (symbol) node.append(icon(symbol), " ");
  node.append(text);
  node.addEventListener("click", press);
  return node;
}

/** A number that keeps its own direction. @param {string} text @returns {HTMLElement} */
export function isolated(text) {
  const part = document.createElement("bdi");
  part.className = "number";
  part.textContent = text;
  return part;
}

/**
 * An element with a class and content.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} kind
 * @param {...(string | Node)} content
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, kind, ...content) {
  const node = document.createElement(tag);
  if (kind) node.className = kind;
  node.append(...content);
  return node;
}

/** A bare day has no hour: at noon in Riyadh it is that day wherever it is shown. @param {string} day YYYY-MM-DD */
export function noon(day) {
  return `${day}T09:00:00Z`;
}

/** Choices of a select. @param {HTMLSelectElement} select @param {[string, string][]} choices values and words */
export function addChoices(select, choices) {
  select.append(...choices.map(([value, text]) => new Option(text, value)));
}
