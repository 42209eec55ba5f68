// What workers marked, on a picture, in a text or along a sound: the consensus, and each worker's own.

import { el, svg } from "./dom.js";

const COLOURS = 8;

export const shapesOf = (stored) => {
  if (!stored || !/^[[{]/.test(stored)) return null;
  try {
    const drawn = JSON.parse(stored);
    const shapes = Array.isArray(drawn) ? drawn : drawn.shapes;
    return Array.isArray(shapes) && shapes.every((shape) => typeof shape?.label === "string") ? shapes : null;
  } catch {
    return null;
  }
};

/** Layers over a picture: places are shares of its sides. `layers` are { name, shapes, on }. */
export function overPicture(image, layers) {
  const drawing = svg("svg", { viewBox: "0 0 1000 1000", preserveAspectRatio: "none", class: "marks", "aria-hidden": "true" },
    layers.map((layer, at) => svg("g", { class: `layer series-${at % COLOURS}` }, layer.shapes.map(shapeOnPicture))));
  const tags = layers.map((layer, at) => layer.shapes.map((shape) => tag(shape, at)));
  const turn = (at, on) => [drawing.children[at], ...tags[at]].forEach((node) => node.classList.toggle("off", !on));
  return { node: el("div", { class: "picture" }, image, drawing, tags), turn };
}

function tag(shape, at) {
  const [x, y] = shape.points ? [Math.min(...shape.points.map(([left]) => left)), Math.min(...shape.points.map(([, top]) => top))] : [shape.x, shape.y];
  const node = el("span", { class: `tag series-${at % COLOURS}` }, shape.label);
  node.style.setProperty("left", `${100 * x}%`);
  node.style.setProperty("top", `${100 * y}%`);
  return node;
}

function shapeOnPicture(shape) {
  const at = (value) => Math.round(value * 1e4) / 10;
  const title = svg("title", {}, shape.label);
  if (shape.points) return svg("polygon", { points: shape.points.map(([x, y]) => `${at(x)},${at(y)}`).join(" ") }, title);
  if (shape.width !== undefined) return svg("rect", { x: at(shape.x), y: at(shape.y), width: at(shape.width), height: at(shape.height) }, title);
  return svg("path", { d: `M${at(shape.x) - 12} ${at(shape.y)}h24M${at(shape.x)} ${at(shape.y) - 12}v24` }, title);
}

/** A text with spans in code points. */
export function overText(text, shapes) {
  const letters = Array.from(text);
  const [parts, sorted] = [[], [...shapes].sort((one, other) => one.start - other.start)];
  let at = 0;
  for (const { start, end, label } of sorted) {
    if (start < at) continue;
    parts.push(letters.slice(at, start).join(""), el("mark", {}, letters.slice(start, end).join(""), el("small", {}, ` ${label}`)));
    at = end;
  }
  return el("p", { class: "words" }, ...parts, letters.slice(at).join(""));
}

/** Regions as bars along a sound of `seconds`. */
export function overSound(seconds, layers) {
  const whole = Math.max(seconds || 0, 1, ...layers.flatMap(({ shapes }) => shapes.map(({ end }) => end ?? 0)));
  return svg("svg", { viewBox: `0 0 1000 ${18 * layers.length}`, preserveAspectRatio: "none", class: "regions", "aria-hidden": "true" }, layers.map((layer, at) =>
    svg("g", { class: `layer series-${at % COLOURS}` }, layer.shapes.map(({ start, end, label }) =>
      svg("rect", { x: (1000 * start) / whole, width: Math.max(2, (1000 * (end - start)) / whole), y: 18 * at + 2, height: 14 }, svg("title", {}, label))))));
}
