// One end in node, driven by lines of JSON: the browser's code against Python's, as tests/integration/test_e2ee_languages.py has it.
import { createInterface } from "node:readline";
import { makeAttestation } from "../../tawasul/web/static/js/e2ee/attestation.js";
import { b64, fromB64 } from "../../tawasul/web/static/js/e2ee/bytes.js";
import { readAnchor } from "../../tawasul/web/static/js/e2ee/certificate.js";
import { CitizenEnd } from "../../tawasul/web/static/js/e2ee/citizen-end.js";
import { FrameOpener, FrameSealer } from "../../tawasul/web/static/js/e2ee/frames.js";
import { generateSigningKey } from "../../tawasul/web/static/js/e2ee/keys.js";
import { OfficeEnd } from "../../tawasul/web/static/js/e2ee/office-end.js";
import { RekeyCitizen, RekeyOffice } from "../../tawasul/web/static/js/e2ee/rekey.js";
import { Trust } from "../../tawasul/web/static/js/e2ee/revocation.js";
import { otherThan } from "../../tawasul/web/static/js/e2ee/session.js";

const key = await generateSigningKey();
let end, session, rekey, role;
const sealers = {};
const openers = {};

const does = {
  key: () => key.public.jwk,

  async start({ as, sid, chain, urn, office, kiosk, anchor, list, now }) {
    role = as;
    const trust = new Trust(await readAnchor(anchor));
    await trust.learn(list, now);
    const credentials = { key, chain, urn };
    end = role === "citizen" ? new CitizenEnd({ sid, credentials, office, trust }) : new OfficeEnd({ sid, credentials, kiosk, trust });
    return true;
  },

  async give({ given, now }) {
    const effects = await end.handle(given.payload ? { ...given, payload: fromB64(given.payload) } : given, now);
    session ??= effects.find((each) => each.do === "confirmed")?.session;
    return effects.map(({ payload, error, peer, ...effect }) => ({
      do: effect.do, fingerprint: effect.fingerprint, payload: payload && b64(payload), code: error?.code, urn: peer?.urn, thumbprint: peer?.thumbprint,
    }));
  },

  async session({ now }) {
    rekey = role === "citizen" ? new RekeyCitizen(session.epoch, now) : new RekeyOffice(session.epoch);
    for (const kind of ["audio", "video"]) {
      sealers[kind] = new FrameSealer(role, kind);
      openers[kind] = new FrameOpener(role, kind);
    }
    await receiveUnder(session.epoch);
    await sendUnder(session.epoch);
    return { phrase: session.phrase, th: b64(session.transcript), peer: session.peer.thumbprint };
  },

  async rekey({ message, now }) {
    const effects = await rekey.handle(message ? { type: "message", message } : { type: "time" }, now);
    for (const each of effects) {
      if (each.do === "install-receive") await receiveUnder(each.epoch);
      if (each.do === "switch-send") await sendUnder(each.epoch);
      if (each.do === "drop") Object.values(openers).forEach((opener) => opener.drop(each.epoch));
    }
    return effects.map(({ do: name, message: said, error }) => ({ do: name, message: said, code: error?.code }));
  },

  seal: async ({ kind, frame }) => b64(await sealers[kind].seal(fromB64(frame))),
  open: ({ kind, frame }) => openers[kind].open(fromB64(frame)).then(b64, (error) => ({ code: error.code })),
  attest: ({ statement }) => makeAttestation(key, statement),
};

async function receiveUnder(epoch) {
  const keys = await epoch.frameKeys(otherThan(role));
  for (const [kind, opener] of Object.entries(openers)) await opener.install(epoch.number, keys[kind]);
}

async function sendUnder(epoch) {
  const keys = await epoch.frameKeys(role);
  for (const [kind, sealer] of Object.entries(sealers)) await sealer.switchTo(epoch.number, keys[kind]);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...given } = JSON.parse(line);
  console.log(JSON.stringify(await does[ask](given)));
}
