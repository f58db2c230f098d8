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
