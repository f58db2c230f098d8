/**
 * Working by the keyboard: single keys by their place, so that the Arabic and the English layout do the same; never while typing. They can be
 * turned off (WCAG 2.1.4). A scanner types as a keyboard does: digits that come while nothing is typed into go to the search.
 */

/** @typedef {"find" | "book" | "day" | "help" | "waitlist" | "tasks" | "cases" | "new" | "digit"} Act */

/** @type {Record<string, Act>} */
const ACTS = { Slash: "find", KeyB: "book", KeyD: "day", KeyN: "new" };

/** After G. @type {Record<string, Act>} */
const GOES = { KeyW: "waitlist", KeyT: "tasks", KeyC: "cases", KeyD: "day" };

const G_LASTS_MS = 1500;

const OFF = "tawasul-keys-off";

/**
 * The act of a key, or null when it is none of ours. Pure.
 * @param {{code: string, key: string, ctrlKey: boolean, altKey: boolean, metaKey: boolean, repeat: boolean}} event
 * @param {boolean} afterG whether G was pressed just before
 * @returns {Act | null}
 */
export function actOf({ code, key, ctrlKey, altKey, metaKey, repeat }, afterG) {
  if (ctrlKey || altKey || metaKey || repeat) return null;
  if (key === "?" || key === "؟") return "help";
  if (/^[0-9٠-٩]$/.test(key)) return "digit";
  return (afterG ? GOES[code] : ACTS[code]) ?? null;
}

/**
 * @param {(act: Act) => void} perform
 * @param {() => boolean} back what Escape does; whether it did anything
 */
export function listen(perform, back) {
  let gAt = -Infinity;
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      if (back()) event.preventDefault();
      return;
    }
    if (isTyping(event.target)) return;
    const act = actOf(event, performance.now() - gAt < G_LASTS_MS);
    gAt = event.code === "KeyG" ? performance.now() : -Infinity;
    if (!act || (act !== "digit" && areOff())) return;
    // A digit is typed on: into the search, which has the keyboard by then.
    if (act !== "digit") event.preventDefault();
    perform(act);
  });
}

/** @returns {boolean} */
export function areOff() {
  return localStorage.getItem(OFF) !== null;
}

/** @param {boolean} on */
export function turn(on) {
  if (on) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox])"));
}
