/**
 * Reads a QR code by the camera, where the browser itself can (Shape Detection API, `BarcodeDetector`).
 */

/** @typedef {{detect: (from: HTMLVideoElement) => Promise<{rawValue: string}[]>}} Detector */
/** @typedef {{new (how: {formats: string[]}): Detector, getSupportedFormats: () => Promise<string[]>}} Detectors */

const LOOK_EVERY_MS = 150;
const FORMAT = "qr_code";
const detectors = /** @type {{BarcodeDetector?: Detectors}} */ (/** @type {unknown} */ (globalThis)).BarcodeDetector;

/** @returns {Promise<boolean>} */
export async function cameraCanRead() {
  if (!detectors || !navigator.mediaDevices) return false;
  return (await detectors.getSupportedFormats()).includes(FORMAT);
}

/**
 * Shows the camera in `video` until a code is read or `signal` is aborted.
 * @param {HTMLVideoElement} video
 * @param {AbortSignal} signal
 * @returns {Promise<string>} what the code holds; empty when it was aborted
 * @throws {DOMException} the camera is not there, or not allowed
 */
export async function readByCamera(video, signal) {
  if (!detectors) return "";
  const detector = new detectors({ formats: [FORMAT] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 } } });
  try {
    video.srcObject = stream;
    await video.play();
    while (!signal.aborted) {
      const [code] = await detector.detect(video);
      if (code) return code.rawValue;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return "";
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}
