/**
 * The one worker that a page may start. Under `trusted-types tawasul` an address counts only when this policy made it, and it makes one.
 */

const ADDRESS = new URL("./sframe-worker.js", import.meta.url).href;

const policy = /** @type {{trustedTypes?: {createPolicy: Function}}} */ (/** @type {unknown} */ (globalThis)).trustedTypes?.createPolicy("tawasul", {
  /** @param {string} address */
  createScriptURL(address) {
    if (address !== ADDRESS) throw new TypeError("not our worker");
    return address;
  },
});

/** @param {string} name this end's role @returns {Worker} */
export function startFrameWorker(name) {
  return new Worker(policy ? policy.createScriptURL(ADDRESS) : ADDRESS, { type: "module", name });
}
