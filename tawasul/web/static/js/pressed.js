/**
 * Whether the person has done something since: what moved the keyboard in the meantime was then them, and not a list that drew itself anew. And
 * whether they are just pressing something: what goes away between press and release has not been pressed.
 */
let presses = 0;

// A click too: who has a page read to them presses by a program of their own, which may give no other sign.
for (const sign of ["keydown", "pointerdown", "click"]) addEventListener(sign, () => (presses += 1), { capture: true, passive: true });

/** How often a key or the page was pressed up to now. @returns {number} */
export function pressed() {
  return presses;
}

/** Milliseconds after which a press counts as let go, whatever became of it. */
const LONGEST_PRESS = 2000;

/** @type {ReturnType<typeof setTimeout> | undefined} */ let held;
/** @type {Set<() => void>} */ const waiting = new Set();

addEventListener("pointerdown", () => letGoAfter(LONGEST_PRESS), { capture: true, passive: true });
// The click comes after the release, and before anything that is put off until then.
for (const sign of ["pointerup", "pointercancel"]) addEventListener(sign, () => held && letGoAfter(0), { capture: true, passive: true });

/** Draws now, or once what is being pressed has been let go. @param {() => void} draw a thing that is drawn once, however often it was to be */
export function whenLetGo(draw) {
  if (held) waiting.add(draw);
  else draw();
}

/** @param {number} milliseconds */
function letGoAfter(milliseconds) {
  clearTimeout(held);
  held = setTimeout(() => {
    held = undefined;
    const drawings = [...waiting];
    waiting.clear();
    for (const draw of drawings) draw();
  }, milliseconds);
}
