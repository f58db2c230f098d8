/**
 * What the office follows: figures of a stretch of days, plotted and tabled, and the cases behind them. The address keeps what is shown, so that it
 * can be opened again; there is nobody's name in it.
 */
import { announce, icon } from "./announce.js";
import { get, Problem } from "./api.js";
import { byId } from "./controllers.js";
import { putDay } from "./date-field.js";
import { element, noon } from "./elements.js";
import { hideCases, showCases, showNobody } from "./follow-through-cases.js";
import { openBar, weeksPlot } from "./follow-through-plot.js";
import { presets, rangeIn } from "./follow-through-range.js";
import { clearErrors, fieldError, notice } from "./form.js";
import { dayOf, input, today } from "./planning-fields.js";
import { dates, nameOf, say } from "./words.js";

/** @typedef {import("./case-words.js").Name} Name */
/** @typedef {import("./follow-through-range.js").Range} Range */
/** @typedef {{no: number, partly: number, yes: number} | null} Satisfied */
/** @typedef {{open: number, overdue: number, opened: number, answered: number, closed: number, median_days: number | null, contested_share: number | null}} Line */
/** @typedef {Line & {id: string, name: Name}} GovernorateLine */
/** @typedef {Line & {id: string | null, name: Name | null, satisfaction: Satisfied}} AgencyLine */
/** As `FollowThroughView` in `tawasul/casework/web/given_follow_through.py`.
 * @typedef {{first: string, last: string, total: Line, governorates: GovernorateLine[], agencies: AgencyLine[],
 *   weeks: import("./follow-through-plot.js").Week[], satisfaction: Satisfied,
 *   spared: {audiences: number, kilometres: number, hours: number, kilometres_an_hour: number}}} Figures
 */

/** The width that a plot has on A4, in CSS pixels. */
const ON_PAPER = 660;

/** Weeks: of more than these a day says its year. */
const OF_A_YEAR = 53;

const rightToLeft = document.documentElement.dir === "rtl";
const choices = byId("follow-range", HTMLFieldSetElement);
const own = byId("follow-own", HTMLFormElement);
const loading = byId("follow-loading", HTMLElement);
const body = byId("follow-figures", HTMLElement);
const empty = byId("follow-empty", HTMLElement);
const plot = byId("follow-plot", HTMLElement);
const weeksTable = byId("follow-weeks-table", HTMLDetailsElement);
const files = [byId("follow-csv", HTMLAnchorElement), byId("follow-xlsx", HTMLAnchorElement)];
const printing = byId("follow-print", HTMLButtonElement);

/** @type {Figures | null} */
let shown = null;

/** @type {Range} */
let asked;

let turn = new AbortController();

choices.addEventListener("change", choose);
own.addEventListener("submit", (event) => {
  event.preventDefault();
  clearErrors(own);
  const [from, to] = [dayOf("follow_from"), dayOf("follow_to")];
  if (from && to) void look({ from, to });
});
byId("follow-again", HTMLButtonElement).addEventListener("click", () => void look(asked));
byId("follow-cases-close", HTMLButtonElement).addEventListener("click", () => {
  const from = location.hash;
  history.replaceState(null, "", `${location.pathname}${location.search}`);
  hideCases();
  const link = body.querySelector(`a[href="${CSS.escape(from)}"]`) ?? body.querySelector("a");
  if (link instanceof HTMLElement) link.focus();
});
printing.addEventListener("click", () => print());
addEventListener("hashchange", listCases);
new ResizeObserver(() => plotWeeks(plot.clientWidth)).observe(plot);
addEventListener("beforeprint", () => {
  weeksTable.open = true;
  plotWeeks(ON_PAPER);
});
addEventListener("afterprint", () => {
  weeksTable.open = false;
  plotWeeks(plot.clientWidth);
});
start();

function start() {
  const named = rangeIn(location.search);
  const known = presets(today());
  const same = Object.entries(known).find(([, range]) => range.from === named?.from && range.to === named.to);
  const chosen = named ? (same?.[0] ?? "own") : "month";
  for (const radio of radios()) radio.checked = radio.value === chosen;
  if (chosen === "own" && named) showOwn(named);
  choices.disabled = false;
  void look(named ?? known.month);
}

/** @returns {HTMLInputElement[]} */
function radios() {
  return [...choices.querySelectorAll("input")];
}

function choose() {
  const chosen = radios().find((radio) => radio.checked)?.value;
  clearErrors(own);
  if (chosen === "own") {
    showOwn(asked);
    input("follow_from").focus();
    return;
  }
  own.hidden = true;
  if (chosen === "week" || chosen === "month" || chosen === "year") void look(presets(today())[chosen]);
}

