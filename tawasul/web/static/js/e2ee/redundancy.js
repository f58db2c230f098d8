/**
 * Redundant audio data, RED (RFC 2198): a packet carries earlier frames of speech again before its own. Pure.
 *
 * Browsers repeat one frame. Where much is lost that is not enough, and the encoder's own repair (Opus's in-band FEC) takes from the voice
 * what it gives to the repair; so `Repeater` puts one more before it. The kiosk has the same format in `kiosk_client/media/core/redundancy.py`.
 *
 * @import { Bytes } from "./bytes.js"
 * @typedef {{payloadType: number, behind: number, frame: Bytes}} Block `behind`: ticks by which it lies behind the packet's own, which has 0
 */
import { join } from "./bytes.js";

/** Frames in one packet at most: beyond eight earlier ones nothing is sent by anybody. */
const MOST_BLOCKS = 9;
/** What the header of an earlier frame has room for (section 3), in ticks and bytes. */
const [FARTHEST_BEHIND, LARGEST_EARLIER] = [(1 << 14) - 1, (1 << 10) - 1];
/** Earlier frames that `Repeater` keeps. */
const DEEPEST = 2;

/** The frames in a packet, its own at the end; null for what is no RED. @param {Bytes} payload @returns {Block[] | null} */
export function splitRed(payload) {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const headers = [];
  let at = 0;
  for (; payload[at] & 0x80; at += 4) {
    if (headers.length + 1 >= MOST_BLOCKS || payload.length < at + 4) return null;
    const header = view.getUint32(at);
    headers.push({ payloadType: (header >>> 24) & 0x7f, behind: (header >>> 10) & FARTHEST_BEHIND, size: header & LARGEST_EARLIER });
  }
  if (at >= payload.length) return null;
  const own = payload[at++];
  const blocks = [];
  for (const { payloadType, behind, size } of headers) {
    if (payload.length < at + size) return null;
    blocks.push({ payloadType, behind, frame: payload.subarray(at, at + size) });
    at += size;
  }
  return [...blocks, { payloadType: own, behind: 0, frame: payload.subarray(at) }];
}

/** A packet's payload; its own frame is the last. Throws `RangeError` for what section 3 has no room for. @param {Block[]} blocks */
export function joinRed(blocks) {
  const own = /** @type {Block} */ (blocks.at(-1));
  const earlier = blocks.slice(0, -1);
  if (blocks.length > MOST_BLOCKS || earlier.some(({ behind, frame }) => !(behind > 0 && behind <= FARTHEST_BEHIND && frame.length <= LARGEST_EARLIER))) {
    throw new RangeError("too many earlier frames, or one that is too long ago or too large");
  }
  const headers = new DataView(new ArrayBuffer(4 * earlier.length + 1));
  earlier.forEach(({ payloadType, behind, frame }, n) => headers.setUint32(4 * n, ((0x80 | payloadType) << 24) | (behind << 10) | frame.length));
  headers.setUint8(4 * earlier.length, own.payloadType);
  return join(new Uint8Array(headers.buffer), ...blocks.map(({ frame }) => frame));
}

/** Repeats frames in a stream whose encoder repeats one already. One for each stream. */
export class Repeater {
  /** Earlier frames in each packet; with 1 and fewer the encoder's packets stay as they are. */
  depth = 1;
  /** The last ones. @type {{timestamp: number, frame: Bytes}[]} */ #sent = [];

  /** The packet as it is to be sent; what is no RED as it came. @param {Bytes} payload @param {number} timestamp of RTP, 32 bits */
  again(payload, timestamp) {
    const blocks = splitRed(payload);
    const own = blocks?.at(-1);
    if (!own) return payload;
    const earlier = this.#sent
      .map((one) => ({ payloadType: own.payloadType, behind: (timestamp - one.timestamp) >>> 0, frame: one.frame }))
      .filter(({ behind }) => behind > 0 && behind <= FARTHEST_BEHIND)
      .slice(-this.depth);
    this.#sent = [...this.#sent, { timestamp, frame: own.frame.slice() }].slice(-DEEPEST).filter(({ frame }) => frame.length > 0 && frame.length <= LARGEST_EARLIER);
    return this.depth > 1 && earlier.length > 1 ? joinRed([...earlier, own]) : payload;
  }
}
