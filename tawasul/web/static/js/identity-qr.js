/**
 * A QR code (ISO/IEC 18004) as an SVG path, sharp at every size. The library finds the modules; drawing them takes no markup.
 */
import { generate } from "lean-qr";

/** Modules of white around it, which scanners need (ISO/IEC 18004 §6.3.8). */
const QUIET = 4;

/** Draws `text` into `svg`, replacing what was there. @param {SVGSVGElement} svg @param {string} text */
export function drawQr(svg, text) {
  if (svg.dataset.text === text) return;
  svg.dataset.text = text;
  const code = generate(text);
  let path = "";
  for (let row = 0; row < code.size; row++) {
    for (let column = 0; column < code.size; column++) if (code.get(column, row)) path += `M${column} ${row}h1v1h-1z`;
  }
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawn.setAttribute("d", path);
  const side = code.size + 2 * QUIET;
  svg.setAttribute("viewBox", `${-QUIET} ${-QUIET} ${side} ${side}`);
  svg.replaceChildren(drawn);
}
