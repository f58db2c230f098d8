/**
 * Shows how loud the microphone hears. Only the loudness is read; nothing of the sound is kept.
 */

/** Quieter than this is the noise of a room, in decibels of full scale. */
const FLOOR_DB = -60;

/** A voice near the microphone reaches this. */
const CEILING_DB = -12;

/** Loud enough to be a voice: the test has heard the person. */
export const VOICE = 0.35;

/**
 * The loudness of samples (−1 … 1) between 0 (silence) and 1 (a near voice).
 * @param {Float32Array} samples
 */
export function loudness(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / samples.length + 1e-12);
  return Math.min(1, Math.max(0, (decibels - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
}

/**
 * Calls `show` about 20 times a second until `signal` is aborted.
 * @param {MediaStream} stream
 * @param {AbortSignal} signal
 * @param {(loudness: number) => void} show
 */
export function measure(stream, signal, show) {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    // A context made without a click starts asleep; with the microphone open the browser lets it wake.
    if (context.state === "suspended") context.resume().catch(() => {});
    analyser.getFloatTimeDomainData(samples);
    show(loudness(samples));
  }, 50);
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    context.close();
  });
}
