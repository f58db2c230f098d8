/**
 * Runs one end of the rekey (`e2ee/rekey.js`): its messages on the data channel, its keys in the guard, its one timer.
 */
import { EVERY, RekeyCitizen, RekeyOffice } from "../e2ee/rekey.js";
import { otherThan } from "../e2ee/session.js";

/**
 * @import { FrameGuard } from "../e2ee/guard.js"
 * @import { RekeyEffect, RekeyGiven } from "../e2ee/rekey-core.js"
 * @import { Session } from "../e2ee/session.js"
 * @import { Rekey } from "../messages.d.ts"
 * @typedef {object} RenewalUser
 * @property {(message: Rekey) => void} say on the data channel
 * @property {(epoch: number) => void} renewed this end sends under the keys of this epoch
 * @property {() => void} refused this attempt is at its end
 */

export class Renewal {
  #rekey;
  #session;
  #guard;
  #user;
  #stopped = false;
  /** What is given is carried out wholly, before the next. */ #turn = Promise.resolve();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /** @param {Session} session @param {FrameGuard} guard @param {number | undefined} first seconds to the first renewal, where it should not be the usual @param {RenewalUser} user */
  constructor(session, guard, first = EVERY, user) {
    const { role, epoch } = session;
    this.#rekey = role === "citizen" ? new RekeyCitizen(epoch, now() - EVERY + first) : new RekeyOffice(epoch);
    this.#session = session;
    this.#guard = guard;
    this.#user = user;
    this.#arm();
  }

  /** @param {Rekey} message */
  take(message) {
    this.#give({ type: "message", message });
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** @param {RekeyGiven} given */
  #give(given) {
    this.#turn = this.#turn.then(async () => {
      try {
        const effects = this.#stopped ? [] : await this.#rekey.handle(given, now());
        for (const effect of effects) if (!this.#stopped) await this.#perform(effect);
      } catch {
        if (!this.#stopped) this.#refuse("browser-lacks-what-is-needed");
      }
      this.#arm();
    });
  }

  /** @param {RekeyEffect} effect */
  async #perform(effect) {
    const { role } = this.#session;
    switch (effect.do) {
      case "send":
        return this.#user.say(/** @type {Rekey} */ (effect.message));
      case "install-receive":
        return this.#guard.receiveUnder(effect.epoch.number, await effect.epoch.frameKeys(otherThan(role)));
      case "switch-send":
        await this.#guard.sendUnder(effect.epoch.number, await effect.epoch.frameKeys(role));
        this.#session.epoch = effect.epoch;
        return this.#user.renewed(effect.epoch.number);
      case "drop":
        return this.#guard.drop(effect.epoch);
      case "refuse":
        return this.#refuse(effect.error.code);
    }
  }

  /** @param {string} code */
  #refuse(code) {
    console.warn("rekey:", code);
    this.stop();
    this.#user.refused();
  }

  #arm() {
    clearTimeout(this.#timer);
    const due = this.#rekey.deadline;
    if (this.#stopped || due === null) return;
    this.#timer = setTimeout(() => this.#give({ type: "time" }), Math.max(0, due - now()) * 1000 + 1);
  }
}

/** Seconds of a clock that never goes back. */
function now() {
  return performance.now() / 1000;
}
