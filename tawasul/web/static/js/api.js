/**
 * JSON over HTTP with our own server: the token against forged requests, problems (RFC 9457) as errors with words for people.
 */
import { locale, say } from "./words.js";

/** A request answered with a problem, or not answered at all (`code` is then "no-answer", `status` 0). */
export class Problem extends Error {
  /**
   * @param {string} code
   * @param {number} status
   * @param {string} text
   * @param {string} [field]
   * @param {Record<string, any>} [members]
   */
  constructor(code, status, text, field, members = {}) {
    super(text);
    this.name = "Problem";
    /** @readonly */ this.code = code;
    /** @readonly */ this.status = status;
    /** In the page's language. @readonly */ this.text = text;
    /** The field that is wrong, when the server knows. @readonly */ this.field = field;
    /** What the answer says besides, such as the `alternatives` of a slot that is taken. @readonly */ this.members = members;
  }
}

/** Long enough for a slow line, short enough that a person still waits. */
const PATIENCE_MS = 15000;

/** @param {string} address @param {AbortSignal} [signal] @returns {Promise<any>} */
export function get(address, signal) {
  return request("GET", address, undefined, signal);
}

/** @param {string} address @param {object} [body] @param {AbortSignal} [signal] @returns {Promise<any>} */
export function post(address, body = {}, signal) {
  return request("POST", address, body, signal);
}

/**
 * @param {string} method
 * @param {string} address a path on our own host
 * @param {object} [body] sent as JSON
 * @param {AbortSignal} [signal]
 * @param {Record<string, string>} [more] further headers
 * @returns {Promise<any>} the JSON of the answer, or null when it has none
 * @throws {Problem}
 * @throws {DOMException} AbortError, when `signal` was aborted
 */
export async function request(method, address, body, signal, more = {}) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json", "x-tawasul-csrf": csrf(), ...more };
  if (body !== undefined) headers["content-type"] = "application/json";
  let answer;
  let content;
  try {
    answer = await fetch(address, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    content = await contentOf(answer);
  } catch (error) {
    // The line may also break in the middle of the answer.
    if (signal?.aborted) throw error;
    throw new Problem("no-answer", 0, say("error-no-answer"));
  }
  if (answer.ok) return content;
  if (content?.code === "not-signed-in") dispatchEvent(new Event("signed-out"));
  const text = content?.[locale === "ar" ? "arabic" : "english"] ?? say("error-no-answer");
  throw new Problem(content?.code ?? "internal", answer.status, text, content?.field, content ?? {});
}

/** Gives something back while the page goes away: nobody is there to hear the answer. @param {string} address */
export function giveBack(address) {
  void fetch(address, { method: "DELETE", headers: { "x-tawasul-csrf": csrf() }, credentials: "same-origin", keepalive: true }).catch(() => {});
}

/**
 * The JSON of an answer; null when it has none, as after signing out, or when something between us and the server answered.
 * @param {Response} answer
 * @returns {Promise<any>}
 */
async function contentOf(answer) {
  const isJson = /json/.test(answer.headers.get("content-type") ?? "");
  const text = await answer.text();
  return isJson && text ? JSON.parse(text) : null;
}

/** The token that our own pages send along. @returns {string} */
export function csrf() {
  const meta = document.querySelector('meta[name="csrf"]');
  return meta instanceof HTMLMetaElement ? meta.content : "";
}

/** For a page that was drawn before its reader was known. @param {string} token */
export function keepCsrf(token) {
  const meta = document.querySelector('meta[name="csrf"]');
  if (meta instanceof HTMLMetaElement) meta.content = token;
}
