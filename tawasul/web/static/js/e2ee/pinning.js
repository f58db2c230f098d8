/**
 * Session descriptions: one's own DTLS fingerprint taken out, the other's signed one put in, and nothing said beside the frames. Pure.
 *
 * A description that came by the server is not checked but rewritten: with several fingerprints Chromium takes the last, Firefox any, aiortc
 * wants all. So each one goes, wherever it stands, and the signed one is put into every media section.
 */
import { PrivacyError } from "./errors.js";

// Every character at which some parser ends a line: a fingerprint behind one of them would not be a line to us and be one to the parser.
const LINE_ENDS = /\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]/;
const FINGERPRINT = /^\s*a\s*=\s*fingerprint(?![\p{L}\p{N}_]).*$/iu;
const SHA_256 = /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/i;
const AUDIO_LEVEL = /^a=extmap:.*urn:ietf:params:rtp-hdrext:(ssrc-audio-level|csrc-audio-level)(\s.*)?$/;
const OPUS = /^a=rtpmap:(\d{1,3}) opus\/48000\/2$/i;
const RED = /^a=rtpmap:\d{1,3} red\/48000/i;
const VOICE = ["stereo=0", "maxaveragebitrate=32000", "cbr=1", "usedtx=0"];

/**
 * This end's own fingerprint, as `sha-256 AB:CD:…`, from the description it made.
 *
 * Throws `PrivacyError("fingerprint-missing")` when there is no SHA-256 one, or there are two that differ.
 * @param {string} sdp
 */
export function fingerprintOf(sdp) {
  const found = new Set(lines(sdp).flatMap((line) => SHA_256.exec(line)?.[1].toUpperCase() ?? []));
  if (found.size !== 1) throw new PrivacyError("fingerprint-missing");
  return `sha-256 ${[...found][0]}`;
}

/** The other end's description with the signed fingerprint and no other, at the end of every media section. @param {string} sdp @param {string} fingerprint */
export function pinSdp(sdp, fingerprint) {
  const pinned = [];
  let inMedia = false;
  for (const line of lines(sdp)) {
    if (FINGERPRINT.test(line)) continue;
    if (line.startsWith("m=")) {
      if (inMedia) pinned.push(`a=fingerprint:${fingerprint}`);
      inMedia = true;
    }
    pinned.push(line);
  }
  if (inMedia) pinned.push(`a=fingerprint:${fingerprint}`);
  return joined(pinned);
}

/**
 * A description without the audio-level header extensions (RFC 6464, RFC 6465): they travel beside the encrypted frame, and would tell the
 * relay who speaks and when.
 * @param {string} sdp
 */
export function withoutAudioLevel(sdp) {
  return joined(lines(sdp).filter((line) => !AUDIO_LEVEL.test(line)));
}

/**
 * A description that asks the other end's Opus for one voice (RFC 7587 §6.1), at a constant bit rate without pauses, since the length of a sealed
 * frame would otherwise tell the relay what is spoken, nearly word for word. What was lost comes once more in the packet after it: as it was
 * where both have RED (RFC 2198), and as Opus's own coarser copy where not. Both would cost the voice itself a part of its rate.
 * @param {string} sdp @param {{red?: boolean}} reader `red`: whether the end that this is for has it
 */
export function withVoiceParameters(sdp, { red = true } = {}) {
  const all = lines(sdp);
  const opus = new Set(all.flatMap((line) => OPUS.exec(line)?.[1] ?? []));
  const asked = [`useinbandfec=${red && all.some((line) => RED.test(line)) ? 0 : 1}`, ...VOICE];
  const isParameters = (/** @type {string} */ line) => [...opus].find((payload) => line.startsWith(`a=fmtp:${payload} `));
  const described = new Set(all.flatMap((line) => isParameters(line) ?? []));
  return joined(
    all.flatMap((line) => {
      const payload = OPUS.exec(line)?.[1];
      if (payload && !described.has(payload)) return [line, `a=fmtp:${payload} ${asked.join(";")}`];
      return isParameters(line) ? [asVoice(line, asked)] : [line];
    }),
  );
}

/** @param {string} parameters an `a=fmtp` line @param {string[]} asked */
function asVoice(parameters, asked) {
  const [payload, ...rest] = parameters.split(" ");
  const ours = asked.map((each) => each.split("=")[0]);
  const kept = rest.join(" ").split(";").map((each) => each.trim()).filter((each) => each && !ours.includes(each.split("=")[0].trim()));
  return `${payload} ${[...kept, ...asked].join(";")}`;
}

/** @param {string} sdp */
function lines(sdp) {
  return sdp.split(LINE_ENDS).filter((line) => line !== "");
}

/** @param {string[]} each */
function joined(each) {
  return each.map((line) => `${line}\r\n`).join("");
}
