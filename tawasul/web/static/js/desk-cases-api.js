/**
 * The desk's endpoints of cases (`tawasul/casework/web`). What is looked for goes in bodies, never in an address.
 */
import { get, post, request } from "./api.js";

/** @typedef {import("./case-view.js").Case} Case */
/** @typedef {import("./case-view.js").CaseDetail} CaseDetail */
/** @typedef {import("./case-view.js").Name} Name */
/** @typedef {{case: Case, score: number}} Likely `score`: 0 to 100 */
/** @typedef {{id: string, name: Name, acceptance_days: number, answer_days: number}} Agency */
/** @typedef {"mine" | "ratify" | "questions" | "open" | "closed"} Box */

const ROOT = "/api/desk/cases";

/** @param {Box} box @param {string} kind empty: all @param {string | null} before @param {AbortSignal} [signal] @returns {Promise<{cases: Case[], before: string | null}>} */
export function listed(box, kind, before, signal) {
  const asked = new URLSearchParams({ box, ...(kind && { kind }), ...(before && { before }) });
  return get(`${ROOT}?${asked}`, signal);
}

/** @param {string} query a number, a name, or words @param {AbortSignal} [signal] @returns {Promise<{cases: Case[]}>} */
export const find = (query, signal) => post(`${ROOT}/find`, { query }, signal);

/** @param {string} citizen @returns {Promise<{cases: Case[]}>} */
export const ofCitizen = (citizen) => get(`${ROOT}/of/${encodeURIComponent(citizen)}`);

/** @param {string} id @param {AbortSignal} [signal] @returns {Promise<CaseDetail>} */
export const open = (id, signal) => get(`${ROOT}/${encodeURIComponent(id)}`, signal);

/** @param {string} id @returns {Promise<{version: number}>} */
export const version = (id) => get(`${ROOT}/${encodeURIComponent(id)}/version`);

/** @returns {Promise<{agencies: Agency[]}>} */
export const agencies = () => get(`${ROOT}/agencies`);

/** @param {string} subject @param {AbortSignal} [signal] @returns {Promise<{likely: Likely[]}>} */
export const likely = (subject, signal) => post(`${ROOT}/likely`, { subject }, signal);

/** @param {{kind: string, citizen_id: string, subject: string, text: string, language: string}} brought @returns {Promise<{case: Case, likely: Likely[]}>} */
export const take = (brought) => post(ROOT, brought);

/** @param {string} id @param {string} step as in the address @param {object} body @returns {Promise<Case>} */
export const step = (id, step, body) => post(`${ROOT}/${id}/${step}`, body);

/** @param {string} id @returns {string} the address to send a file to */
export const papersOf = (id) => `${ROOT}/${id}/documents`;

/** @param {string} id @returns {string} */
export const paperAt = (id) => `${ROOT}/documents/${id}`;

/** @param {string} id @returns {Promise<null>} */
export const removePaper = (id) => request("DELETE", paperAt(id));

/** @param {string} id @param {"80mm" | "a4"} paper @returns {string} */
export const receiptAt = (id, paper) => `/desk/cases/${id}/receipt?paper=${paper}`;
