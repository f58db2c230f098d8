/**
 * Names of those who hold keys: `urn:tawasul:<region>:<role>:<place>`. Pure.
 *
 * @typedef {"root" | "issuer" | "steward" | "office" | "kiosk"} DeviceRole
 * @typedef {{region: string, role: DeviceRole, place: string}} DeviceName
 */
import { PrivacyError } from "./errors.js";

const NAME = /^urn:tawasul:([a-z0-9-]{1,64}):(root|issuer|steward|office|kiosk):([a-z0-9-]{1,64})$/;

/** Throws `PrivacyError("name-malformed")`. @param {unknown} text @returns {DeviceName} */
export function parseName(text) {
  const found = typeof text === "string" ? NAME.exec(text) : null;
  if (!found) throw new PrivacyError("name-malformed");
  return { region: found[1], role: /** @type {DeviceRole} */ (found[2]), place: found[3] };
}

/** @param {DeviceName} name */
export function nameText({ region, role, place }) {
  return `urn:tawasul:${region}:${role}:${place}`;
}
