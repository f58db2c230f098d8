/**
 * Two calm tones, made by the browser: for being called in, and for testing the loudspeaker.
 */

/** Fifth and octave above A4: heard well by small loudspeakers and by old ears. */
const TONES = [
  { hertz: 659.25, at: 0, lasts: 0.9 },
  { hertz: 880, at: 0.35, lasts: 1.2 },
];

/**
 * Plays the chime once.
 * @returns {Promise<boolean>} whether it could be heard: browsers stay silent on a page that was not yet touched
 */
export async function chime() {
  const context = new AudioContext();
  try {
    await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
    if (context.state !== "running") return false;
    const start = context.currentTime + 0.05;
    for (const tone of TONES) play(context, tone, start);
    const length = Math.max(...TONES.map(({ at, lasts }) => at + lasts));
    await new Promise((resolve) => setTimeout(resolve, (length + 0.2) * 1000));
    return true;
  } finally {
    context.close();
  }
}

/** @param {AudioContext} context @param {{hertz: number, at: number, lasts: number}} tone @param {number} start seconds of the context */
function play(context, { hertz, at, lasts }, start) {
  const source = new OscillatorNode(context, { frequency: hertz, type: "sine" });
  const gain = new GainNode(context, { gain: 0 });
  source.connect(gain).connect(context.destination);
  // Rising in 20 ms and fading as a bell does, so that nobody is startled.
  gain.gain.setValueAtTime(0, start + at);
  gain.gain.linearRampToValueAtTime(0.25, start + at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, start + at + lasts);
  source.start(start + at);
  source.stop(start + at + lasts);
}
