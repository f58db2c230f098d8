/**
 * The desk's endpoints, and the shapes they take and give (`scheduler/web/models.py`). Numbers of persons go in bodies, never in an address.
 */
import { get, post } from "./api.js";

/** @typedef {{arabic: string, english: string}} Name */
/** @typedef {{id: string, opens_at: string, closes_at: string, slot_seconds: number}} Sitting */
/** @typedef {{id: string, centre_id: string, name: Name}} Kiosk */
/** @typedef {{id: string, name: string, kind: string, national_id_last_four: string, mobile_last_four: string}} Citizen */
/** @typedef {"kiosk" | "own-location" | "in-person"} Venue */
/**
 * @typedef {{id: string, reference: string, sitting_id: string, slot_starts_at: string, venue: Venue, kiosk_id: string | null,
 *   state: string, assurance: string, arrived_at: string | null, interruptions: number}} Audience
 */
/** @typedef {{audience: Audience, citizen: Citizen, subject: string}} Entry */
/** @typedef {{sitting: Sitting | null, governorate: Name, kiosks: Kiosk[], entries: Entry[]}} Day */
/** @typedef {{citizen_id: string, sitting_id: string, slot_starts_at: string, venue: Venue, kiosk_id: string | null, subject: string}} Wish */

const ROOT = "/api/desk";

/** @param {AbortSignal} [signal] @returns {Promise<Day>} */
export const day = (signal) => get(`${ROOT}/day`, signal);

/** @param {string | null} kiosk @param {AbortSignal} [signal] @returns {Promise<{sitting: Sitting | null, slots: string[]}>} */
export const slots = (kiosk, signal) => get(`${ROOT}/slots${kiosk ? `?kiosk=${encodeURIComponent(kiosk)}` : ""}`, signal);

/** @param {string} query @returns {Promise<{citizens: Citizen[]}>} */
export const find = (query) => post(`${ROOT}/citizens/find`, { query });

/** @param {{name: string, national_id: string, mobile: string}} typed @returns {Promise<Citizen>} */
export const register = (typed) => post(`${ROOT}/citizens`, typed);

/** @param {Wish} wish @returns {Promise<{audience: Audience, link: string | null}>} */
export const book = (wish) => post(`${ROOT}/audiences`, wish);

/** @param {string} id @param {string} assurance @returns {Promise<Audience>} */
export const checkIn = (id, assurance) => post(`${ROOT}/audiences/${id}/check-in`, { assurance });

/** @param {string} id @param {"withdraw-arrival" | "missed" | "cancel"} step @returns {Promise<Audience>} */
export const take = (id, step) => post(`${ROOT}/audiences/${id}/${step}`);

/** @param {string} id @returns {Promise<{link: string}>} */
export const newLink = (id) => post(`${ROOT}/audiences/${id}/link`);
