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

/** One with a button stays longer: a hand has to come to it. What it does can be done elsewhere on the page too. */
const STAYS_WITH_BUTTON_MS = 20000;

/**
 * A notice at the foot of the page, also said aloud.
 * @param {string} text
 * @param {"success" | "danger" | "info"} [kind]
 * @param {{text: string, press: () => unknown}} [button] such as "undo"
 */
export function toast(text, kind = "success", button) {
  const toasts = document.getElementById("toasts");
  if (!toasts) return;
  const notice = document.createElement("div");
  notice.className = `toast toast-${kind}`;
  notice.append(icon(kind === "success" ? "check-circle" : kind === "danger" ? "alert" : "info"), text);
  toasts.append(notice);
  (kind === "danger" ? alertNow : announce)(text);
  if (button) notice.append(pressable(button, notice));
  const stays = button ? STAYS_WITH_BUTTON_MS : STAYS_MS;
  let timer = setTimeout(() => notice.remove(), stays);
  const hold = () => clearTimeout(timer);
  const letGo = () => {
    timer = setTimeout(() => notice.remove(), stays / 2);
  };
  notice.addEventListener("pointerenter", hold);
  notice.addEventListener("focusin", hold);
  notice.addEventListener("pointerleave", letGo);
  notice.addEventListener("focusout", letGo);
}

/** @param {{text: string, press: () => unknown}} button @param {HTMLElement} notice @returns {HTMLButtonElement} */
function pressable(button, notice) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "button toast-button";
  node.textContent = button.text;
  node.addEventListener("click", () => {
    notice.remove();
    button.press();
  });
  return node;
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
