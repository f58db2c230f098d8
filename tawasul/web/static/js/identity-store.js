/**
 * Where this device's identity is kept: one record in IndexedDB. The private key in it is a `CryptoKey` that cannot be exported, so that
 * whoever could read the database would have a handle and no key.
 *
 * @import { SigningKey } from "./e2ee/keys.js"
 * @typedef {object} IdentityRecord
 * @property {SigningKey} key
 * @property {object | null} anchor as it came, once it is held to
 * @property {string[] | null} chain
 * @property {object | null} list the last revocation list with its chain, as it came
 * @property {number} atLeast the highest `seq` of a list that was ever seen
 */

const DATABASE = "tawasul-identity";
const STORE = "identities";

export class IdentityStore {
  #name;
  /** @type {Promise<IDBDatabase> | null} */ #open = null;

  /** @param {string} name whose: `office` */
  constructor(name) {
    this.#name = name;
  }

  /** The record, made with `made` the first time; of two pages that make one at once, the first one's is kept by both. @param {IdentityRecord} made */
  orElse(made) {
    return this.#change((/** @type {IdentityRecord | undefined} */ held) => held ?? made);
  }

  /** @returns {Promise<IdentityRecord | undefined>} */
  async read() {
    const store = (await this.#database()).transaction(STORE).objectStore(STORE);
    return outcome(store.get(this.#name));
  }

  /**
   * Changes the record in one transaction: another page may write too.
   * @param {(held: IdentityRecord) => IdentityRecord} change
   * @returns {Promise<IdentityRecord>}
   * @throws {DOMException} when there is none: the browser was told to forget it, or another page of this console was
   */
  update(change) {
    return this.#change((held) => {
      if (!held) throw new DOMException("no identity is kept", "NotFoundError");
      return change(held);
    });
  }

  /** The key is gone for good. */
  async forget() {
    const transaction = (await this.#database()).transaction(STORE, "readwrite");
    transaction.objectStore(STORE).delete(this.#name);
    await committed(transaction);
  }

  /** @param {(held: IdentityRecord | undefined) => IdentityRecord} change @returns {Promise<IdentityRecord>} */
  async #change(change) {
    const transaction = (await this.#database()).transaction(STORE, "readwrite", { durability: "strict" });
    const store = transaction.objectStore(STORE);
    const record = change(await outcome(store.get(this.#name)));
    store.put(record, this.#name);
    await committed(transaction);
    return record;
  }

  /** @returns {Promise<IDBDatabase>} */
  #database() {
    this.#open ??= new Promise((resolve, reject) => {
      const opening = indexedDB.open(DATABASE, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
      opening.onsuccess = () => {
        // A browser may close it, as when its data are cleared: the next one who asks opens it again.
        opening.result.onclose = () => (this.#open = null);
        resolve(opening.result);
      };
      opening.onerror = () => {
        this.#open = null;
        reject(opening.error);
      };
    });
    return this.#open;
  }
}

/** @param {IDBRequest} request @returns {Promise<any>} */
function outcome(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
function committed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}
