/**
 * What a page must still know of its call after a reload: the key that a citizen's device made for it, and that the phrase was compared.
 * Kept in IndexedDB, where a private key can lie without ever being readable; gone with the end of the call.
 *
 * @import { Role } from "../e2ee/session.js"
 * @typedef {object} Remembered
 * @property {import("../e2ee/keys.js").SigningKey | null} key of a citizen's own device; its private half cannot be exported
 * @property {string | null} compared the pair of keys of which this person said that the phrase is the same
 * @property {import("./attestations.js").Handshake[]} handshakes for the attestation
 * @property {string | null} pair the two keys between which they were
 */

const DATABASE = "tawasul-call";
const STORE = "calls";

/** @type {Remembered} */
const NOTHING = { key: null, compared: null, handshakes: [], pair: null };

/** What is known of this call. @param {Role} role @param {string} callId @returns {Promise<Remembered>} */
export async function recall(role, callId) {
  return (await within("readonly", (store) => store.get(`${role}/${callId}`))) ?? NOTHING;
}

/** Adds to what is known of this call, and forgets every other. @param {Role} role @param {string} callId @param {Partial<Remembered>} more */
export async function remember(role, callId, more) {
  await within("readwrite", (store) => {
    const known = store.get(`${role}/${callId}`);
    known.onsuccess = () => {
      store.delete(allOf(role));
      store.put({ ...NOTHING, ...known.result, ...more }, `${role}/${callId}`);
    };
    return known;
  });
}

/** The call is over: nothing of it is left. @param {Role} role */
export async function forgetCalls(role) {
  await within("readwrite", (store) => store.delete(allOf(role)));
}

/** In a trial both ends may be pages of one browser: what the one knows is nothing to the other. @param {Role} role */
function allOf(role) {
  return IDBKeyRange.bound(`${role}/`, `${role}/\uffff`);
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} ask
 * @returns {Promise<any>} its result, once it is kept
 * @throws {DOMException} when the browser keeps nothing
 */
async function within(mode, ask) {
  const database = await opened();
  try {
    const transaction = database.transaction(STORE, mode);
    const request = ask(transaction.objectStore(STORE));
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = opening.onblocked = () => reject(opening.error);
  });
}
