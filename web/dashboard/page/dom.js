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

/** A table of cells; the first `fixed` columns are words, the others numbers. On a phone the rows of more than three
 * columns become cards, whose cells name their columns, those of nothing left out where they are `sparse`; roles keep
 * them a table for screen readers. */
export function table(heads, rows, { fixed = 1, caption = "", label = "", cards = heads.length > 3, sparse = false } = {}) {
  const side = (at, cell) => (at < fixed ? null : sparse && !/[1-9]/.test(cell) ? "number nothing" : "number");
  return el("div", { class: "scrolls", tabindex: 0, role: "region", "aria-label": caption || label },
    el("table", { role: "table", class: cards ? "cards" : null },
      caption ? el("caption", {}, caption) : null,
      el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, heads.map((head, at) => el("th", { role: "columnheader", scope: "col", class: at < fixed ? null : "number" }, head)))),
      el("tbody", { role: "rowgroup" }, rows.map((row) => el("tr", { role: "row" }, row.map((cell, at) => (at
        ? el("td", { role: "cell", class: side(at, cell), data: { head: heads[at] } }, cell ?? "–")
        : el("th", { role: "rowheader", scope: "row" }, cell ?? "–"))))))));
}

/** Names with their values, as small cards. */
export const facts = (pairs) =>
  el("dl", { class: "facts" }, pairs.filter(Boolean).map(([name, value, hint]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value ?? "–", hint ? el("small", {}, hint) : null))));
