/**
 * The parts that the stage adds to its template, and how it writes.
 */
import { icon } from "../announce.js";
import { byId } from "../controllers.js";
import { say } from "../words.js";

/** A second element of the same look, where the next attempt's picture gets ready unseen. @param {HTMLVideoElement} video */
export function spareFor(video) {
  const spare = /** @type {HTMLVideoElement} */ (video.cloneNode(false));
  spare.removeAttribute("id");
  spare.hidden = true;
  video.after(spare);
  return spare;
}

/** Plays the sound where the browser wants a touch first; hidden until then. */
export function unlockButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.id = "unlock-sound";
  button.className = "control";
  button.hidden = true;
  const face = document.createElement("span");
  face.className = "control-face";
  face.append(icon("speaker"), say("call-unlock-sound"));
  button.append(face);
  byId("controls", HTMLElement).prepend(button);
  return button;
}

/** @param {string} id @param {string} text */
export function write(id, text) {
  const element = byId(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}
