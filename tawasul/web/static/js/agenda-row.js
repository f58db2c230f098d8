/**
 * A row of what is before the office: the case, by which step it came, what was said with it, and how long it has been there.
 */
import { caseRow } from "./case-view.js";
import { element } from "./elements.js";
import { dates, nameOf, say } from "./words.js";

/**
 * As `BeforeOfficeView` in `tawasul/casework/web/given.py`.
 * @typedef {import("./case-words.js").Case & {brought_by: string | null, words: string | null, since: string}} BeforeOffice
 */

/** @type {Record<string, string>} */
const BROUGHT = {
  contested: "agenda-brought-contested",
  heard: "agenda-brought-heard",
  corrected: "agenda-brought-corrected",
  returned: "agenda-brought-returned",
};

/** @param {BeforeOffice} given @returns {HTMLLIElement} */
export function agendaRow(given) {
  // That it is on the agenda goes without saying here.
  const row = caseRow({ ...given, agenda: null }, { href: `#${given.id}` });
  const where = given.agency ? `${nameOf(given.governorate)} · ${nameOf(given.agency)}` : nameOf(given.governorate);
  row.querySelector(".case-open")?.append(element("span", "case-under", where));
  row.append(why(given));
  return row;
}

/** Why it is here, and since when. @param {BeforeOffice} given @returns {HTMLElement} */
export function why({ brought_by, words, since, contests }) {
  const what = brought_by === "contested" && contests > 1 ? say("agenda-brought-again", { count: contests }) : say(BROUGHT[brought_by ?? ""] ?? "agenda-brought-overdue");
  const node = element("div", "agenda-why", element("p", "agenda-why-what", `${what} – ${say("agenda-since", { day: dates.day(since) })}`));
  if (words) {
    const quoted = element("blockquote", "case-words", words);
    quoted.dir = "auto";
    node.append(quoted);
  }
  return node;
}
