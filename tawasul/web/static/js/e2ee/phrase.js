/**
 * The phrase that both people compare: six digits, each with a picture. Pure, but for the derivation that the browser computes.
 *
 * @import { Epoch } from "./session.js"
 */

/** Six digits of the first epoch. @param {Epoch} epoch */
export async function phraseOf(epoch) {
  const bytes = await epoch.derive("tawasul/1 phrase", 8);
  return String(new DataView(bytes.buffer).getBigUint64(0) % 1_000_000n).padStart(6, "0");
}

/** The picture of each digit, 0 to 9. Both ends show the same ones. */
export const PICTURES = Object.freeze(["palm", "camel", "falcon", "coffee-pot", "lantern", "tent", "moon", "horse", "key", "ship"]);

/** The names of the pictures beside a phrase's digits. @param {string} phrase */
export function picturesOf(phrase) {
  return [...phrase].map((digit) => PICTURES[Number(digit)]);
}
