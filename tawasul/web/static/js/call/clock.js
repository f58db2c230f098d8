/**
 * The server's clock on this page: waiting times are counted by it, whatever the device's own clock says.
 */

/** Milliseconds between the server's clock and `performance.now()`; before the first word, the device's clock has to do. */
let offset = performance.timeOrigin;

/** What the server says the time is. @param {string} at RFC 3339 */
export function setServerTime(at) {
  const said = Date.parse(at);
  if (!Number.isNaN(said)) offset = said - performance.now();
}

/** Now by the server's clock, in milliseconds since 1970. */
export function serverNow() {
  return performance.now() + offset;
}

/** Seconds since `at` by the server's clock, never negative. @param {string} at RFC 3339 */
export function secondsSince(at) {
  return Math.max(0, (serverNow() - Date.parse(at)) / 1000);
}
