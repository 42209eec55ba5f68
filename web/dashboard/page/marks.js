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
  const shown = layers.map(() => true);
  const turn = (at, on) => {
    shown[at] = on;
    layers.forEach((_, other) => {
      drawing.children[other].classList.toggle("off", !shown[other]);
      tags[other].forEach((node) => node.classList.toggle("off", !shown[other] || (other > 0 && shown[0]))); // names of marks that lie on each other are not read
    });
  };
  turn(0, true);
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

/** A text with spans in code points; they may overlap. */
export function overText(text, shapes) {
  const letters = Array.from(text);
  const edges = [...new Set([0, letters.length, ...shapes.flatMap(({ start, end }) => [start, end])])].filter((edge) => edge <= letters.length).sort((one, other) => one - other);
  return el("p", { class: "words" }, edges.slice(1).map((end, at) => {
    const part = letters.slice(edges[at], end).join("");
    const over = shapes.filter((shape) => shape.start <= edges[at] && shape.end >= end);
    const names = over.filter((shape) => shape.end === end).map(({ label }) => label);
    return over.length ? el("mark", {}, part, names.length ? el("small", {}, ` ${names.join(", ")}`) : null) : part;
  }));
}

/** Regions along a sound, a row for each layer. A press on them plays the sound from there. */
export function overSound(sound, layers) {
  const whole = Math.max(Number.isFinite(sound.duration) ? sound.duration : 0, 1, ...layers.flatMap(({ shapes }) => shapes.map(({ end }) => end ?? 0)));
  const rows = layers.map(({ shapes }, at) => el("div", { class: `row series-${at % COLOURS}` }, shapes.map((shape) => region(shape, whole))));
  const play = ({ clientX }) => {
    const { left, width } = node.getBoundingClientRect();
    sound.currentTime = Math.max(0, (whole * (clientX - left)) / width);
    sound.play().catch(() => {}); // a browser that plays nothing shows where it is
  };
  const line = el("div", { class: "now" });
  const node = el("div", { class: "regions", "aria-hidden": "true", onClick: play }, rows, line);
  sound.addEventListener("timeupdate", () => line.style.setProperty("left", `${(100 * sound.currentTime) / whole}%`));
  return { node, turn: (at, on) => rows[at].classList.toggle("off", !on) };
}

function region({ start, end, label }, whole) {
  const node = el("span", { title: `${label} ${start}–${end}` }, label);
  node.style.setProperty("left", `${(100 * start) / whole}%`);
  node.style.setProperty("width", `${(100 * (end - start)) / whole}%`);
  return node;
}
