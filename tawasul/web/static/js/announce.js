/**
 * Says things to those who hear the page, and shows short notices that go by themselves.
 */

/** Said when the reader is next idle. @param {string} text */
export function announce(text) {
  speak("announcer", text);
}

/** Said at once: for what cannot wait, such as being called in. @param {string} text */
export function alertNow(text) {
  speak("alerter", text);
}

/** How long a notice stays: long enough to read it twice, and held while pointed at. */
const STAYS_MS = 7000;

/**
 * A notice at the foot of the page, also said aloud.
 * @param {string} text
 * @param {"success" | "danger" | "info"} [kind]
 */
export function toast(text, kind = "success") {
  const toasts = document.getElementById("toasts");
  if (!toasts) return;
  const notice = document.createElement("div");
  notice.className = `toast toast-${kind}`;
  notice.append(icon(kind === "success" ? "check-circle" : kind === "danger" ? "alert" : "info"), text);
  toasts.append(notice);
  (kind === "danger" ? alertNow : announce)(text);
  let timer = setTimeout(() => notice.remove(), STAYS_MS);
  notice.addEventListener("pointerenter", () => clearTimeout(timer));
  notice.addEventListener("pointerleave", () => {
    timer = setTimeout(() => notice.remove(), STAYS_MS / 2);
  });
}

/** One of the page's icons. @param {string} name @returns {SVGSVGElement} */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** @param {string} id @param {string} text */
function speak(id, text) {
  const region = document.getElementById(id);
  if (!region) return;
  // The same sentence twice is read twice only if the region was empty between.
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}
