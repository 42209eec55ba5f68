// Everything that waits for a human: the chat's own cards, the most urgent first, one press a decision.

import { get, post } from "./api.js";
import { button, el } from "./dom.js";
import { duration, moment, say } from "./words.js";

const PAUSE = 400; // milliseconds: a second tap, or a key that is held, must not decide the next case
const TAGS = new Set(["b", "strong", "i", "em", "u", "s", "code", "pre", "blockquote", "a"]);

export async function show(page, context) {
  const list = el("ol", { class: "cases" });
  const card = el("section", { class: "card", "aria-live": "polite" });
  page.append(el("h1", {}, say("queue")), el("div", { class: "queue" }, list, card));
  const queue = { list, card, context, open: null };
  await fill(queue);
  const first = list.querySelector("button");
  if (first) await press(queue, first.dataset.opens, true);
  const timer = setInterval(() => fill(queue).catch(() => {}), 15_000);
  return () => clearInterval(timer);
}

async function fill(queue) {
  const cases = await get("/cases");
  queue.list.replaceChildren(...cases.map((each) => el("li", {}, el("button", {
    type: "button", data: { opens: each.data, late: each.due < Date.now() }, "aria-current": each.data === queue.open ? "true" : null, onClick: () => press(queue, each.data, true),
  }, el("strong", {}, each.label), el("small", { title: moment(each.due) }, each.due < Date.now() ? say("overdue") : say("time_left_of", { time: duration(each.due - Date.now()) }))))));
  if (!cases.length) queue.list.replaceChildren(el("li", { class: "hint" }, say("nothing_waits")));
}

async function press(queue, data, isChosen = false) {
  if (isChosen || queue.open === null) queue.open = data;
  await follow(queue, () => post("/cases/press", { data }));
}

/** Shows the cards that follow; behind one that asks nothing more comes the next case. */
async function follow(queue, act) {
  queue.card.setAttribute("aria-busy", "true");
  queue.card.inert = true;
  try {
    const cards = await act();
    const nodes = cards.length ? cards.map((each) => cardNode(queue, each)) : [el("p", { role: "status" }, say("done_one"))];
    const isDone = cards.every(({ rows, asks }) => !asks && !rows.length);
    await fill(queue);
    queue.card.replaceChildren(...nodes, ...(isDone ? await nextCase(queue) : []));
    if (queue.card.getBoundingClientRect().top < 0) queue.card.scrollIntoView({ block: "start" });
  } catch (error) {
    queue.card.append(el("p", { role: "alert" }, queue.context.problem(error)));
  }
  await new Promise((resume) => setTimeout(resume, PAUSE));
  queue.card.inert = false;
  queue.card.removeAttribute("aria-busy");
  queue.card.querySelector("textarea, button")?.focus({ preventScroll: true });
}

async function nextCase(queue) {
  const next = queue.list.querySelector("button")?.dataset.opens;
  if (!next) return [];
  queue.open = next;
  queue.list.querySelector("button").setAttribute("aria-current", "true");
  return (await post("/cases/press", { data: next })).map((each) => cardNode(queue, each));
}

function cardNode(queue, { text, rows, asks }) {
  const words = el("textarea", { rows: 3, required: true, maxlength: 4096, "aria-label": say("reason") });
  return el("article", {}, el("div", { class: "said" }, ...markup(text)),
    rows.map((row) => el("div", { class: "bulk" }, row.map((each) => (each.url
      ? el("a", { href: each.url, target: "_blank", rel: "noopener noreferrer" }, each.text)
      : button(each.text, () => press(queue, each.data), { class: each.style }))))),
    asks ? el("form", { onSubmit: (event) => { event.preventDefault(); follow(queue, () => post("/cases/write", { words: words.value })); } },
      el("label", {}, say("reason"), words), el("button", { type: "submit", class: "main" }, say("send"))) : null);
}

/** The chat's markup as elements: tags that it does not use, and every attribute but an address, are left out. */
function markup(html) {
  const read = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    const name = node.nodeName.toLowerCase();
    const children = [...node.childNodes].flatMap(read);
    if (!TAGS.has(name)) return children;
    const address = name === "a" && /^https?:/.test(node.getAttribute("href") ?? "") ? { href: node.getAttribute("href"), target: "_blank", rel: "noopener noreferrer" } : {};
    return el(name, address, ...children);
  };
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes].flatMap(read);
}
