/**
 * The console's identity for a call. After a reload a call may come back before the identity is read again: it is waited for, a little.
 *
 * @import { OfficeIdentity } from "./identity.js"
 */
import { identity, loadIdentity } from "./identity.js";

/** Reading the key and fetching the list takes a tenth of this; the server tries an attempt for fifteen seconds. */
const PATIENCE_MS = 8000;
/** More may become known by itself. */
const UNSETTLED = new Set(["starting", "unreachable"]);

/** As `loadIdentity`, once it is known how the identity stands. @returns {Promise<OfficeIdentity | null>} */
export async function settledIdentity() {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  while (UNSETTLED.has(identity.view.standing) && !patience.aborted) {
    await new Promise((resolve) => {
      identity.addEventListener("change", resolve, { once: true, signal: patience });
      patience.addEventListener("abort", resolve, { once: true });
    });
  }
  return loadIdentity();
}
