/**
 * Every encoded frame of sound and picture, sealed before it is packed and opened before it is decoded.
 *
 * What travels is `clear ‖ SFrame header ‖ ciphertext ‖ tag`. `clear` is what a packetizer must read: of VP8 the first 10 bytes of a key
 * frame and the first byte of another, of Opus nothing; it is authenticated all the same. Without a key nothing is sealed and nothing opened:
 * the caller drops the frame, and never passes it on. Imported by the worker, so by relative paths only.
 *
 * @import { Bytes } from "./bytes.js"
 * @import { Kind, Role } from "./session.js"
 */
import { join } from "./bytes.js";
import { refuseUnless } from "./errors.js";
import { ReplayWindow } from "./replay-window.js";
import { kidOf, otherThan } from "./session.js";
import { FrameKey, TAG_LENGTH, readHeader } from "./sframe.js";

/** The frame tag, the start code and the size of a VP8 key frame, in bytes (RFC 6386 §9.1). */
const KEY_FRAME_CLEAR = 10;

/**
 * How many bytes at the beginning of an encoded frame, sealed or not, stay readable.
 *
 * Throws `PrivacyError("frame-malformed")` for a picture that is shorter than its clear part.
 * @param {Kind} kind
 * @param {Uint8Array} frame
 */
export function clearLength(kind, frame) {
  if (kind === "audio") return 0;
  refuseUnless(frame.length > 0, "frame-malformed");
  const length = frame[0] & 1 ? 1 : KEY_FRAME_CLEAR; // RFC 6386 §9.1: 0 is a key frame.
  refuseUnless(frame.length >= length, "frame-malformed");
  return length;
}

/** Seals what this end sends of one kind. One for each kind and session: a second would use counters twice. */
export class FrameSealer {
  #role;
  #kind;
  /** @type {FrameKey | null} */ #key = null;
  #counter = 0;
  #epoch = -1;

  /** @param {Role} role this end's @param {Kind} kind */
  constructor(role, kind) {
    this.#role = role;
    this.#kind = kind;
  }

  /** From the next frame on, seal under this epoch. Throws `RangeError` for one that is not later: its counters would be used twice. @param {number} epoch @param {Bytes} baseKey */
  async switchTo(epoch, baseKey) {
    if (epoch <= this.#epoch) throw new RangeError("an epoch is begun once");
    this.#epoch = epoch;
    const key = await FrameKey.of(kidOf(epoch, this.#role, this.#kind), baseKey);
    this.#key = key;
    this.#counter = 0;
  }

  /** The frame as it travels. Throws `PrivacyError`: `frame-key-unknown` before the first `switchTo`, `frame-malformed`. @param {Bytes} frame */
  async seal(frame) {
    refuseUnless(this.#key, "frame-key-unknown");
    const clear = frame.subarray(0, clearLength(this.#kind, frame));
    const counter = this.#counter++; // Before anything is awaited: no two frames have the same one.
    return join(clear, await this.#key.seal(counter, clear, frame.subarray(clear.length)));
  }
}

/** Opens what the other end sends of one kind, under as many epochs as are installed. */
export class FrameOpener {
  #sender;
  #kind;
  /** By key id. @type {Map<bigint, {key: FrameKey, seen: ReplayWindow}>} */ #receiving = new Map();

  /** @param {Role} role this end's @param {Kind} kind */
  constructor(role, kind) {
    this.#sender = otherThan(role);
    this.#kind = kind;
  }

  /** Open frames of this epoch too. A second time for the same epoch changes nothing. @param {number} epoch @param {Bytes} baseKey */
  async install(epoch, baseKey) {
    const kid = kidOf(epoch, this.#sender, this.#kind);
    const key = await FrameKey.of(kid, baseKey);
    if (!this.#receiving.has(BigInt(kid))) this.#receiving.set(BigInt(kid), { key, seen: new ReplayWindow() });
  }

  /** Open no more frames of this epoch. @param {number} epoch */
  drop(epoch) {
    this.#receiving.delete(BigInt(kidOf(epoch, this.#sender, this.#kind)));
  }

  /**
   * The frame as its encoder made it.
   *
   * Throws `PrivacyError`: `frame-malformed`, `frame-wrong-sender`, `frame-key-unknown`, `frame-replayed`, `frame-forged`; nothing of the
   * frame may then be passed on.
   * @param {Bytes} frame
   */
  async open(frame) {
    const clear = frame.subarray(0, clearLength(this.#kind, frame));
    const rest = frame.subarray(clear.length);
    const header = readHeader(rest);
    refuseUnless(rest.length >= header.size + TAG_LENGTH, "frame-malformed");
    refuseUnless(Number(header.kid & 3n) === kidOf(0, this.#sender, this.#kind), "frame-wrong-sender");
    const receiving = this.#receiving.get(header.kid);
    refuseUnless(receiving, "frame-key-unknown");
    refuseUnless(!receiving.seen.has(header.counter), "frame-replayed");
    const plain = await receiving.key.open(header, rest, clear);
    // Only now: a forged counter must not push true ones out of the window. And once more, since others were opened meanwhile.
    refuseUnless(!receiving.seen.has(header.counter), "frame-replayed");
    receiving.seen.add(header.counter);
    return join(clear, plain);
  }
}
