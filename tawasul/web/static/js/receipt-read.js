/**
 * Whether a text is a genuine receipt, and what it says: the twin of `tawasul/casework/receipts` (`token.py`, `signing.py`, `receipt.py`). The
 * browser computes the signature (Web Cryptography, Ed25519) and unpacks (Compression Streams); nothing is asked of the server.
 */
import { latinDigits } from "./digits.js";
import { b64, fromB64, fromUtf8, sha256, utf8 } from "./e2ee/bytes.js";

/** @typedef {import("./e2ee/bytes.js").Bytes} Bytes */
/** @typedef {"unreadable" | "not-ours" | "changed" | "newer"} Reason */
/** @typedef {{arabic: string, english: string}} Name */
/**
 * @typedef {{number: string, directive: string, agency: Name, urgency: "routine" | "urgent" | "immediate", dueOn: string, ratifiedAt: string,
 *   region: Name, wording: string, of: number | null}} Receipt `dueOn`: YYYY-MM-DD, `ratifiedAt`: ISO 8601, `of`: characters of the whole wording,
 *   where `wording` is not whole
 */
/** @typedef {Map<string, CryptoKey>} Keys by their thumbprints */

const TYPE = "tawasul-receipt+jwt";
const ALGORITHM = "Ed25519";
const LONGEST = 8192;
const LARGEST_INFLATED = 16_384;
const TOKEN = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const BASE = 45;
const URGENCIES = ["routine", "urgent", "immediate"];
const MEMBERS = "case,due,id,ratified,region,says,to,urgency,v";

/** The text is no genuine receipt, and why. */
export class ReceiptRefused extends Error {
  /** @param {Reason} reason */
  constructor(reason) {
    super(reason);
    this.name = "ReceiptRefused";
    /** @readonly */ this.reason = reason;
  }
}

/** Whether this browser can do it: not on a page that came without HTTPS, nor before 2025. */
export async function canVerify() {
  if (!globalThis.crypto?.subtle || !("DecompressionStream" in globalThis)) return false;
  return imported("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").then(
    () => true,
    () => false,
  );
}

/**
 * The keys of a JWK set. One that is of another kind is left out.
 * @param {unknown} set
 * @returns {Promise<Keys>}
 */
export async function keysOf(set) {
  const keys = /** @type {Keys} */ (new Map());
  const listed = /** @type {{keys?: unknown}} */ (set ?? {}).keys;
  for (const key of Array.isArray(listed) ? listed : []) {
    if (key?.kty !== "OKP" || key.crv !== ALGORITHM || typeof key.x !== "string") continue;
    // RFC 7638: the members in the order of their names, nothing between them.
    const thumbprint = b64(await sha256(utf8(JSON.stringify({ crv: key.crv, kty: key.kty, x: key.x }))));
    keys.set(thumbprint, await imported(key.x));
  }
  return keys;
}

/**
 * The JWS in what was typed: alone, as digits of any script, or after the `#` of an address; lines may be broken.
 * @param {string} given
 * @returns {string}
 * @throws {ReceiptRefused}
 */
export function tokenIn(given) {
  if (given.length > LONGEST) throw new ReceiptRefused("unreadable");
  const text = given.replace(/[ \t\r\n]+/g, "");
  const bare = text.slice(text.lastIndexOf("#") + 1);
  if (TOKEN.test(bare)) return bare;
  const digits = latinDigits(bare);
  if (/^(?:[0-9]{2})+$/.test(digits)) {
    const token = digits.replace(/../g, (pair) => String.fromCharCode(BASE + Number(pair)));
    if (TOKEN.test(token)) return token;
  }
  throw new ReceiptRefused("unreadable");
}

/**
 * The receipt in what was typed, pasted or scanned, if it is genuine.
 * @param {string} given
 * @param {Keys} keys
 * @returns {Promise<Receipt>}
 * @throws {ReceiptRefused} it is not, or not readable
 */
export async function readReceipt(given, keys) {
  const token = tokenIn(given);
  const [header, payload, signature] = token.split(".");
  const key = signer(header, keys);
  const signed = orRefuse("changed", () => ({ payload: fromB64(payload), signature: fromB64(signature, 64) }));
  const text = utf8(`${header}.${payload}`);
  const fits = await crypto.subtle.verify(ALGORITHM, key, signed.signature, text);
  if (!fits) throw new ReceiptRefused("changed");
  const facts = await inflated(signed.payload).then(fromUtf8).then(JSON.parse).catch(refuse);
  if (typeof facts !== "object" || facts === null) throw new ReceiptRefused("unreadable");
  if (facts.v !== 1) throw new ReceiptRefused(Number.isInteger(facts.v) ? "newer" : "unreadable");
  return orRefuse("unreadable", () => receiptOf(facts));
}

/** @param {string} header @param {Keys} keys @returns {CryptoKey} */
function signer(header, keys) {
  const named = orRefuse("not-ours", () => JSON.parse(fromUtf8(fromB64(header))));
  const ours = named && Object.keys(named).sort().join() === "alg,kid,typ" && named.alg === ALGORITHM && named.typ === TYPE;
  const key = ours ? keys.get(named.kid) : undefined;
  if (!key) throw new ReceiptRefused("not-ours");
  return key;
}

/** Unpacks, and stops as soon as it is more than a receipt can be. @param {Bytes} payload @returns {Promise<Bytes>} */
async function inflated(payload) {
  const reader = new Blob([payload]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LARGEST_INFLATED) {
      await reader.cancel();
      throw new RangeError("more than a receipt can be");
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** @param {Record<string, any>} facts @returns {Receipt} */
function receiptOf({ more, ...facts }) {
  if (Object.keys(facts).sort().join() !== MEMBERS || !URGENCIES.includes(facts.urgency)) throw new TypeError("other members");
  if (!/^\d{4}-\d{2}-\d{2}$/.test(facts.due) || !Number.isInteger(facts.ratified)) throw new TypeError("no moment");
  if (more !== undefined && (!Number.isInteger(more?.of) || typeof more.sha256 !== "string")) throw new TypeError("no rest");
  return {
    number: text(facts.case),
    directive: text(facts.id),
    agency: name(facts.to),
    urgency: facts.urgency,
    dueOn: facts.due,
    ratifiedAt: new Date(facts.ratified * 1000).toISOString(),
    region: name(facts.region),
    wording: text(facts.says),
    of: more === undefined ? null : more.of,
  };
}

/** @param {unknown} pair @returns {Name} */
function name(pair) {
  if (!Array.isArray(pair) || pair.length !== 2) throw new TypeError("not a name");
  return { arabic: text(pair[0]), english: text(pair[1]) };
}

/** @param {unknown} value @returns {string} */
function text(value) {
  if (typeof value !== "string") throw new TypeError("not a text");
  return value;
}

/** @param {string} x @returns {Promise<CryptoKey>} */
function imported(x) {
  return crypto.subtle.importKey("jwk", { kty: "OKP", crv: ALGORITHM, x }, ALGORITHM, false, ["verify"]);
}

/** @returns {never} */
function refuse() {
  throw new ReceiptRefused("unreadable");
}

/** @template T @param {Reason} reason @param {() => T} work @returns {T} */
function orRefuse(reason, work) {
  try {
    return work();
  } catch {
    throw new ReceiptRefused(reason);
  }
}
