/**
 * The citizen's place in the queue: how many are before, how long it may take, whether the office is there.
 */
import { announce, icon } from "./announce.js";
import { chime } from "./call/chime.js";
import { sentenceOf } from "./call/privacy-view.js";
import { byId } from "./controllers.js";
import { placeWord } from "./join-steps.js";
import { dates, say } from "./words.js";

/** @import { Waiting } from "./messages.d.ts" @import { PrivacyDescription } from "./call/privacy.js" */

export class WaitingView {
  #sound = byId("sound-on", HTMLButtonElement);
  #said = "";

  constructor() {
    this.#sound.addEventListener("click", () => {
      this.#sound.hidden = true;
      chime();
    });
  }

  /** @param {Waiting} waiting @param {PrivacyDescription} privacy of the last call */
  show(waiting, privacy) {
    const entry = waiting.entries[0];
    if (!entry) return;
    const position = entry.position ?? null;
    const place = say(placeWord(entry), position && position > 1 ? { before: position - 1 } : {});
    write("waiting-place", place);
    write("waiting-position", entry.state === "arrived" && position ? String(position) : "");
    const expected = expectedText(entry.state === "arrived" ? entry.expected_wait : null);
    write("waiting-expected", expected);
    write("waiting-slot", dates.time(entry.slot_starts_at));
    write("waiting-reference", entry.reference);
    const isEnded = privacy.standing === "ended";
    byId("waiting-again", HTMLElement).hidden = isEnded || !entry.interruptions;
    byId("waiting-ended", HTMLElement).hidden = !isEnded;
    write("waiting-ended-text", isEnded ? sentenceOf(privacy) : "");
    showOffice(waiting.office_present);
    this.#sound.hidden = navigator.userActivation?.hasBeenActive !== false;
    const aloud = `${place} ${expected}`;
    if (aloud !== this.#said) announce(aloud);
    this.#said = aloud;
  }
}

/** @param {number | null | undefined} seconds */
function expectedText(seconds) {
  if (seconds == null) return "";
  return seconds < 60 ? say("join-expected-soon") : say("join-expected", { wait: dates.wait(seconds) });
}

/** @param {boolean} present */
function showOffice(present) {
  const status = byId("waiting-office", HTMLElement);
  const text = say(present ? "join-office-present" : "join-office-away");
  if (status.textContent === text) return;
  status.className = `status status-${present ? "good" : "info"}`;
  status.replaceChildren(icon(present ? "check-circle" : "clock"), text);
}

/** @param {string} id @param {string} text */
function write(id, text) {
  const element = byId(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}
