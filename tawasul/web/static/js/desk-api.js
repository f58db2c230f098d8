/**
 * The desk's endpoints, and the shapes they take and give (`scheduler/web`). Numbers of persons go in bodies, never in an address.
 */
import { get, giveBack, post, request } from "./api.js";

/** @typedef {{arabic: string, english: string}} Name */
/** @typedef {{id: string, opens_at: string, closes_at: string, slot_seconds: number}} Sitting */
/** @typedef {{id: string, centre_id: string, name: Name}} Kiosk */
/** @typedef {{id: string, name: string, kind: string, national_id_last_four: string, mobile_last_four: string}} Citizen */
/** @typedef {"kiosk" | "own-location" | "in-person"} Venue */
/** @typedef {"citizen" | "office" | "technical"} Because */
/**
 * @typedef {{id: string, reference: string, sitting_id: string, slot_starts_at: string, venue: Venue, kiosk_id: string | null,
 *   state: string, assurance: string, arrived_at: string | null, interruptions: number, version: number, priorities: string[],
 *   walk_in: boolean, holds_slot: boolean, missed_because: Because | null}} Audience
 */
/** @typedef {{kind: "alone"} | {kind: "representative", name: string} | {kind: "group", name: string, size: number}} PartyShown */
/**
 * @typedef {{audience: Audience, citizen: Citizen, subject: string, party: PartyShown, attachments: number, petition: boolean,
 *   order: number | null}} Entry
 */
/** @typedef {{sitting: Sitting | null, sittings: Sitting[], governorate: Name, kiosks: Kiosk[], entries: Entry[]}} Day */
/** @typedef {{venue: Venue, centre_id?: string, kiosk_id?: string}} Place */
/** @typedef {{id: string, name: Name, kind: string, governorate_id: string, own: boolean, kiosks: {id: string, name: Name}[]}} Centre */
/** @typedef {{sitting_id: string, starts_at: string, ends_at: string, kiosks: number}} FreeSlot */
/** @typedef {{prayer: string, starts_at: string, ends_at: string}} Pause */
/**
 * @typedef {{day: string, state: "open" | "full" | "closed", why: string | null, name: Name | null, free: number, slots: FreeSlot[],
 *   pauses: Pause[]}} FreeDay
 */
/** @typedef {{days: FreeDay[], first_free: {sitting_id: string, starts_at: string} | null}} Availability */
/**
 * @typedef {{id: string, sitting_id: string, starts_at: string, ends_at: string, venue: Venue, centre_id: string | null,
 *   kiosk_id: string | null, expires_at: string, seconds_left: number}} Hold
 */
/** @typedef {{sitting_id: string, starts_at: string, ends_at: string, venue: Venue, centre_id: string | null}} Alternative */
/** @typedef {{audience: Audience, link: string | null, booking_link: string | null}} Booked */
/** @typedef {{id: string, from_day: string, to_day: string, state: string}} Wish a place on the waitlist */
/** @typedef {{id: string, file_name: string, media_type: string, size: number}} Attachment */

const ROOT = "/api/desk";

/** @param {string | null} sitting @param {AbortSignal} [signal] @returns {Promise<Day>} */
export const day = (sitting, signal) => get(`${ROOT}/day${sitting ? `?sitting=${encodeURIComponent(sitting)}` : ""}`, signal);

/** @returns {Promise<{governorate: {id: string, name: Name}, centres: Centre[]}>} */
export const places = () => get(`${ROOT}/places`);

/** @param {Place} place @param {string} from a day as 2026-11-22 @param {number} days @returns {Promise<Availability>} */
export function availability(place, from, days) {
  const asked = new URLSearchParams({ venue: place.venue, from, days: String(days) });
  if (place.centre_id) asked.set("centre_id", place.centre_id);
  return get(`${ROOT}/availability?${asked}`);
}

/**
 * @param {string} town
 * @returns {Promise<{towns: {name: Name}[], centres: {centre_id: string, name: Name, kilometres: number, first_free: string | {starts_at: string} | null}[]}>}
 */
export const nearest = (town) => get(`${ROOT}/nearest?${new URLSearchParams({ town })}`);

/** @param {{place: Place, sitting_id: string, starts_at: string, replaces?: string}} wish @returns {Promise<Hold>} */
export const hold = (wish) => post(`${ROOT}/holds`, wish);

/** @param {string} id @returns {Promise<Hold>} */
export const prolong = (id) => post(`${ROOT}/holds/${id}/prolong`);

