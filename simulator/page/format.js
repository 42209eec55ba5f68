// Formatted text: Telegram's entities (offsets in UTF-16 units, as in JavaScript strings) become elements.

import { el } from "./dom.js";
import { dateTime, fullMoment } from "./words.js";

const SAFE_LINK = /^(https?|mailto|tel):/i;
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", mention: "b", hashtag: "b", cashtag: "b" };

/** Nodes for a text; `phone` gives command("/help"), called when somebody presses it, and the language. */
export function formatted(text, entities, phone) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nodes(text, 0, text.length, sorted, phone);
}

function nodes(text, start, end, entities, phone) {
  const made = [];
  let at = start;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    rest = others.filter((other) => other.offset >= to);
    if (from >= to) continue;
    const inner = others.filter((other) => other.offset < to);
    const isBlock = BLOCKS.has(entity.type);
    made.push(plain(text.slice(at, from), isBlock));
    made.push(element(entity, text.slice(from, to), nodes(text, from, to, inner, phone), phone));
    at = to + (isBlock && text[to] === "\n" ? 1 : 0); // a block ends its line by itself
  }
  made.push(plain(text.slice(at, end), false));
  return made.filter((node) => node.nodeType !== Node.TEXT_NODE || node.data !== "");
}

const plain = (text, beforeBlock) => document.createTextNode(beforeBlock && text.endsWith("\n") ? text.slice(0, -1) : text);

function element(entity, text, children, phone) {
  const special = SPECIAL[entity.type];
  if (special) return special(entity, text, children, phone);
  return el(TAGS[entity.type] ?? "span", {}, children);
}

const SPECIAL = {
  pre: (entity, _text, children) => el("pre", { data: entity.language ? { language: entity.language } : {} }, el("code", {}, children)),
  blockquote: (_entity, _text, children) => el("blockquote", {}, children),
  expandable_blockquote: (_entity, _text, children) => expandable(children),
  spoiler: (_entity, _text, children) => spoiler(children),
  url: (_entity, text, children) => link(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`, children),
  text_link: (entity, _text, children) => link(entity.url ?? "", children),
  email: (_entity, text, children) => link(`mailto:${text}`, children),
  phone_number: (_entity, text, children) => link(`tel:${text.replaceAll(/[^+\d]/g, "")}`, children),
  bot_command: (_entity, text, children, phone) =>
    el("button", { type: "button", class: "command", title: `Send ${text}`, onClick: () => phone.command(text) }, children),
  date_time: (entity, _text, children, phone) => time(entity, children, phone.language ?? ""),
};

function link(href, children) {
  if (!SAFE_LINK.test(href)) return el("span", { class: "link", title: href }, children);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, children);
}

function spoiler(children) {
  const node = el("span", { class: "spoiler", role: "button", tabindex: 0, "aria-label": "Hidden text, press to show" }, children);
  const show = (event) => {
    if (!node.classList.contains("spoiler") || (event.type === "keydown" && !["Enter", " "].includes(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    node.className = "shown";
    ["role", "tabindex", "aria-label"].forEach((name) => node.removeAttribute(name));
  };
  node.addEventListener("click", show);
  node.addEventListener("keydown", show);
  return node;
}

function expandable(children) {
  const text = el("div", { class: "quoted" }, children);
  const toggle = el("button", { type: "button", class: "expand", "aria-expanded": "false" }, "Show all");
  toggle.addEventListener("click", () => {
    const open = text.parentElement.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = open ? "Show less" : "Show all";
  });
  const whole = el("blockquote", { class: "expandable" }, text, toggle);
  new ResizeObserver(() => { // it has no height before it is in the page
    if (text.clientHeight && !whole.classList.contains("open"))
      whole.classList.toggle("short", text.scrollHeight <= text.clientHeight + 1); // nothing to expand
  }).observe(text);
  return whole;
}

/** Without a format the bot's own words stand; the local moment is then only in the tooltip. */
function time(entity, children, language) {
  const unix = entity.unix_time;
  const format = entity.date_time_format ?? "";
  const attributes = { datetime: new Date(unix * 1000).toISOString(), title: fullMoment(unix) };
  if (!format) return el("time", attributes, children);
  const data = format === "r" ? { relative: unix, language } : {};
  return el("time", { ...attributes, data }, dateTime(unix, format, language));
}

/** "in 5 minutes" grows old: called now and then for what is on the stage. */
export function refreshRelativeTimes(root) {
  for (const node of root.querySelectorAll("time[data-relative]")) {
    node.textContent = dateTime(Number(node.dataset.relative), "r", node.dataset.language);
  }
}
