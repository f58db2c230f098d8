/**
 * The device check before waiting: camera, microphone, loudspeaker, and the way over the real relay. What fails is said in words with what to
 * do about it; a failed way does not lock the citizen out.
 */
import { get, Problem } from "./api.js";
import { chime } from "./call/chime.js";
import { VOICE, measure } from "./call/microphone-meter.js";
import { testPath } from "./call/path-test.js";
import { byId } from "./controllers.js";
import { showPath, tell } from "./join-checks.js";
import { fillChoices } from "./join-choices.js";
import { say } from "./words.js";

/** @import { Capture } from "./call/devices.js" */

export class DeviceCheck {
  #capture;
  #preview = byId("preview-video", HTMLVideoElement);
  #ask = byId("ask-devices", HTMLButtonElement);
  #done = byId("devices-done", HTMLButtonElement);
  /** @type {AbortController | null} */ #running = null;
  /** @type {AbortController | null} */ #meter = null;
  #heard = false;
  #meteredTrack = "";

  /** @param {Capture} capture @param {() => void} passed */
  constructor(capture, passed) {
    this.#capture = capture;
    this.#preview.muted = true;
    this.#ask.addEventListener("click", () => this.#open());
    this.#done.addEventListener("click", passed);
    byId("speaker-test", HTMLButtonElement).addEventListener("click", () => this.#testSpeaker());
    capture.addEventListener("change", () => this.#running && this.#show());
  }

  /** Starts at once where the browser already has the person's permission; otherwise at their press. */
  async start() {
    if (this.#running) return;
    this.#running = new AbortController();
    this.#testPath(this.#running.signal);
    const names = /** @type {PermissionName[]} */ (["camera", "microphone"]);
    const states = await Promise.all(names.map((name) => navigator.permissions.query({ name }).then(({ state }) => state, () => "prompt")));
    if (this.#running && states.every((state) => state === "granted")) await this.#open();
  }

  /** While waiting nobody is seen or heard. @param {boolean} [close] whether camera and microphone are closed too */
  stop(close = true) {
    if (!this.#running) return;
    this.#running.abort();
    this.#running = null;
    this.#meter?.abort();
    this.#meteredTrack = "";
    this.#preview.srcObject = null;
    if (close) this.#capture.close();
  }

  async #open() {
    this.#ask.disabled = true;
    tell("check-camera", "running", say("join-check-opening"));
    tell("check-microphone", "running", say("join-check-opening"));
    await this.#capture.open();
    this.#ask.disabled = false;
    if (this.#running) this.#show();
  }

  #show() {
    const { stream, problems } = this.#capture;
    const hasPicture = stream.getVideoTracks().length > 0;
    const hasSound = stream.getAudioTracks().length > 0;
    if (this.#preview.srcObject !== stream) this.#preview.srcObject = stream;
    this.#preview.play().catch(() => {}); // Without a picture there is nothing to play yet.
    byId("preview-off", HTMLElement).hidden = hasPicture;
    if (problems.camera) tell("check-camera", "failed", say(problems.camera));
    else if (hasPicture) tell("check-camera", "ok", say("join-check-camera-ok"));
    if (problems.microphone) tell("check-microphone", "failed", say(problems.microphone));
    else if (hasSound) this.#listen(stream);
    this.#showProblem(hasPicture, hasSound);
    // Who can only be heard, or only be seen, is still received; who has neither cannot be.
    this.#done.disabled = !hasPicture && !hasSound;
    fillChoices(this.#capture);
  }

  /** @param {boolean} hasPicture @param {boolean} hasSound */
  #showProblem(hasPicture, hasSound) {
    const { problems } = this.#capture;
    let text = "";
    if (problems.camera && hasSound) text = say("join-only-sound");
    else if (problems.microphone && hasPicture) text = say("join-only-picture");
    else if (problems.camera && problems.microphone) text = say(problems.camera === "device-insecure" ? "device-insecure" : "join-no-devices");
    byId("devices-problem", HTMLElement).hidden = text === "";
    byId("devices-problem-text", HTMLElement).textContent = text;
  }

  /** @param {MediaStream} stream */
  #listen(stream) {
    const track = stream.getAudioTracks()[0].id;
    if (track === this.#meteredTrack) return;
    this.#meteredTrack = track;
    this.#meter?.abort();
    this.#meter = new AbortController();
    this.#heard = false;
    tell("check-microphone", "running", say("join-check-microphone-speak"));
    const meter = byId("microphone-meter", HTMLMeterElement);
    measure(stream, this.#meter.signal, (loudness) => {
      meter.value = loudness;
      if (loudness < VOICE || this.#heard) return;
      this.#heard = true;
      tell("check-microphone", "ok", say("join-check-microphone-ok"));
    });
  }

  async #testSpeaker() {
    tell("check-speaker", "running", say("join-check-speaker-playing"));
    const isPlayed = await chime();
    tell("check-speaker", isPlayed ? "ok" : "failed", say(isPlayed ? "join-check-speaker-ok" : "join-check-speaker-failed"));
  }

  /** @param {AbortSignal} signal */
  async #testPath(signal) {
    tell("check-path", "running", say("join-check-path-running"));
    try {
      const result = await testPath(await get("/api/join/ice", signal));
      if (!signal.aborted) showPath(result);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Problem)) throw error;
      tell("check-path", "failed", error.text);
    }
  }
}
