// Review: a server cannot talk two browsers into a codec of whose frames we would leave the wrong bytes in clear.
import assert from "node:assert/strict";
import { test } from "node:test";
import { preferred } from "../../tawasul/web/static/js/call/shapes.js";

const named = (...types) => types.map((mimeType) => ({ mimeType }));

test("of what a browser can do, only VP8 and Opus are negotiated, and what repairs the loss of their packets", () => {
  const video = named("video/H264", "video/rtx", "video/VP9", "video/AV1", "video/H265", "video/red", "video/ulpfec", "video/VP8");
  assert.deepEqual(preferred(video), named("video/VP8", "video/rtx", "video/red", "video/ulpfec"));
  const audio = named("audio/red", "audio/G722", "audio/PCMU", "audio/CN", "audio/telephone-event", "audio/opus");
  assert.deepEqual(preferred(audio), named("audio/red", "audio/opus"));
});
