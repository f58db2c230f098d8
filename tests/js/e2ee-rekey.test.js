// New keys while a call runs: both ends agree, in order; anything wrong or late ends the attempt.
import assert from "node:assert/strict";
import { test } from "node:test";
import { b64, random } from "../../tawasul/web/static/js/e2ee/bytes.js";
import { RekeyCitizen, RekeyOffice } from "../../tawasul/web/static/js/e2ee/rekey.js";
import { Epoch } from "../../tawasul/web/static/js/e2ee/session.js";

async function ends() {
  const [transcript, secret] = [random(32), random(32)];
  const epoch = () => Epoch.of(0, transcript, secret);
  return { citizen: new RekeyCitizen(await epoch(), 0), office: new RekeyOffice(await epoch()) };
}

const said = (effects) => effects.find((each) => each.do === "send")?.message;
const does = (effects) => effects.map((each) => each.do);
const message = (given) => ({ type: "message", message: given });
const refusal = (effects) => effects.find((each) => each.do === "refuse")?.error.code ?? null;

test("three rekeys: receivers first, then senders, then the old epoch goes", async () => {
  const { citizen, office } = await ends();
  for (let number = 1; number <= 3; number++) {
    const now = 300 * number;
    assert.equal(citizen.deadline, now);
    assert.deepEqual(await citizen.handle({ type: "time" }, now - 1), []);
    const begun = await citizen.handle({ type: "time" }, now);
    assert.equal(citizen.deadline, now + 30);
    const answered = await office.handle(message(said(begun)), now);
    assert.deepEqual(does(answered), ["install-receive", "send"]);
    const switched = await citizen.handle(message(said(answered)), now);
    assert.deepEqual(does(switched), ["install-receive", "switch-send", "send"]);
    const last = await office.handle(message(said(switched)), now + 1);
    assert.deepEqual(does(last), ["switch-send"]);
    const [one, other] = [switched[1].epoch, last[0].epoch];
    assert.equal(one.number, number);
    assert.deepEqual(await one.frameKeys("office"), await other.frameKeys("office"));
    assert.equal(citizen.deadline, now + 5);
    assert.equal(office.deadline, now + 6);
    assert.deepEqual(await citizen.handle({ type: "time" }, now + 5), [{ do: "drop", epoch: number - 1 }]);
    assert.deepEqual(await office.handle({ type: "time" }, now + 6), [{ do: "drop", epoch: number - 1 }]);
    assert.equal(office.deadline, null);
  }
});

test("a rekey that is not done in time ends the attempt, at both ends", async () => {
  const { citizen, office } = await ends();
  const first = said(await citizen.handle({ type: "time" }, 300));
  await office.handle(message(first), 301);
  assert.equal(refusal(await citizen.handle({ type: "time" }, 330)), "rekey-late");
  assert.equal(refusal(await office.handle({ type: "time" }, 331)), "rekey-late");
  for (const end of [citizen, office]) {
    assert.equal(end.deadline, null);
    assert.deepEqual(await end.handle({ type: "time" }, 400), [], "nothing comes out after");
  }
});

const WRONG = {
  "another mac": (given) => ({ ...given, mac: b64(random(32)) }),
  "another key share": (given) => ({ ...given, pk: b64(random(1216)) }),
  "a short key share": (given) => ({ ...given, pk: b64(random(1215)) }),
  "another epoch": (given) => ({ ...given, epoch: 2 }),
  "the present epoch": (given) => ({ ...given, epoch: 0 }),
  "another step": (given) => ({ ...given, step: 2 }),
  "no step": (given) => ({ ...given, step: "1" }),
  "a member more": (given) => ({ ...given, more: 1 }),
  "a member less": ({ mac: _, ...given }) => given,
  "another kind": (given) => ({ ...given, type: "goodbye" }),
};

for (const [what, change] of Object.entries(WRONG)) {
  test(`the office refuses a first message with ${what}`, async () => {
    const { citizen, office } = await ends();
    const first = said(await citizen.handle({ type: "time" }, 300));
    assert.equal(refusal(await office.handle(message(change(first)), 300)), "rekey-wrong");
  });
}

test("messages that are repeated, reflected or out of turn are refused", async () => {
  const { citizen, office } = await ends();
  const first = said(await citizen.handle({ type: "time" }, 300));
  const second = said(await office.handle(message(first), 300));
  assert.equal(refusal(await office.handle(message(first), 300)), "rekey-wrong");
  const third = said(await citizen.handle(message(second), 300));
  assert.equal(refusal(await citizen.handle(message(second), 300)), "rekey-wrong");
  const { citizen: other, office: fresh } = await ends();
  assert.equal(refusal(await fresh.handle(message(third), 300)), "rekey-wrong");
  assert.equal(refusal(await other.handle(message(said(await other.handle({ type: "time" }, 300))), 300)), "rekey-wrong");
});

test("an answer that was changed is refused", async () => {
  for (const change of [{ ct: b64(random(1168)) }, { mac: b64(random(32)) }, { ct: "" }]) {
    const { citizen, office } = await ends();
    const first = said(await citizen.handle({ type: "time" }, 300));
    const second = said(await office.handle(message(first), 300));
    assert.equal(refusal(await citizen.handle(message({ ...second, ...change }), 300)), "rekey-wrong");
  }
});

test("a last message that was changed switches nothing", async () => {
  const { citizen, office } = await ends();
  const second = said(await office.handle(message(said(await citizen.handle({ type: "time" }, 300))), 300));
  const third = said(await citizen.handle(message(second), 300));
  assert.deepEqual(does(await office.handle(message({ ...third, mac: b64(random(32)) }), 300)), ["refuse"]);
});