/** @param {string} id @returns {Promise<null>} */
export const release = (id) => request("DELETE", `${ROOT}/holds/${id}`);

/** As `release`, while the page goes away. @param {string} id */
export const leave = (id) => giveBack(`${ROOT}/holds/${id}`);

/** @param {string} query @returns {Promise<{citizens: (Citizen & {matched?: string})[], more?: boolean}>} */
export const find = (query) => post(`${ROOT}/citizens/find`, { query });

/** @param {{name: string, national_id: string, mobile: string}} typed @returns {Promise<Citizen>} */
export const register = (typed) => post(`${ROOT}/citizens`, typed);

/** `elsewhere`: audiences that other desks look after. @typedef {{citizen: Citizen, audiences: Audience[], waitlist: Wish[], elsewhere: number}} CitizenFile */

/** @param {string} id @returns {Promise<CitizenFile>} */
export const citizen = (id) => get(`${ROOT}/citizens/${id}`);

/** @param {string} id @param {{name?: string, mobile?: string}} corrected @returns {Promise<Citizen>} */
export const correct = (id, corrected) => request("PATCH", `${ROOT}/citizens/${id}`, corrected);

/** @param {object} wish @returns {Promise<Booked>} */
export const book = (wish) => post(`${ROOT}/audiences`, wish);

/** @param {string} id @param {{hold_id: string, version: number}} to @returns {Promise<Audience & {link?: string | null}>} */
export const reschedule = (id, to) => post(`${ROOT}/audiences/${id}/reschedule`, to);

/**
 * @param {object} wish
 * @param {string} key the same when it is sent again after a lost answer: then it is done once
 * @returns {Promise<{audience: Audience, position: number, estimate: string | null}>}
 */
export const walkIn = (wish, key) => request("POST", `${ROOT}/walk-ins`, wish, undefined, { "idempotency-key": key });

/** @param {object} wish @returns {Promise<{id: string}>} */
export const wait = (wish) => post(`${ROOT}/waitlist`, wish);

/** @returns {Promise<{entries: {id: string, position: number | null, offer: {starts_at: string} | null}[]}>} */
export const waitlist = () => get(`${ROOT}/waitlist`);

/** A ticket's code or a reference, as scanned. @param {string} code @returns {Promise<Entry>} */
export const readTicket = (code) => post(`${ROOT}/tickets/read`, { code });

/** @param {string} id @param {string} assurance @returns {Promise<Audience>} */
export const checkIn = (id, assurance) => post(`${ROOT}/audiences/${id}/check-in`, { assurance });

/** @param {string} id @returns {Promise<Audience>} */
export const withdrawArrival = (id) => post(`${ROOT}/audiences/${id}/withdraw-arrival`);

/** @param {string} id @param {{because: string, version: number}} how @returns {Promise<Audience & {rebook?: boolean}>} */
export const missed = (id, how) => post(`${ROOT}/audiences/${id}/missed`, how);

/** @param {string} id @param {number} version as it was seen @returns {Promise<Audience>} */
export const cancel = (id, version) => post(`${ROOT}/audiences/${id}/cancel`, { version });

/** @param {string} id @param {number} version @returns {Promise<Audience>} */
export const reinstate = (id, version) => post(`${ROOT}/audiences/${id}/reinstate`, { version });

/** @param {string} id @returns {Promise<{link: string}>} */
export const newLink = (id) => post(`${ROOT}/audiences/${id}/link`);

/** @param {string} id @returns {Promise<{attachments: Attachment[]}>} */
export const attachments = (id) => get(`${ROOT}/audiences/${id}/attachments`);

/** @param {string} id @returns {string} the address to send a file to */
export const attachmentsOf = (id) => `${ROOT}/audiences/${id}/attachments`;

/** @param {string} id @returns {string} */
export const attachmentAt = (id) => `${ROOT}/attachments/${id}`;

/** @param {string} id @returns {Promise<null>} */
export const removeAttachment = (id) => request("DELETE", attachmentAt(id));

/** @param {string} id @param {"80mm" | "a4"} paper @returns {string} */
export const ticketAt = (id, paper) => `/desk/tickets/${id}?paper=${paper}`;

/** @param {string} id @returns {string} */
export const ticketPdfAt = (id) => `${ROOT}/audiences/${id}/ticket.pdf?paper=a4`;

/** @param {"csv" | "xlsx" | "pdf"} kind @param {string | null} sitting @returns {string} */
export const dayAs = (kind, sitting) => `${ROOT}/day.${kind}${sitting ? `?sitting=${encodeURIComponent(sitting)}` : ""}`;
