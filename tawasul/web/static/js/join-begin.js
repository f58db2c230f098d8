/**
 * The way in: the link's token is bound to this device with the citizen's consent; afterwards the device is known by its cookie.
 *
 * The token stands in the fragment of the address, which no server sees; once it is used it leaves the address, the history and the screen.
 */
import { get, post, Problem } from "./api.js";
import { byId } from "./controllers.js";

/** @typedef {{audience_id: string, reference: string, state: string, slot_starts_at: string, csrf: string}} OwnAudience */

function token() {
  return location.hash.slice(1);
}

/**
 * The audience of this device, when it is known and no other link was just opened.
 * @returns {Promise<OwnAudience | null>} null when the welcome has to come first
 * @throws {Problem} no-answer, or link-not-valid when there is neither a link nor a known device
 */
export async function ownAudience() {
  if (token()) return null;
  try {
    return await get("/api/join/me");
  } catch (problem) {
    if (problem instanceof Problem && problem.code === "not-signed-in") throw new Problem("link-not-valid", 401, problem.text);
    throw problem;
  }
}

/**
 * @param {(own: OwnAudience) => void} begun
 * @param {(problem: Problem) => void} refused
 */
export function offerToBegin(begun, refused) {
  const consent = byId("consent", HTMLInputElement);
  const error = byId("consent-error", HTMLElement);
  const button = byId("begin", HTMLButtonElement);
  const check = () => {
    error.hidden = consent.checked;
    consent.setAttribute("aria-invalid", String(!consent.checked));
  };
  consent.addEventListener("change", check);
  button.addEventListener("click", async () => {
    check();
    if (!consent.checked) return consent.focus();
    button.disabled = true;
    try {
      const own = await post("/api/join/begin", { token: token() });
      history.replaceState(null, "", location.pathname + location.search);
      begun(own);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      refused(problem);
    } finally {
      button.disabled = false;
    }
  });
}
