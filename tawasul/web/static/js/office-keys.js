/**
 * Working by the keyboard: one key an act, by the key's place, so that the Arabic and the English layout do the same. Never while typing.
 */

/** @typedef {"next" | "sound" | "picture" | "directive" | "card" | "end" | "help"} Act */

/** @type {Record<string, Act>} */
const ACTS = { KeyN: "next", KeyM: "sound", KeyV: "picture", KeyD: "directive", KeyC: "card", KeyE: "end" };

/**
 * The act of a key, or null when it is none of ours. Pure.
 * @param {{code: string, key: string, ctrlKey: boolean, altKey: boolean, metaKey: boolean, repeat: boolean}} event
 * @returns {Act | null}
 */
export function actOf({ code, key, ctrlKey, altKey, metaKey, repeat }) {
  if (ctrlKey || altKey || metaKey || repeat) return null;
  if (key === "?" || key === "؟") return "help";
  return ACTS[code] ?? null;
}

/** @param {(act: Act) => void} perform */
export function listen(perform) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const act = actOf(event);
    if (!act) return;
    event.preventDefault();
    perform(act);
  });
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