/** @param {Range} range */
function showOwn({ from, to }) {
  own.hidden = false;
  putDay(input("follow_from"), from);
  putDay(input("follow_to"), to);
}

/** @param {Range} range */
async function look(range) {
  asked = range;
  turn.abort();
  turn = new AbortController();
  const { signal } = turn;
  const query = new URLSearchParams({ ...range });
  notice("follow-problem");
  loading.hidden = false;
  body.setAttribute("aria-busy", "true");
  try {
    shown = /** @type {Figures} */ (await get(`/api/office/follow-through?${query}`, signal));
    history.replaceState(null, "", `${location.pathname}?${query}${location.hash}`);
    draw(shown, query);
    listCases();
  } catch (problem) {
    if (signal.aborted) return;
    if (!(problem instanceof Problem)) throw problem;
    if (problem.field === "to" && !own.hidden) {
      fieldError("follow_to", problem.text);
      input("follow_to").focus();
    } else {
      notice("follow-problem", problem.text);
    }
  } finally {
    if (!signal.aborted) {
      loading.hidden = true;
      body.removeAttribute("aria-busy");
    }
  }
}

/** @param {Figures} found @param {URLSearchParams} query */
function draw(found, query) {
  const { total } = found;
  const nothing = !(total.open + total.opened + total.answered + total.closed + found.spared.audiences);
  empty.hidden = !nothing;
  body.hidden = nothing;
  const days = say("follow-shown", { from: dates.day(noon(found.first)), to: dates.day(noon(found.last)) });
  byId("follow-shown", HTMLElement).textContent = days;
  announce(nothing ? say("follow-empty") : days);
  for (const file of files) file.href = `/api/office/follow-through.${file.id.replace("follow-", "")}?${query}`;
  for (const each of [...files, printing]) each.hidden = nothing;
  byId("follow-tiles", HTMLElement).replaceChildren(...tiles(found));
  fill("follow-agencies", found.agencies, (line) => row(line, agencyName(line), agencyHash(line), [satisfiedShare(line.satisfaction)]));
  fill("follow-governorates", found.governorates, (line) => row(line, nameOf(line.name), `#governorate=${line.id}`));
  byId("follow-of-agencies", HTMLElement).hidden = !found.agencies.length;
  byId("follow-of-governorates", HTMLElement).hidden = !found.governorates.length;
  drawWeeks(found);
  const { spared } = found;
  byId("follow-spared-facts", HTMLElement).replaceChildren(
    tile(say("follow-spared-audiences"), number(spared.audiences)),
    tile(say("follow-spared-kilometres"), number(spared.kilometres)),
    tile(say("follow-spared-hours"), number(spared.hours)),
  );
  byId("follow-spared-note", HTMLElement).textContent = say("follow-spared-note", { speed: spared.kilometres_an_hour });
}

/** @param {Figures} found @returns {HTMLElement[]} */
function tiles({ total, satisfaction }) {
  const open = element("a", "follow-link", number(total.open));
  open.href = "#open";
  open.setAttribute("aria-label", `${number(total.open)}: ${say("follow-cases-show")}`);
  const counts = satisfaction && say("follow-satisfied-counts", satisfaction);
  return [
    tile(say("follow-open"), open, say("follow-now")),
    tile(say("follow-overdue"), total.overdue ? late(total.overdue) : number(0), say("follow-now")),
    tile(say("follow-opened"), number(total.opened), say("follow-in-range")),
    tile(say("follow-answered"), number(total.answered), say("follow-in-range")),
    tile(say("follow-closed"), number(total.closed), say("follow-in-range")),
    tile(say("follow-median"), decimal(total.median_days), say("follow-in-range")),
    tile(say("follow-contested"), percent(total.contested_share), say("follow-in-range")),
    tile(say("follow-satisfied"), satisfiedShare(satisfaction), counts ?? "", say("follow-satisfied-months")),
  ];
}

/** @param {string} name @param {string | Node} value @param {...string} notes @returns {HTMLElement} */
function tile(name, value, ...notes) {
  const said = notes.filter(Boolean).map((note) => element("dd", "follow-note", note));
  return element("div", "follow-tile", element("dt", "", name), element("dd", "follow-value", value), ...said);
}

/** @param {number} count @returns {HTMLElement} */
function late(count) {
  return element("span", "follow-late", icon("alert"), number(count));
}

/**
 * @template L
 * @param {string} id
 * @param {L[]} lines
 * @param {(line: L) => HTMLElement} drawn
 */
function fill(id, lines, drawn) {
  byId(id, HTMLElement).replaceChildren(...lines.map(drawn));
}

