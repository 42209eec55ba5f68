// Elements without inline code: the page's policy allows none.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  undo: "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 0 12h-3",
  delete: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  whole: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  info: "M12 11v6M12 7.2v.3M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19",
  box: "M5 6h14v12H5z",
  outline: "M12 4 20 10 17 20H7L4 10z",
  play: "M8 5v14l11-7z",
  pause: "M8 5v14M16 5v14",
  done: "M4 12.5 9.5 18 20 6.5",
};

export function el(tag, { data = {}, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  return dressed(node, attributes, data, children);
}

export function svg(tag, { data = {}, ...attributes } = {}, ...children) {
  return dressed(document.createElementNS(SVG, tag), attributes, data, children);
}

function dressed(node, attributes, data, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2).toLowerCase(), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  Object.assign(node.dataset, data);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export const icon = (name) =>
  svg("svg", { viewBox: name === "undo" ? "0 2 24 24" : "0 0 24 24", class: `icon ${name}`, "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));

export const iconButton = (name, words, run) => el("button", { type: "button", class: "tool", title: words, "aria-label": words, data: { does: name }, onClick: run }, icon(name));
