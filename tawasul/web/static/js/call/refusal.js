/**
 * The word by which an end tells the other that it ends, outside of the handshake's own order. Pure.
 */
import { b64 } from "../e2ee/bytes.js";
import { writeSeal } from "../e2ee/seal.js";

/** The payload of a `seal`. @param {string} code of docs/end-to-end.md @returns {string} */
export function refusal(code) {
  return b64(writeSeal({ t: "refused", code }));
}
