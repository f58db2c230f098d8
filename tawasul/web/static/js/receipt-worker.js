/**
 * Keeps the page that verifies receipts, and nothing else, so that it opens when neither the service nor a network is there. The server puts the
 * version and the files of that page in (`tawasul/casework/receipts/web.py`); each version has a store of its own, and the older ones go.
 *
 * @typedef {Event & {waitUntil: (work: Promise<unknown>) => void}} Lasting
 * @typedef {Event & {request: Request, respondWith: (answer: Promise<Response>) => void}} Asked
 * @typedef {object} Scope ServiceWorkerGlobalScope
 * @property {() => Promise<void>} skipWaiting
 * @property {{claim: () => Promise<void>}} clients
 * @property {Location} location
 * @property {{get: (name: string) => Promise<{value: string} | null>}} [cookieStore] not in every browser
 * @property {(kind: string, listener: (event: any) => void) => void} addEventListener
 */

/** @type {{version: string, files: string[]}} */
const held = { version: "", files: [] };

const scope = /** @type {Scope} */ (/** @type {unknown} */ (globalThis));
const STORE = `receipt-${held.version}`;
const PAGE = "/receipt";
const KEY = "/api/receipt/key";

/** The key may have been changed: it is asked for first, for as long as a person hardly notices. */
const KEY_PATIENCE_MS = 2000;

scope.addEventListener("install", (/** @type {Lasting} */ event) => event.waitUntil(keepAll()));
scope.addEventListener("activate", (/** @type {Lasting} */ event) => event.waitUntil(begin()));
scope.addEventListener("fetch", (/** @type {Asked} */ event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== scope.location.origin) return;
  if (pathname === PAGE) event.respondWith(page(event.request));
  else if (pathname === KEY) event.respondWith(key());
  else if (held.files.includes(pathname)) event.respondWith(file(event.request));
});

/** Without cookies: what is kept names nobody who has signed in. */
async function keepAll() {
  const store = await caches.open(STORE);
  await Promise.all(held.files.map((address) => keep(store, address)));
  await scope.skipWaiting();
}

async function begin() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("receipt-") && name !== STORE).map((name) => caches.delete(name)));
  await scope.clients.claim();
}

/** @param {Cache} store @param {string} address @param {AbortSignal} [signal] @returns {Promise<Response>} */
async function keep(store, address, signal) {
  const answer = await fetch(address, { credentials: "omit", signal });
  if (!answer.ok) throw new TypeError(`${address} answered ${answer.status}`);
  await store.put(address, answer.clone());
  return answer;
}

/** The page in the language that was chosen. @param {Request} request @returns {Promise<Response>} */
async function page(request) {
  if (scope.cookieStore) {
    const chosen = await scope.cookieStore.get("tawasul_language");
    return kept(`${PAGE}/${chosen?.value === "en" ? "en" : "ar"}`, request);
  }
  return fetch(request).catch(() => kept(`${PAGE}/ar`, request));
}

/** @returns {Promise<Response>} */
async function key() {
  const store = await caches.open(STORE);
  return keep(store, KEY, AbortSignal.timeout(KEY_PATIENCE_MS)).catch(async (reason) => {
    const last = await store.match(KEY);
    if (last) return last;
    throw reason;
  });
}

/** @param {Request} request @returns {Promise<Response>} */
function file(request) {
  return kept(request.url, request);
}

/** @param {string} address @param {Request} request what to ask when it is not there @returns {Promise<Response>} */
async function kept(address, request) {
  const store = await caches.open(STORE);
  return (await store.match(address)) ?? fetch(request);
}