/** @param {Line} line @param {string} name @param {string} hash @param {string[]} [further] @returns {HTMLElement} */
function row(line, name, hash, further = []) {
  const link = element("a", "follow-link", name);
  link.href = hash;
  const head = element("th", "", link);
  head.scope = "row";
  const most = Math.max(...(shown ? [...shown.agencies, ...shown.governorates] : []).map((each) => each.open));
  const bar = element("td", "follow-bar", openBar(line, most, rightToLeft));
  bar.append(element("span", "only-heard", say("follow-bar-text", { open: number(line.open), overdue: number(line.overdue) })));
  const counts = /** @type {[string, string][]} */ ([
    ["follow-open", number(line.open)],
    ["follow-overdue", number(line.overdue)],
    ["follow-opened", number(line.opened)],
    ["follow-answered", number(line.answered)],
    ["follow-closed", number(line.closed)],
    ["follow-median", decimal(line.median_days)],
    ["follow-contested", percent(line.contested_share)],
    ...further.map((each) => ["follow-satisfied", each]),
  ]);
  const cells = counts.map(([word, text]) => {
    const cell = element("td", "follow-count", text);
    cell.dataset.label = say(word);
    return cell;
  });
  cells[1].toggleAttribute("data-late", line.overdue > 0);
  return element("tr", "", head, bar, ...cells);
}

/** @param {Figures} found */
function drawWeeks({ weeks }) {
  const nothing = weeks.every((week) => !week.opened && !week.closed);
  byId("follow-plot-none", HTMLElement).hidden = !nothing;
  for (const each of [plot, weeksTable, byId("follow-plot-legend", HTMLElement)]) each.hidden = nothing;
  fill("follow-weeks", weeks, (week) => {
    const head = element("th", "", dates.day(noon(week.begins)));
    head.scope = "row";
    return element("tr", "", head, element("td", "follow-count", number(week.opened)), element("td", "follow-count", number(week.closed)));
  });
  plotWeeks(plot.clientWidth);
}

/** @param {number} width CSS pixels */
function plotWeeks(width) {
  if (!shown || !width || plot.hidden) return;
  const { weeks } = shown;
  const most = (/** @type {"opened" | "closed"} */ kind) => number(Math.max(...weeks.map((week) => week[kind])));
  const text = say("follow-weeks-text", { opened: most("opened"), closed: most("closed") });
  const [label, labels] = weeks.length > OF_A_YEAR ? /** @type {const} */ ([172, wholeDay]) : /** @type {const} */ ([116, shortDay]);
  plot.replaceChildren(weeksPlot(weeks, { width, rightToLeft, text, label, labels }));
}

/** In both calendars, where the year is known. @param {string} day @returns {[string, string]} */
function shortDay(day) {
  const { day: number, month } = dates.hijriParts(noon(day));
  return [`${number} ${month}`, dates.gregorianShort(noon(day))];
}

/** @param {string} day @returns {[string, string]} */
function wholeDay(day) {
  return [dates.hijri(noon(day)), dates.gregorian(noon(day))];
}

/** The cases that the address names, once there are figures to know whose they are. */
function listCases() {
  const hash = location.hash.slice(1);
  if (!hash || !shown) {
    hideCases();
    return;
  }
  if (hash === "open") return void showCases({ query: {}, name: null });
  const agency = shown.agencies.find((line) => agencyHash(line) === `#${hash}`);
  if (agency) return void showCases({ query: agency.id ? { agency: agency.id } : { with_no_agency: "true" }, name: agencyName(agency) });
  const governorate = shown.governorates.find((line) => `governorate=${line.id}` === hash);
  if (governorate) return void showCases({ query: { governorate: governorate.id }, name: nameOf(governorate.name) });
  showNobody();
}

/** @param {AgencyLine} line */
function agencyHash(line) {
  return line.id ? `#agency=${line.id}` : "#no-agency";
}

/** @param {AgencyLine} line */
function agencyName(line) {
  return line.name ? nameOf(line.name) : say("follow-no-agency");
}

/** @param {number} count */
function number(count) {
  return say("follow-number", { number: count });
}

/** @param {number | null} days */
function decimal(days) {
  return days === null ? say("follow-few") : number(days);
}

/** @param {number | null} share */
function percent(share) {
  return share === null ? say("follow-few") : say("follow-percent", { number: Math.round(share * 100) });
}

/** @param {Satisfied} satisfied */
function satisfiedShare(satisfied) {
  return percent(satisfied && satisfied.yes / (satisfied.yes + satisfied.partly + satisfied.no));
}
