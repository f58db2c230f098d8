/**
 * New keys every five minutes while a call runs: three messages on the data channel, and never a frame lost.
 *
 *     citizen's end                              office's end
 *     300 s passed → rk1 ─────────────────────►  installs receiving keys, rk2
 *     installs receiving keys  ◄───────────────
 *     sends under the new epoch, rk3 ─────────►  sends under the new epoch
 *     5 s later drops the old receiving keys     5 s later drops the old receiving keys
 *
 * Give every rekey message, and `{type: "time"}` at `deadline`; perform the effects in order, and wait for each `install-receive` before what
 * follows it. After `refuse` the attempt ends. Times in seconds, all from one clock. What is given is taken in order.
 *
 * @import { Bytes } from "./bytes.js"
 * @import { KeyShare } from "./hpke.js"
 * @import { RekeyEffect } from "./rekey-core.js"
 * @import { RekeyMessage } from "./rekey-messages.js"
 * @import { Epoch } from "./session.js"
 */
import { b64, random, sha256 } from "./bytes.js";
import { orRefuse, refuseUnless } from "./errors.js";
import { PUBLIC_LENGTH, SEALED_LENGTH, generateKeyShare, openSecret, sealSecret } from "./hpke.js";
import { Rekey } from "./rekey-core.js";
import { checkMac, firstPart, nextEpoch, octets, rekeyMac, secondPart, stepOf } from "./rekey-messages.js";

/** Seconds from one epoch to the next: what a stolen key opens is at most so much of a call. */
export const EVERY = 300;
/** Seconds for a rekey. Longer than any gap after which the path counts as lost. */
export const WITHIN = 30;
/** The citizen's end, which begins each rekey. */
export class RekeyCitizen extends Rekey {
  #makeShare;
  #nextAt;
  /** @type {KeyShare | null} */ #share = null;

  /** @param {Epoch} epoch @param {number} now @param {() => Promise<KeyShare>} [makeShare] */
  constructor(epoch, now, makeShare = generateKeyShare) {
    super(epoch);
    this.#makeShare = makeShare;
    this.#nextAt = now + EVERY;
  }

  /** @override @protected */
  get beginAt() {
    return this.#share ? null : this.#nextAt;
  }

  /** @override @protected @param {number} now @returns {Promise<RekeyEffect[]>} */
  async passed(now) {
    if (this.#share || now < this.#nextAt) return [];
    this.#share = await this.#makeShare();
    this.lateAt = now + WITHIN;
    const epoch = this.epoch.number + 1;
    const { publicKey } = this.#share;
    const mac = await rekeyMac(this.epoch, "citizen", firstPart(epoch, publicKey));
    return [{ do: "send", message: { type: "rekey", step: 1, epoch, pk: b64(publicKey), mac: b64(mac) } }];
  }

  /** @override @protected @param {object} given @param {number} now @returns {Promise<RekeyEffect[]>} */
  async took(given, now) {
    const message = stepOf(given);
    const { epoch } = message;
    refuseUnless(this.#share && message.step === 2 && epoch === this.epoch.number + 1, "rekey-wrong");
    const share = this.#share;
    const sealed = octets(message.ct, SEALED_LENGTH);
    await checkMac(this.epoch, "office", message.mac, secondPart(epoch, share.publicKey, sealed));
    const info = await sha256(firstPart(epoch, share.publicKey));
    const secret = await orRefuse("rekey-wrong", () => openSecret(share, sealed, info));
    const fresh = await nextEpoch(this.epoch, secret, share.publicKey, sealed);
    this.#share = null;
    this.#nextAt = now + EVERY;
    const mac = b64(await fresh.confirmation("citizen"));
    return [
      { do: "install-receive", epoch: fresh },
      this.switchTo(fresh, now),
      { do: "send", message: { type: "rekey", step: 3, epoch, mac } },
    ];
  }
}

/** The office's end, which answers. */
export class RekeyOffice extends Rekey {
  #draw;
  /** @type {Epoch | null} */ #fresh = null;

  /** @param {Epoch} epoch @param {() => Bytes} [draw] 32 random bytes, fresh ones each time */
  constructor(epoch, draw = () => random(32)) {
    super(epoch);
    this.#draw = draw;
  }

  /** @override @protected @param {object} given @param {number} now @returns {Promise<RekeyEffect[]>} */
  async took(given, now) {
    const message = stepOf(given);
    refuseUnless(message.epoch === this.epoch.number + 1, "rekey-wrong");
    refuseUnless(message.step === (this.#fresh ? 3 : 1), "rekey-wrong");
    if (!this.#fresh) return this.#first(message, now);
    refuseUnless(await this.#fresh.confirms("citizen", octets(message.mac, 32)), "rekey-wrong");
    const fresh = this.#fresh;
    this.#fresh = null;
    return [this.switchTo(fresh, now)];
  }

  /** @param {RekeyMessage} message @param {number} now @returns {Promise<RekeyEffect[]>} */
  async #first({ epoch, pk, mac }, now) {
    const publicKey = octets(pk, PUBLIC_LENGTH);
    await checkMac(this.epoch, "citizen", mac, firstPart(epoch, publicKey));
    const secret = this.#draw();
    const info = await sha256(firstPart(epoch, publicKey));
    const sealed = await orRefuse("rekey-wrong", () => sealSecret(publicKey, secret, info));
    this.#fresh = await nextEpoch(this.epoch, secret, publicKey, sealed);
    this.lateAt = now + WITHIN;
    const answer = b64(await rekeyMac(this.epoch, "office", secondPart(epoch, publicKey, sealed)));
    return [
      { do: "install-receive", epoch: this.#fresh },
      { do: "send", message: { type: "rekey", step: 2, epoch, ct: b64(sealed), mac: answer } },
    ];
  }
}
