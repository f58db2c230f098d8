// The browser's verification of a receipt, over texts that the Python side has signed (tests/vectors/receipt.json).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { canVerify, keysOf, readReceipt, tokenIn } from "../../tawasul/web/static/js/receipt-read.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/receipt.json", import.meta.url), "utf8"));
const keys = await keysOf(vectors.keys);

async function reason(given) {
  try {
    await readReceipt(given, keys);
    return null;
  } catch (problem) {
    if (problem.name !== "ReceiptRefused") throw problem;
    return problem.reason;
  }
}

test("this engine can", async () => assert.equal(await canVerify(), true));

test("what was signed is read", async () => {
  for (const { token, receipt } of vectors.genuine) assert.deepEqual(await readReceipt(token, keys), receipt);
});

test("it may be given in several ways", async () => {
  const { token, digits, receipt } = vectors.genuine[0];
  const arabic = digits.replace(/[0-9]/g, (digit) => String.fromCharCode(0x0660 + Number(digit)));
  for (const given of [` ${token.slice(0, 50)}\r\n${token.slice(50)} `, `https://majlis.example:8443/receipt#${digits}`, arabic, `اففحس:ظظ:8443ظ#${digits}`]) {
    assert.equal(tokenIn(given), token);
    assert.deepEqual(await readReceipt(given, keys), receipt);
  }
});

test("every bit flipped is refused", async () => {
  // Of the digits every fifth, which is some of each part.
  for (const [text, step] of [[vectors.genuine[0].token, 1], [vectors.genuine[0].digits, 5]]) {
    const taken = [];
    for (let at = 0; at < text.length; at += step) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1);
        if ((await reason(flipped)) === null) taken.push([at, bit]);
      }
    }
    assert.deepEqual(taken, []);
  }
});

test("every beginning of it is refused", async () => {
  const { token } = vectors.genuine[0];
  for (let length = 0; length < token.length; length++) assert.notEqual(await reason(token.slice(0, length)), null);
});

test("what is no receipt of ours is refused, as Python refuses it", async () => {
  for (const { token, refused } of vectors.refused) assert.equal(await reason(token), refused, token.slice(0, 80));
});

test("keys of another kind are left out", async () => {
  for (const wrong of [null, {}, { keys: 5 }, { keys: [null, {}, { kty: "oct", k: "AAAA" }, { kty: "OKP", crv: "X25519", x: "AA" }] }]) {
    assert.equal((await keysOf(wrong)).size, 0);
  }
});
