/**
 * One small controller a behaviour: an element says `data-controller="name"`, and the class registered under that name is made for it.
 * Several names may stand with spaces between.
 */

/** @typedef {new (element: HTMLElement) => object} Controller */

/** @type {Map<string, Controller>} */
const known = new Map();

/** @type {WeakMap<HTMLElement, Map<string, object>>} */
const made = new WeakMap();

/**
 * Registers a controller and makes it for every element on the page that names it.
 * @param {string} name
 * @param {Controller} controller
 */
export function register(name, controller) {
  known.set(name, controller);
  connect(document, name);
}

/**
 * Makes the controllers of elements that were added later, such as a clone of a template.
 * @param {ParentNode} root
 * @param {string} [only] the one name to look for
 */
export function connect(root, only) {
  const selector = only ? `[data-controller~="${only}"]` : "[data-controller]";
  for (const element of root.querySelectorAll(selector)) {
    if (!(element instanceof HTMLElement)) continue;
    for (const name of (element.dataset.controller ?? "").split(/\s+/)) {
      const controller = known.get(name);
      if (!controller || (only && name !== only)) continue;
      const mine = made.get(element) ?? new Map();
      made.set(element, mine);
      if (!mine.has(name)) mine.set(name, new controller(element));
    }
  }
}

/**
 * The element with this id, of this kind.
 * @template {Element} T
 * @param {string} id
 * @param {new (...given: any[]) => T} kind
 * @returns {T}
 * @throws {Error} when the page has none: a fault of the template
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`the page has no ${kind.name} #${id}`);
}
