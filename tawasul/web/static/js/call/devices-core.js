/**
 * Cameras and microphones: what to ask the browser for, and what its refusals mean for people. Pure.
 *
 * @typedef {"camera" | "microphone"} DeviceKind
 * @typedef {{camera: string, microphone: string}} Choice device ids; empty for the browser's own choice
 */

/** @type {Choice} */
export const NO_CHOICE = { camera: "", microphone: "" };

/** 720p is what a face on a large screen needs; the browser lowers it by itself on a narrow line. */
const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } };

/** A room with a loudspeaker: without cancelling the echo the other would hear themselves. */
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };

/**
 * @param {DeviceKind[]} kinds
 * @param {Choice} choice
 * @returns {MediaStreamConstraints}
 */
export function constraintsFor(kinds, choice) {
  // `exact`, since Chromium prefers its default device to an `ideal` one; who asks falls back when the chosen one is gone.
  return {
    audio: kinds.includes("microphone") && { ...SOUND, ...(choice.microphone ? { deviceId: { exact: choice.microphone } } : {}) },
    video: kinds.includes("camera") && { ...PICTURE, ...(choice.camera ? { deviceId: { exact: choice.camera } } : {}) },
  };
}

/**
 * The sentence for a refusal of `getUserMedia`.
 * @param {string} name of the `DOMException`; "insecure" where the browser offers no devices at all
 * @param {DeviceKind} kind
 * @returns {string} an id of the catalogue
 */
export function wordFor(name, kind) {
  const isCamera = kind === "camera";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return isCamera ? "device-camera-not-allowed" : "device-microphone-not-allowed";
    case "NotFoundError":
    case "OverconstrainedError":
      return isCamera ? "device-camera-not-found" : "device-microphone-not-found";
    case "NotReadableError":
    case "AbortError":
      return isCamera ? "device-camera-busy" : "device-microphone-busy";
    case "insecure":
      return "device-insecure";
    default:
      return isCamera ? "device-camera-failed" : "device-microphone-failed";
  }
}

/**
 * @param {MediaDeviceInfo[]} devices
 * @returns {Record<DeviceKind, MediaDeviceInfo[]>}
 */
export function grouped(devices) {
  // Before permission the browser names them with empty ids: nothing to choose from.
  const named = devices.filter((each) => each.deviceId !== "");
  return {
    camera: named.filter((each) => each.kind === "videoinput"),
    microphone: named.filter((each) => each.kind === "audioinput"),
  };
}
