// Elements without inline code or styles: the page's policy allows none. Texts of people are text nodes, never markup.

export function el(tag, { data = {}, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  return dressed(node, attributes, data, children);
}

export function svg(tag, attributes = {}, ...children) {
  return dressed(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, {}, children);
}

function dressed(node, attributes, data, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2).toLowerCase(), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  Object.assign(node.dataset, data);
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const button = (words, run, attributes = {}) => el("button", { type: "button", onClick: run, ...attributes }, words);

/** A table of cells; the first `fixed` columns are words, the others numbers. */
export function table(heads, rows, { fixed = 1, caption = "", label = "" } = {}) {
  const side = (at) => (at < fixed ? null : "number");
  return el("div", { class: "scrolls", tabindex: 0, role: "region", "aria-label": caption || label },
    el("table", {},
      caption ? el("caption", {}, caption) : null,
      el("thead", {}, el("tr", {}, heads.map((head, at) => el("th", { scope: "col", class: side(at) }, head)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, at) =>
        el(at ? "td" : "th", { scope: at ? null : "row", class: side(at) }, cell ?? "–")))))));
}

/** Names with their values, as small cards. */
export const facts = (pairs) =>
  el("dl", { class: "facts" }, pairs.filter(Boolean).map(([name, value, hint]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value ?? "–", hint ? el("small", {}, hint) : null))));
