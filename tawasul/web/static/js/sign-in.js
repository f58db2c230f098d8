/**
 * Signing in: the form goes as JSON; afterwards to where the person wanted to go, or to where their work is.
 */
import { post } from "./api.js";
import { byId } from "./controllers.js";
import { allFilled, attempt, clearErrors } from "./form.js";

const form = byId("sign-in", HTMLFormElement);
const userName = byId("user_name", HTMLInputElement);
const password = byId("password", HTMLInputElement);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearErrors(form);
  if (!allFilled(form)) return;
  const problem = await attempt(event.submitter, signIn, { notice: "sign-in-problem" });
  if (problem) {
    password.value = "";
    password.focus();
  }
});

// Until here nobody would have heard it being pressed.
byId("sign-in-button", HTMLButtonElement).disabled = false;

async function signIn() {
  const session = await post("/api/session", { user_name: userName.value.trim(), password: password.value });
  const next = ownPath(new URLSearchParams(location.search).get("next"));
  // Where the person was sent from here, the browser has kept what followed the # there.
  location.assign(next ? next + location.hash : session.first_page);
}

/** The address of the path, if it is on our own host. @param {string | null} path @returns {string | null} */
function ownPath(path) {
  if (!path) return null;
  const address = new URL(path, location.origin);
  // Whole: of "/.//host" the path alone is "//host", which is another host's address.
  return address.origin === location.origin && path.startsWith("/") ? address.href : null;
}
