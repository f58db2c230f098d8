// A region for a call between two pages: its anchor, its revocation list, and what an office and a kiosk say of themselves. Keys as JWK.
async (scripts) => {
  const { b64, random } = await import(`${scripts}/e2ee/bytes.js`);
  const { sign } = await import(`${scripts}/e2ee/jws.js`);
  const { signingKey } = await import(`${scripts}/e2ee/keys.js`);
  const urn = (role, place) => `urn:tawasul:madinah:${role}:${place}`;
  const now = Math.floor(Date.now() / 1000);
  const make = async () => {
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    return { ...(await signingKey(pair)), private: await crypto.subtle.exportKey("jwk", pair.privateKey) };
  };
  const [root, issuer, office, kiosk] = await Promise.all([make(), make(), make(), make()]);
  const certificate = (signer, iss, sub, holder, name) => sign(signer, "tawasul-certificate+jwt", {
    iss, sub, jti: b64(random(16)), iat: now, nbf: now, exp: now + 3600, cnf: { jwk: holder.public.jwk }, name,
  }, signer.public.thumbprint);
  const issuing = urn("issuer", "first");
  const issued = await certificate(root, urn("root", "root"), issuing, issuer, { ar: "المُصدر", en: "Issuer" });
  const end = async (role, place, key, name) => ({
    urn: urn(role, place), key: key.private, chain: [await certificate(issuer, issuing, urn(role, place), key, name), issued],
  });
  const list = { iss: issuing, iat: now, exp: now + 86_400, seq: 1, serials: [], keys: [] };
  return {
    anchor: { v: 1, region: "madinah", name: { ar: "المدينة المنورة", en: "Madinah" }, root: root.public.jwk },
    revocations: { list: await sign(issuer, "tawasul-revocations+jwt", list, issuer.public.thumbprint), chain: [issued] },
    office: await end("office", "emirate", office, { ar: "مكتب سمو الأمير", en: "The Amir’s office" }),
    kiosk: await end("kiosk", "badr-1", kiosk, { ar: "كشك بدر", en: "Badr kiosk" }),
  };
}
