/**
 * Whether the person has done something since: what moved the keyboard in the meantime was then them, and not a list that drew itself anew.
 */
let presses = 0;

// A click too: who has a page read to them presses by a program of their own, which may give no other sign.
for (const sign of ["keydown", "pointerdown", "click"]) addEventListener(sign, () => (presses += 1), { capture: true, passive: true });

/** How often a key or the page was pressed up to now. @returns {number} */
export function pressed() {
  return presses;
}
