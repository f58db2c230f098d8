/**
 * The choice of camera and microphone, kept true as devices are plugged in and out.
 */
import { byId } from "./controllers.js";
import { say } from "./words.js";

/** @import { Capture } from "./call/devices.js" @import { DeviceKind } from "./call/devices-core.js" */

/** @type {[DeviceKind, string][]} */
const CHOICES = [
  ["camera", "camera-choice"],
  ["microphone", "microphone-choice"],
];

/** @type {WeakSet<HTMLSelectElement>} */
const listening = new WeakSet();

/** @param {Capture} capture */
export async function fillChoices(capture) {
  const devices = await capture.devices();
  for (const [kind, id] of CHOICES) {
    const select = byId(id, HTMLSelectElement);
    fill(select, devices[kind], inUse(capture, kind));
    if (listening.has(select)) continue;
    listening.add(select);
    select.addEventListener("change", () => capture.choose({ [kind]: select.value }));
  }
}

/** @param {HTMLSelectElement} select @param {MediaDeviceInfo[]} devices @param {string} chosen */
function fill(select, devices, chosen) {
  select.disabled = devices.length < 2;
  const options = devices.map(({ deviceId, label }, at) => new Option(label || say("device-unnamed", { number: at + 1 }), deviceId));
  select.replaceChildren(...options);
  select.value = chosen;
}

/** @param {Capture} capture @param {DeviceKind} kind */
function inUse(capture, kind) {
  const tracks = kind === "camera" ? capture.stream.getVideoTracks() : capture.stream.getAudioTracks();
  return tracks[0]?.getSettings().deviceId ?? capture.choice[kind];
}
