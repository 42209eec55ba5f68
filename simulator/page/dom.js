// Elements from plain values. Text always becomes a text node, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** el("a", {class: "x", href, onClick, "aria-label": …}, …children); null and false are left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2).toLowerCase(), value);
  else if (name === "class") node.className = value;
  else if (name === "data") Object.assign(node.dataset, value);
  else if (name === "value") node.value = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

const STROKES = {
  send: "M4 12 20 4l-5 16-4-6zM11 14l4-5",
  attach: "M19 11.5l-7.3 7.3a4.5 4.5 0 0 1-6.4-6.4l7.8-7.8a3 3 0 0 1 4.3 4.3l-7.8 7.7a1.5 1.5 0 0 1-2.1-2.1l7-7",
  close: "M6 6l12 12M18 6 6 18",
  back: "M14.5 5 7.5 12l7 7",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  plus: "M12 5v14M5 12h14",
  beside: "M4 5h7v14H4zM17.5 8.5v7M14 12h7",
  reply: "M9 7 4 12l5 5M4 12h9a6 6 0 0 1 6 6",
  down: "M12 5v13M6 12.5l6 6 6-6",
  keys: "M3.5 6.5h17v11h-17zM7 10h.01M12 10h.01M17 10h.01M8 14h8",
  link: "M8 16 17 7M10 7h7v7",
  app: "M5 5h14v14H5zM5 9h14",
  copy: "M9 9h10v10H9zM5 15V5h10",
  chevron: "M9 6l6 6-6 6",
};

/** A decorative line drawing; the button around it carries the label. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["class", "icon"], ["aria-hidden", "true"]]) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", STROKES[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onClick, className = "") {
  return el("button", { type: "button", class: `icon-button ${className}`.trim(), "aria-label": label, title: label, onClick }, icon(name));
}

/** Calls `work` at most once per frame, however often it is asked for; hidden tabs are served by a timer. */
export function oncePerFrame(work) {
  let asked = false;
  const run = () => {
    asked = false;
    work();
  };
  return () => {
    if (asked) return;
    asked = true;
    if (document.hidden) setTimeout(run, 200);
    else requestAnimationFrame(run);
  };
}
