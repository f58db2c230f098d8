/**
 * Which sentence says how a call is, whose line makes it so, and what can be done. Pure; the same on both ends.
 *
 * @import { CallPart, QualityCause } from "./state-types.d.ts"
 * @import { End } from "./describe.js"
 */

/** @type {Record<"fair" | "poor" | "voice", Record<QualityCause | "other-office" | "unknown", string>>} */
const WORDS = {
  fair: { own: "quality-fair-own", other: "quality-fair-citizen", "other-office": "quality-fair-office", relay: "quality-fair-service", unknown: "quality-fair" },
  poor: { own: "quality-poor-own", other: "quality-poor-citizen", "other-office": "quality-poor-office", relay: "quality-poor-service", unknown: "quality-poor" },
  voice: {
    own: "quality-voice-own",
    other: "quality-voice-citizen",
    "other-office": "quality-voice-office",
    relay: "quality-voice-service",
    unknown: "quality-voice",
  },
};

/** The sentence's id; null where all is well, and where there is no call. @param {CallPart} state @param {End} end which end this page is */
export function qualityWord(state, end) {
  const { call } = state;
  const level = call?.quality?.level ?? "good";
  if (!call?.connected || call.goodbye || level === "good") return null;
  if (level === "nothing") return "quality-nothing";
  const cause = blamed(state, end);
  return WORDS[level][cause === "other" && end === "citizen" ? "other-office" : (cause ?? "unknown")];
}

/**
 * What a person in a place of their own can do about it, beside the sentence; null where the line is not theirs, and where it is hardly weak.
 * @param {CallPart} state @param {End} end which end this page is @returns {string | null} the sentence's id
 */
export function qualityAdvice(state, end) {
  const weak = state.call?.quality?.level === "poor" || state.call?.quality?.level === "voice";
  if (end !== "citizen" || !weak || !qualityWord(state, end)) return null;
  const cause = blamed(state, end);
  return cause === "own" || cause === null ? "quality-advice" : null;
}

/** As the media tell; else of the two lines to the service the one that is away. @param {CallPart} state @param {End} end @returns {QualityCause | null} */
function blamed({ call, lineUp }, end) {
  if (call?.quality?.cause) return call.quality.cause;
  if (!lineUp) return "own";
  const other = end === "office" ? call?.server?.citizen : call?.server?.office;
  return other && !other.online ? "other" : null;
}
