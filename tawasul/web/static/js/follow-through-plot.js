/**
 * Plots as SVG, by attributes only: no inline style, and what paper or a reader of the screen needs stands in a table beside them. Lines
 * of weeks run in the direction in which the page is read. Why it is our own: docs/adr/0026-plots.md.
 */

/** @typedef {{begins: string, opened: number, closed: number}} Week */

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 260;
const [ABOVE, BENEATH, BESIDE, EDGE] = [12, 48, 44, 14];
const GRID_LINES = 4;
/** More weeks than this are a line without marks. */
const MOST_MARKS = 40;
const MARK = 4;

/**
 * Round numbers for an axis from 0, whole ones, of which the last is no less than `most`.
 * @param {number} most
 * @returns {number[]}
 */
export function ticks(most) {
  const least = Math.max(1, most) / GRID_LINES;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = Math.max(1, ([1, 2, 5, 10].find((each) => each * power >= least) ?? 10) * power);
  return Array.from({ length: Math.ceil(Math.max(1, most) / step) + 1 }, (_, index) => index * step);
}

/**
 * Every how many places a label stands, so that each has its width.
 * @param {number} count
 * @param {number} width of all
 * @param {number} each
 * @returns {number}
 */
export function everyOf(count, width, each) {
  return Math.max(1, Math.ceil(count / Math.max(1, Math.floor(width / each))));
}

/**
 * Two lines over the weeks: what was opened, what was closed.
 * @param {readonly Week[]} weeks
 * @param {{width: number, rightToLeft: boolean, text: string, label: number, labels: (day: string) => [string, string]}} how `text`: what it shows, in words;
 *   `labels`: two lines beneath a week, no wider than `label`
 * @returns {SVGElement}
 */
export function weeksPlot(weeks, { width, rightToLeft, text, label, labels }) {
  const marks = ticks(Math.max(...weeks.flatMap((week) => [week.opened, week.closed])));
  const top = marks[marks.length - 1];
  const [inner, floor] = [width - BESIDE - EDGE - 2 * MARK, HEIGHT - BENEATH];
  /** @param {number} place along the axis, from where reading begins */
  const along = (place) => (rightToLeft ? width - place : place);
  /** @param {number} index */
  const x = (index) => along(BESIDE + MARK + (weeks.length === 1 ? inner / 2 : (index * inner) / (weeks.length - 1)));
  /** @param {number} count */
  const y = (count) => floor - (count / top) * (floor - ABOVE);
  const svg = draw("svg", { class: "plot", viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": text, focusable: "false" });
  for (const mark of marks) {
    const anchor = rightToLeft ? "start" : "end";
    svg.append(
      draw("line", { class: mark ? "plot-grid" : "plot-floor", x1: along(BESIDE), x2: along(width - EDGE), y1: y(mark), y2: y(mark) }),
      draw("text", { class: "plot-text", x: along(BESIDE - 8), y: y(mark) + 5, direction: "ltr", "text-anchor": anchor }, String(mark)),
    );
  }
  const every = everyOf(weeks.length, inner, label);
  weeks.forEach((week, index) => {
    if (index % every) return;
    const [above, beneath] = labels(week.begins);
    const middle = Math.min(Math.max(x(index), label / 2), width - label / 2);
    svg.append(
      draw("line", { class: "plot-floor", x1: x(index), x2: x(index), y1: floor, y2: floor + 5 }),
      draw("text", { class: "plot-text", x: middle, y: floor + 21, "text-anchor": "middle" }, above),
      draw("text", { class: "plot-text plot-soft", x: middle, y: floor + 40, "text-anchor": "middle" }, beneath),
    );
  });
  for (const kind of /** @type {const} */ (["closed", "opened"])) {
    const points = weeks.map((week, index) => [round(x(index)), round(y(week[kind]))]);
    svg.append(draw("polyline", { class: `plot-line plot-${kind}`, points: points.map((each) => each.join(",")).join(" ") }));
    if (weeks.length <= MOST_MARKS) svg.append(...points.map(([across, up]) => mark(kind, across, up)));
  }
  return svg;
}

/**
 * A bar from where reading begins: first what is overdue, then what else is open. For a cell of a table, which has the numbers.
 * @param {{open: number, overdue: number}} line
 * @param {number} most what fills the cell
 * @param {boolean} rightToLeft
 * @returns {SVGElement}
 */
export function openBar({ open, overdue }, most, rightToLeft) {
  const svg = draw("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" });
  const scale = 100 / Math.max(1, most);
  /** @param {string} kind @param {number} begins @param {number} count */
  const part = (kind, begins, count) => {
    const width = round(count * scale);
    const start = round(begins * scale);
    svg.append(draw("rect", { class: kind, x: rightToLeft ? round(100 - start - width) : start, y: 0, width, height: 10 }));
  };
  if (open > overdue) part("bar-open", overdue, open - overdue);
  if (overdue) part("bar-overdue", 0, overdue);
  return svg;
}

/** @param {"opened" | "closed"} kind @param {number} across @param {number} up @returns {SVGElement} */
function mark(kind, across, up) {
  const shape = { class: `plot-mark plot-${kind}` };
  if (kind === "opened") return draw("circle", { ...shape, cx: across, cy: up, r: MARK });
  return draw("rect", { ...shape, x: across - MARK, y: up - MARK, width: 2 * MARK, height: 2 * MARK });
}

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [text] @returns {SVGElement} */
function draw(name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  if (text !== undefined) node.textContent = text;
  return /** @type {SVGElement} */ (node);
}

/** @param {number} number @returns {number} */
function round(number) {
  return Math.round(number * 100) / 100;
}
