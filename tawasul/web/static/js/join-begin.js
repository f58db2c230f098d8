/**
 * The welcome: with the citizen's consent, their link is bound to this device.
 */
import { post, Problem } from "./api.js";
import { byId } from "./controllers.js";

const KEY = "tawasul-begun";

/** The link's token, from the page's own address. */
function token() {
  return location.pathname.split("/").filter(Boolean).at(-1) ?? "";
}

/** Whether this page was already begun: known to the server's page, or to this tab since a reload. */
export function hasBegun() {
  return byId("join", HTMLElement).dataset.begun === "true" || sessionStorage.getItem(KEY) === token();
}

/** Forgets that this page was begun: the server no longer knows the device. */
export function forgetBegun() {
  sessionStorage.removeItem(KEY);
}

/**
 * @param {() => void} begun
 * @param {(problem: Problem) => void} refused
 */
export function offerToBegin(begun, refused) {
  const consent = byId("consent", HTMLInputElement);
  const error = byId("consent-error", HTMLElement);
  const button = byId("begin", HTMLButtonElement);
  consent.addEventListener("change", () => {
    if (consent.checked) error.hidden = true;
  });
  button.addEventListener("click", async () => {
    error.hidden = consent.checked;
    consent.setAttribute("aria-invalid", String(!consent.checked));
    if (!consent.checked) return consent.focus();
    button.disabled = true;
    try {
      await post("/api/join/begin", { token: token() });
      sessionStorage.setItem(KEY, token());
      begun();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      refused(problem);
    } finally {
      button.disabled = false;
    }
  });
}
