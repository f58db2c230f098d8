/**
 * Turns a browser away that lacks what keeps a call private, before it is asked for anything (`_turned_away.html`).
 */
import { alertNow } from "./announce.js";
import { byId } from "./controllers.js";
import { missingFeatures } from "./e2ee/features.js";
import { say } from "./words.js";

/** Done when this browser has all that is needed. For another it is never done: the page says so, and nothing after it happens. */
export async function fitBrowser() {
  const missing = await missingFeatures(globalThis);
  if (missing.length === 0) return;
  byId("turned-away-missing", HTMLElement).textContent = missing.join(", ");
  byId("turned-away", HTMLElement).hidden = false;
  alertNow(`${say("gate-title")}. ${say("gate-text")}`);
  await new Promise(() => {});
}
