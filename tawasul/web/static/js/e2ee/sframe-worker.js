/**
 * The worker between a connection's encoders, decoders and packets: seals and opens each frame, apart from the page's own work.
 *
 * Its name is this end's role. It gets `RTCRtpScriptTransform`s with `{side, kind}` and, by messages, the keys of each epoch; what cannot be
 * sealed is not sent, what cannot be opened is not passed on. An import map does not hold in a worker, so nothing is imported by name.
 *
 * @import { Bytes } from "./bytes.js"
 * @import { FrameKeys, Kind, Role } from "./session.js"
 *
 * @typedef {"send" | "receive"} Side
 * @typedef {{do: "send" | "receive", epoch: number, keys: FrameKeys} | {do: "drop", epoch: number} | {do: "repeat", depth: number} | {do: "count"}} Order
 * @typedef {{sealed: number, opened: number, held: number, copies: number, refused: Record<string, number>}} FrameCounts frames of both kinds
 * in all epochs. `held`: not sent for want of a key; `copies`: of frames opened already, or too old to know (`frame-replayed`), which is no
 * sign of anything: Chromium itself sends packets again to measure the path; `refused`: all else that was received and not passed on, by code
 * @typedef {{data: ArrayBuffer, getMetadata?: () => {mimeType?: string, rtpTimestamp?: number}}} EncodedFrame
 * @typedef {object} Transformer RTCRtpScriptTransformer (W3C webrtc-encoded-transform)
 * @property {ReadableStream<EncodedFrame>} readable
 * @property {WritableStream<EncodedFrame>} writable
 * @property {{side: Side, kind: Kind}} options
 * @property {() => Promise<unknown>} [generateKeyFrame] Chromium has none: there the other end asks
 * @property {() => Promise<unknown>} [sendKeyFrameRequest]
 */
import { PrivacyError } from "./errors.js";
import { FrameOpener, FrameSealer } from "./frames.js";
import { Repeater } from "./redundancy.js";

/** Key frames are large: one is asked for at most this often, in milliseconds. */
const ASK_EVERY_MS = 1000;

/** @type {Kind[]} */
const KINDS = ["audio", "video"];
const role = /** @type {{name: Role}} */ (/** @type {unknown} */ (globalThis)).name;
const sealers = { audio: new FrameSealer(role, "audio"), video: new FrameSealer(role, "video") };
const openers = { audio: new FrameOpener(role, "audio"), video: new FrameOpener(role, "video") };
/** @type {FrameCounts} */
const counts = { sealed: 0, opened: 0, held: 0, copies: 0, refused: {} };
/** @type {Set<Transformer>} */
const sendingPictures = new Set();
/** Of the voice that goes out. */
const repeater = new Repeater();
let sendsAlready = false;
let turn = Promise.resolve();

Object.assign(globalThis, {
  /** @param {{transformer: Transformer}} event */
  onrtctransform: ({ transformer }) => transform(transformer),
  /** Orders are carried out one after another. @param {MessageEvent<{id: number, order: Order}>} event */
  onmessage: ({ data: { id, order } }) => {
    turn = turn.then(async () => {
      const done = await carryOut(order).then(
        () => true,
        () => false,
      );
      postMessage({ id, done, counts });
    });
  },
});

/** @param {Transformer} transformer */
function transform(transformer) {
  const { side, kind } = transformer.options;
  const change = side === "send" ? sealing(kind) : opening(kind, transformer);
  if (side === "send" && kind === "video") sendingPictures.add(transformer);
  transformer.readable
    .pipeThrough(
      new TransformStream({
        async transform(frame, passing) {
          const data = await change(new Uint8Array(frame.data), frame);
          if (!data) return;
          frame.data = data.buffer;
          passing.enqueue(frame);
        },
      }),
    )
    .pipeTo(transformer.writable)
    // The connection was closed.
    .catch(() => sendingPictures.delete(transformer));
}

/** Only where the browser says that this is RED: plain Opus may look like it. @param {Bytes} voice @param {EncodedFrame} of @returns {Bytes} */
function repeated(voice, of) {
  const { mimeType, rtpTimestamp } = of.getMetadata?.() ?? {};
  return mimeType?.toLowerCase() === "audio/red" && rtpTimestamp !== undefined ? repeater.again(voice, rtpTimestamp) : voice;
}

/** @param {Kind} kind @returns {(frame: Bytes, of: EncodedFrame) => Promise<Bytes | null>} */
function sealing(kind) {
  return async (frame, of) => {
    try {
      const sealed = await sealers[kind].seal(kind === "audio" ? repeated(frame, of) : frame);
      counts.sealed++;
      return sealed;
    } catch {
      counts.held++;
      return null;
    }
  };
}

/** @param {Kind} kind @param {Transformer} transformer @returns {(frame: Bytes) => Promise<Bytes | null>} */
function opening(kind, transformer) {
  let asked = -ASK_EVERY_MS;
  return async (frame) => {
    try {
      const opened = await openers[kind].open(frame);
      counts.opened++;
      return opened;
    } catch (error) {
      const code = error instanceof PrivacyError ? error.code : "frame-malformed";
      if (code === "frame-replayed") {
        counts.copies++;
        return null;
      }
      counts.refused[code] = (counts.refused[code] ?? 0) + 1;
      if (kind === "video" && performance.now() >= asked + ASK_EVERY_MS) {
        asked = performance.now();
        transformer.sendKeyFrameRequest?.().catch(() => {}); // Not connected yet, or no more.
      }
      return null;
    }
  };
}

/** @param {Order} order */
async function carryOut(order) {
  if (order.do === "receive") await Promise.all(KINDS.map((kind) => openers[kind].install(order.epoch, order.keys[kind])));
  if (order.do === "drop") for (const kind of KINDS) openers[kind].drop(order.epoch);
  if (order.do === "repeat") repeater.depth = order.depth;
  if (order.do !== "send") return;
  await Promise.all(KINDS.map((kind) => sealers[kind].switchTo(order.epoch, order.keys[kind])));
  // What was encoded before there was a key was never sent: the other end has to begin with a key frame.
  if (!sendsAlready) for (const transformer of sendingPictures) transformer.generateKeyFrame?.().catch(() => {});
  sendsAlready = true;
}
