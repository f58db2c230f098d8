/**
 * Choosing among buttons by the arrow keys: one of them is in the order of Tab, the arrows move between them as they stand on the page,
 * Enter or Space presses. (ARIA Authoring Practices, radio group in a toolbar: moving does not choose.)
 */

/** @typedef {{start: number, top: number}} Spot where an item stands: from the side where reading begins, and from above */

/**
 * The index to go to, or null when the key is none of ours. Pure.
 * @param {string} key
 * @param {number} at
 * @param {readonly Spot[]} spots in the order of reading
 * @param {boolean} rightToLeft
 * @returns {number | null}
 */
export function goTo(key, at, spots, rightToLeft) {
  const forwards = rightToLeft ? "ArrowLeft" : "ArrowRight";
  const backwards = rightToLeft ? "ArrowRight" : "ArrowLeft";
  if (key === "Home") return 0;
  if (key === "End") return spots.length - 1;
  if (key === forwards) return Math.min(at + 1, spots.length - 1);
  if (key === backwards) return Math.max(at - 1, 0);
  if (key === "ArrowDown" || key === "ArrowUp") return inNextRow(key === "ArrowDown" ? 1 : -1, at, spots);
  return null;
}

/**
 * Makes the items of a container one stop of Tab.
 * @param {HTMLElement} container
 * @param {string} selector of the items, which come and go
 * @param {(item: HTMLElement) => void} [arrived] called when the arrows came to an item
 */
export function rove(container, selector, arrived = () => {}) {
  container.addEventListener("keydown", (event) => {
    const items = all(container, selector);
    const at = items.findIndex((item) => item === document.activeElement);
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = goTo(event.key, at, items.map(spotOf), document.documentElement.dir === "rtl");
    if (next === null) return;
    event.preventDefault();
    items[next].focus();
    arrived(items[next]);
  });
  container.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLElement && event.target.matches(selector)) settle(container, selector, event.target);
  });
}

/** Leaves one item in the order of Tab: this, or the one that is chosen, or the first. @param {HTMLElement} container @param {string} selector @param {HTMLElement} [item] */
export function settle(container, selector, item) {
  const items = all(container, selector);
  const stays = item ?? items.find((each) => each.getAttribute("aria-checked") === "true") ?? items[0];
  for (const each of items) each.tabIndex = each === stays ? 0 : -1;
}

/** @param {1 | -1} step @param {number} at @param {readonly Spot[]} spots @returns {number} */
function inNextRow(step, at, spots) {
  const here = spots[at];
  const beyond = spots.filter((spot) => (spot.top - here.top) * step > 1);
  if (beyond.length === 0) return at;
  const row = beyond.reduce((nearest, spot) => ((spot.top - nearest) * step < 0 ? spot.top : nearest), beyond[0].top);
  const inRow = beyond.filter((spot) => Math.abs(spot.top - row) <= 1);
  const best = inRow.reduce((nearest, spot) => (Math.abs(spot.start - here.start) < Math.abs(nearest.start - here.start) ? spot : nearest));
  return spots.indexOf(best);
}

/** @param {HTMLElement} item @returns {Spot} */
function spotOf(item) {
  const { x, y } = item.getBoundingClientRect();
  return { start: x, top: y };
}

/** @param {HTMLElement} container @param {string} selector @returns {HTMLElement[]} */
function all(container, selector) {
  return /** @type {HTMLElement[]} */ ([...container.querySelectorAll(selector)]);
}
