/**
 * Who comes – the citizen alone, one who speaks for them, a group – and who goes before others.
 */
import { byId } from "./controllers.js";
import { onlyDigits } from "./digits.js";

const form = byId("book", HTMLFormElement);
const representative = byId("representative", HTMLElement);
const group = byId("group", HTMLElement);

/** The inputs by the names of the API's fields. */
export const PARTY_FIELDS = {
  representative_name: "representative_name",
  national_id: "representative_id",
  relation: "relation",
  proof_number: "proof_number",
  group_name: "group_name",
  group_size: "group_size",
};

/** Shows the fields of whoever comes. */
export function startParty() {
  form.addEventListener("change", showWho);
  form.addEventListener("reset", () => setTimeout(showWho));
  showWho();
}

/** As the API takes it. @returns {{party: object, priorities: string[]}} */
export function party() {
  const given = new FormData(form);
  const priorities = given.getAll("priority").map(String);
  if (who() === "representative") {
    const party = {
      kind: "representative",
      name: value("representative_name"),
      national_id: value("representative_id"),
      relation: byId("relation", HTMLSelectElement).value,
      proof: byId("proof", HTMLSelectElement).value,
      proof_number: value("proof_number"),
      proof_seen: byId("proof_seen", HTMLInputElement).checked,
    };
    return { party, priorities };
  }
  if (who() === "group") return { party: { kind: "group", name: value("group_name"), size: Number(onlyDigits(value("group_size"))) }, priorities };
  return { party: { kind: "alone" }, priorities };
}

function showWho() {
  for (const [box, name] of /** @type {const} */ ([[representative, "representative"], [group, "group"]])) {
    box.hidden = who() !== name;
    // What is not shown is not asked for.
    for (const input of box.querySelectorAll("input")) input.disabled = box.hidden;
  }
}

/** @returns {string} */
function who() {
  return String(new FormData(form).get("who") ?? "alone");
}

/** @param {string} id @returns {string} */
function value(id) {
  return byId(id, HTMLInputElement).value;
}
