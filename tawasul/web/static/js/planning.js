/**
 * The office plans its time: one panel a subject, named by the fragment of the address.
 */
import "./date-field.js";
import { byId } from "./controllers.js";
import { startCentres } from "./planning-centres.js";
import { startClosures } from "./planning-closures.js";
import { startDays } from "./planning-days.js";
import { startSittings } from "./planning-sittings.js";

const PANELS = ["sittings", "closures", "days", "centres"];

/** What a panel does when it is looked at. @type {Record<string, () => unknown>} */
const look = {
  sittings: startSittings(),
  closures: startClosures(),
  days: startDays(),
  centres: startCentres(),
};

addEventListener("hashchange", () => {
  open();
  const title = document.getElementById(`${present()}-title`);
  title?.focus();
});
open();

function present() {
  const named = location.hash.slice(1);
  return PANELS.includes(named) ? named : PANELS[0];
}

function open() {
  const name = present();
  for (const panel of document.querySelectorAll(".planning-panel")) panel.toggleAttribute("hidden", panel.getAttribute("data-panel") !== name);
  for (const link of byId("planning-tabs", HTMLElement).querySelectorAll("a")) {
    if (link.getAttribute("href") === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  void look[name]();
}
