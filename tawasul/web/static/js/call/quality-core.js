/**
 * From what a connection counts to what a person is told of it: how it is, and whose line is the cause. Pure.
 *
 * The kiosk has the same rules, with their reasons, in `kiosk_client/media/core/quality.py`; `tests/vectors/quality.json` holds them together.
 *
 * @import { QualityCause, QualityLevel, Leg } from "./state-types.d.ts"
 * @typedef {number | null} Known null for what is not known
 * @typedef {object} Figures counted until `at` (seconds)
 * @property {number} at
 * @property {Known} sound packets received, of sound
 * @property {Known} packets of both kinds
 * @property {Known} lost packets that should have come
 * @property {Known} sent packets that went out
 * @property {Known} lost_there what the other end misses of them
 * @property {Known} samples
 * @property {Known} concealed samples that were made up
 * @property {Known} frames_in decoded
 * @property {Known} frames_out encoded
 * @property {Known} frozen seconds
 * @property {Known} round_trip seconds
 * @property {boolean} limited whether the line has our pictures smaller or fewer than they might be
 * @typedef {object} Measures between two figures: shares 0 … 1, frames a second
 * @property {Known} loss_in
 * @property {Known} loss_out
 * @property {Known} concealed
 * @property {Known} frames_in
 * @property {Known} frames_out
 * @property {Known} frozen
 * @property {Known} round_trip
 * @property {boolean} comes
 * @property {boolean} sound_comes
 * @typedef {object} Around
 * @property {boolean} sound whether the other end sends it
 * @property {boolean} picture whether the other end sends it
 * @property {boolean} own_picture whether this end sends it
 * @property {Leg | null} own_leg how this end's way to its relay is
 * @property {Leg | null} other_leg
 * @property {boolean} meet whether nothing is between these two ways
 */

export const SPAN = 4;
const [FAIR_LOSS, POOR_LOSS] = [0.04, 0.12];
const [FAIR_CONCEALED, POOR_CONCEALED] = [0.02, 0.08];
const [FAIR_FROZEN, POOR_FROZEN] = [0.1, 0.4];
const [FAIR_ROUND_TRIP, POOR_ROUND_TRIP] = [0.5, 1];
const [STUMBLES, STANDS] = [5, 0.6];
const LONGEST_ROUND_TRIP = 60;

/** From the best to the worst. @type {QualityLevel[]} */
export const LEVELS = ["good", "fair", "poor", "voice", "nothing"];

/** What was between the two. What went backwards, or is no number, is not known. @param {Figures} before @param {Figures} after @returns {Measures} */
export function measured(before, after) {
  const seconds = after.at - before.at;
  const packets = grown(before.packets, after.packets);
  const lost = grown(before.lost, after.lost);
  if (!(seconds > 0 && seconds < Infinity)) return NOTHING_KNOWN;
  const way = after.round_trip;
  return {
    loss_in: share(lost, packets === null || lost === null ? null : packets + lost),
    loss_out: share(grown(before.lost_there, after.lost_there), grown(before.sent, after.sent)),
    concealed: share(grown(before.concealed, after.concealed), grown(before.samples, after.samples)),
    frames_in: each(grown(before.frames_in, after.frames_in), seconds),
    frames_out: after.limited ? each(grown(before.frames_out, after.frames_out), seconds) : null,
    frozen: share(grown(before.frozen, after.frozen), seconds),
    round_trip: way !== null && way >= 0 && way <= LONGEST_ROUND_TRIP ? way : null,
    comes: packets !== 0 || seconds < SPAN / 2,
    sound_comes: grown(before.sound, after.sound) !== 0 || seconds < SPAN / 2,
  };
}

/** @type {Measures} */
export const NOTHING_KNOWN = {
  loss_in: null,
  loss_out: null,
  concealed: null,
  frames_in: null,
  frames_out: null,
  frozen: null,
  round_trip: null,
  comes: true,
  sound_comes: true,
};

/** How it is at this moment: the worst that is heard, seen or reported. @param {Measures} measures @param {Around} around @returns {QualityLevel} */
export function levelOf(measures, around) {
  if (!measures.comes && (around.sound || around.picture)) return "nothing";
  if (!measures.sound_comes && around.sound && !around.picture) return "nothing";
  const stillIn = around.picture && measures.frames_in !== null && measures.frames_in < STANDS;
  const stillOut = around.own_picture && measures.frames_out !== null && measures.frames_out < STANDS;
  if (stillIn || stillOut) return "voice";
  const found = [
    grade(measures.loss_in, FAIR_LOSS, POOR_LOSS),
    grade(measures.loss_out, FAIR_LOSS, POOR_LOSS),
    around.sound ? grade(measures.concealed, FAIR_CONCEALED, POOR_CONCEALED) : 0,
    around.picture ? grade(measures.frozen, FAIR_FROZEN, POOR_FROZEN) : 0,
    grade(measures.round_trip, FAIR_ROUND_TRIP, POOR_ROUND_TRIP),
    around.picture && measures.frames_in !== null && measures.frames_in < STUMBLES ? 1 : 0,
  ];
  return LEVELS[Math.max(...found)];
}

/** Whose line is the bad one, if either end can say so. @param {Around} around @returns {QualityCause | null} */
export function causeOf({ own_leg: own, other_leg: other, meet }) {
  if (own === "bad") return other === "bad" ? "relay" : "own";
  if (other === "bad") return "other";
  if (!meet) return null;
  if (own === "good") return other === "good" ? "relay" : "other";
  return other === "good" ? "own" : null;
}

/** @param {Known} value @param {number} fair @param {number} poor */
function grade(value, fair, poor) {
  if (value === null || !(value >= fair)) return 0;
  return value < poor ? 1 : 2;
}

/** By how much; not below 0, since copies make losses shrink. @param {Known} before @param {Known} after @returns {Known} */
function grown(before, after) {
  if (!Number.isFinite(before) || !Number.isFinite(after)) return null;
  return Math.max(0, Number(after) - Number(before));
}

/** @param {Known} part @param {Known} whole @returns {Known} */
function share(part, whole) {
  return part !== null && whole ? Math.min(1, part / whole) : null;
}

/** @param {Known} number @param {number} seconds @returns {Known} */
function each(number, seconds) {
  return number === null ? null : number / seconds;
}
