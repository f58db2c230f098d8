/**
 * What the three messages of a rekey carry, and what their authenticators are over.
 *
 * @import { Bytes } from "./bytes.js"
 * @import { Role } from "./session.js"
 * @typedef {{step: 1 | 2 | 3, epoch: number, pk?: unknown, ct?: unknown, mac: unknown}} RekeyMessage
 */
import { fromB64, join, prefixed, sha256, u32, utf8 } from "./bytes.js";
import { hasExactly, isTime } from "./claims.js";
import { PrivacyError, refuseUnless } from "./errors.js";
import { Epoch, mac, macHolds } from "./session.js";

const MEMBERS = { 1: ["type", "step", "epoch", "pk", "mac"], 2: ["type", "step", "epoch", "ct", "mac"], 3: ["type", "step", "epoch", "mac"] };

/** A message of which the members are there and no others. Throws `PrivacyError("rekey-wrong")`. @param {object} given @returns {RekeyMessage} */
export function stepOf(given) {
  const message = /** @type {RekeyMessage & {type?: unknown}} */ (given);
  const members = Object.hasOwn(MEMBERS, message.step) ? MEMBERS[message.step] : null;
  refuseUnless(members && typeof message.step === "number" && hasExactly(given, members), "rekey-wrong");
  refuseUnless(message.type === "rekey" && isTime(message.epoch), "rekey-wrong");
  return message;
}

/** The bytes of a member. Throws `PrivacyError("rekey-wrong")`. @param {unknown} value @param {number} length */
export function octets(value, length) {
  try {
    return fromB64(value, length);
  } catch {
    throw new PrivacyError("rekey-wrong");
  }
}

/** What rk1 authenticates, and by its hash what binds the sealed secret. @param {number} epoch @param {Bytes} publicKey */
export function firstPart(epoch, publicKey) {
  return join(prefixed(utf8("rk1")), u32(epoch), prefixed(publicKey));
}

/** What rk2 authenticates. @param {number} epoch @param {Bytes} publicKey @param {Bytes} sealed */
export function secondPart(epoch, publicKey, sealed) {
  return join(prefixed(utf8("rk2")), u32(epoch), prefixed(publicKey), prefixed(sealed));
}

/** @param {Epoch} epoch the present one @param {Role} role who says it @param {Bytes} part */
export async function rekeyMac(epoch, role, part) {
  return mac(await rekeyKey(epoch, role), part);
}

/** Throws `PrivacyError("rekey-wrong")`. @param {Epoch} epoch @param {Role} role @param {unknown} given @param {Bytes} part */
export async function checkMac(epoch, role, given, part) {
  refuseUnless(await macHolds(await rekeyKey(epoch, role), octets(given, 32), part), "rekey-wrong");
}

/** R(who): the key under which one end's messages of the next rekey are authenticated. @param {Epoch} epoch @param {Role} role */
export async function rekeyKey(epoch, role) {
  return (await Epoch.of(epoch.number, epoch.transcript, await epoch.chain())).derive(`tawasul/1 rekey ${role}`, 32);
}

/** The epoch that follows. @param {Epoch} epoch @param {Bytes} secret ss_n @param {Bytes} publicKey @param {Bytes} sealed */
export async function nextEpoch(epoch, secret, publicKey, sealed) {
  const number = epoch.number + 1;
  const said = [prefixed(utf8("tawasul/1 rekey")), prefixed(epoch.transcript), u32(number), prefixed(publicKey), prefixed(sealed)];
  return Epoch.of(number, await sha256(join(...said)), await epoch.chain(), secret);
}
