/**
 * The page's own camera and microphone: opened when needed, closed when not, changed and replugged while a call goes on.
 *
 * What they give goes to the own preview and to the call, and nowhere else: nothing is recorded or stored.
 */
import { NO_CHOICE, grouped, wordFor } from "./devices-core.js";
import { ask, nameOf, storeChoice, storedChoice } from "./devices-ask.js";

/**
 * @import { Choice, DeviceKind } from "./devices-core.js"
 * @import { MutedParts } from "./state-types.d.ts"
 * @typedef {{camera: string | null, microphone: string | null}} DeviceProblems ids of the catalogue, null where all is well
 */

/** @type {Record<string, DeviceKind>} */
const KIND_OF_TRACK = { video: "camera", audio: "microphone" };

/** Dispatches `change` whenever tracks, problems or the list of devices changed. */
export class Capture extends EventTarget {
  /** Always the same stream; its tracks come and go. @readonly */
  stream = new MediaStream();
  /** @type {DeviceProblems} */ problems = { camera: null, microphone: null };
  /** @type {Choice} */ choice = { ...NO_CHOICE, ...storedChoice() };
  /** @type {MutedParts} */ #muted = { sound: false, picture: false };
  #wanted = false;
  /** @type {Promise<void>} */ #turn = Promise.resolve();

  constructor() {
    super();
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#replugged());
  }

  /** What this end cannot or does not want to send. @returns {MutedParts} */
  get missing() {
    return {
      sound: this.#muted.sound || this.stream.getAudioTracks().length === 0,
      picture: this.#muted.picture || this.stream.getVideoTracks().length === 0,
    };
  }

  /** Opens what is not open yet; ready when it is tried. Problems are in `problems`. */
  open() {
    this.#wanted = true;
    return this.#fill();
  }

  /** Closes camera and microphone: their lights go off. */
  close() {
    this.#wanted = false;
    for (const track of this.stream.getTracks()) this.#drop(track);
    this.#tell();
  }

  /** Muted sound is silence, muted picture is black, at the source. @param {MutedParts} muted */
  mute(muted) {
    this.#muted = muted;
    this.#applyMuted();
    this.#tell();
  }

  /** Another device from now on, remembered on this computer. @param {Partial<Choice>} choice */
  choose(choice) {
    this.choice = { ...this.choice, ...choice };
    storeChoice(this.choice);
    if (!this.#wanted) return this.#turn;
    for (const track of this.stream.getTracks()) if (KIND_OF_TRACK[track.kind] in choice) this.#drop(track);
    return this.#fill();
  }

  /** The devices that can be chosen; none before the person has allowed their use. */
  async devices() {
    return grouped((await navigator.mediaDevices?.enumerateDevices()) ?? []);
  }

  /** One request to the browser at a time, so that none opens a device twice. */
  #fill() {
    this.#turn = this.#turn.then(async () => {
      const kinds = this.#lacking();
      if (!this.#wanted || kinds.length === 0) return;
      // Both in one question to the person; only if that fails, each alone, so that one broken device does not cost the other.
      if (!(await this.#try(kinds)) && kinds.length > 1) for (const kind of kinds) await this.#try([kind]);
      this.#tell();
    });
    return this.#turn;
  }

  /** @returns {DeviceKind[]} */
  #lacking() {
    const live = this.stream.getTracks().map((track) => KIND_OF_TRACK[track.kind]);
    return /** @type {DeviceKind[]} */ (["camera", "microphone"]).filter((kind) => !live.includes(kind));
  }

  /** @param {DeviceKind[]} kinds @returns {Promise<boolean>} */
  async #try(kinds) {
    try {
      for (const track of (await ask(kinds, this.choice)).getTracks()) this.#add(track);
      for (const kind of kinds) this.problems[kind] = null;
      return true;
    } catch (error) {
      for (const kind of kinds) this.problems[kind] = wordFor(nameOf(error), kind);
      return false;
    }
  }

  /** @param {MediaStreamTrack} track */
  #add(track) {
    // The page may have closed everything while the person was still being asked.
    if (!this.#wanted) return track.stop();
    track.onended = () => {
      this.#drop(track);
      this.problems[KIND_OF_TRACK[track.kind]] = track.kind === "video" ? "device-camera-unplugged" : "device-microphone-unplugged";
      this.#tell();
      this.#replugged();
    };
    if (track.kind === "video") track.contentHint = "motion";
    this.stream.addTrack(track);
    this.#applyMuted();
  }

  /** @param {MediaStreamTrack} track */
  #drop(track) {
    track.onended = null;
    track.stop();
    this.stream.removeTrack(track);
  }

  #replugged() {
    if (this.#wanted) this.#fill();
    this.#tell();
  }

  #applyMuted() {
    for (const track of this.stream.getAudioTracks()) track.enabled = !this.#muted.sound;
    for (const track of this.stream.getVideoTracks()) track.enabled = !this.#muted.picture;
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
