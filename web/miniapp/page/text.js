// Spans in a text: a tap marks a word, a sideways drag several; a chosen one is pulled at its first or last word. From a
// keyboard arrows go from word to word, with Shift over several, Enter marks them, Space chooses the next mark.
// Places are counted in code points, as the server counts them.

import { el } from "./dom.js";
import { feel } from "./telegram.js";

const WORDS = /[\p{L}\p{M}\p{N}]+(?:['’_-][\p{L}\p{M}\p{N}]+)*|\s+|[^]/gu;
const STILL = 8;

export class Text {
  #board;
  #words = []; // {start, end, node, isWord}
  #gesture = null;
  #cursor = null; // the words that Enter marks: {anchor, to}
  #body;
  tool = "span";

  constructor(board, text) {
    this.#board = board;
    this.#body = el("p", { class: "words", dir: "auto" }, this.#split(text));
    this.element = el("div", { class: "stage text" }, this.#body);
    this.#body.addEventListener("pointerdown", (event) => this.#down(event));
    this.#body.addEventListener("pointermove", (event) => this.#move(event));
    this.#body.addEventListener("pointerup", () => this.#up());
    this.#body.addEventListener("pointercancel", () => this.#stop());
    this.#body.addEventListener("touchmove", (event) => this.#hold(event), { passive: false });
    board.onChange(() => this.#draw());
  }

  async ready() {
    this.#draw();
  }

  answer() {
    return this.#board.shapes.map(({ label, start, end }) => ({ label, start, end }));
  }

  hearKeys(words) {
    for (const [name, value] of Object.entries({ tabindex: "0", role: "application", "aria-label": words })) this.element.setAttribute(name, value);
    this.element.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.#pressed(event)) event.preventDefault();
    });
    this.element.addEventListener("blur", () => this.#goTo(null));
  }

  #pressed({ key, shiftKey, repeat }) {
    const forward = getComputedStyle(this.#body).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (["ArrowLeft", "ArrowRight"].includes(key)) return this.#step(key === forward ? 1 : -1, shiftKey);
    if (key === "Enter" && this.#cursor && !repeat) this.#added(this.#range(this.#cursor));
    if (key === " ") this.#board.choose(this.#board.shapes.length ? (this.#board.chosen + 1) % this.#board.shapes.length : -1);
    return key === "Enter" || key === " ";
  }

  /** To the next word, or the one before; `grows`: with the words from where it began. */
  #step(way, grows) {
    let to = this.#cursor ? this.#cursor.to + way : way > 0 ? 0 : this.#words.length - 1;
    while (this.#words[to] && !this.#words[to].isWord) to += way;
    if (this.#words[to]) this.#goTo({ anchor: grows && this.#cursor ? this.#cursor.anchor : to, to });
    return true;
  }

  #goTo(cursor) {
    this.#cursor = cursor;
    if (cursor) this.#words[cursor.to].node.scrollIntoView({ block: "nearest" });
    this.#draw();
  }

  isOpen = false;
  use() {}
  undo() {
    return false;
  }

  #split(text) {
    let at = 0;
    return [...text.matchAll(WORDS)].map(([piece]) => {
      const [start, end] = [at, (at += [...piece].length)];
      const node = el("span", { data: { at: this.#words.length } }, piece);
      this.#words.push({ start, end, node, isWord: piece.trim() !== "" });
      return node;
    });
  }

  /** The number of the word under a finger. */
  #under(event) {
    const node = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-at]");
    const at = node && this.#body.contains(node) ? Number(node.dataset.at) : -1;
    return at >= 0 && this.#words[at].isWord ? at : -1;
  }

  #down(event) {
    const at = this.#under(event);
    if (event.button > 0 || at < 0) return;
    this.#body.setPointerCapture(event.pointerId);
    const chosen = this.#board.selected;
    const [first, last] = chosen ? this.#ends(chosen) : [-1, -1];
    const pulls = first !== last && (at === first || at === last);
    this.#gesture = { at, to: at, from: [event.clientX, event.clientY], moves: false, pulls, anchor: at === first ? last : at === last ? first : at };
  }

  #move(event) {
    const gesture = this.#gesture;
    if (!gesture) return;
    gesture.moves ||= Math.hypot(event.clientX - gesture.from[0], event.clientY - gesture.from[1]) > STILL;
    const at = this.#under(event);
    if (!gesture.moves || at < 0) return;
    if (at !== gesture.to) feel("tick");
    gesture.to = at;
    this.#draw();
  }

  /** A sideways stroke is ours, else it ends as a fling, which eats the next tap; the others scroll. */
  #hold(event) {
    const [{ clientX: x, clientY: y }] = event.touches;
    const gesture = this.#gesture;
    if (!gesture || !event.cancelable) return;
    gesture.isOurs ??= Math.abs(x - gesture.from[0]) >= Math.abs(y - gesture.from[1]);
    if (gesture.isOurs) event.preventDefault();
  }

  #up() {
    const gesture = this.#gesture;
    this.#gesture = null;
    if (!gesture) return;
    const at = this.#shapeAt(gesture.at);
    if (!gesture.moves && at >= 0) this.#board.choose(at === this.#board.chosen ? -1 : at);
    else if (gesture.pulls) this.#pulled(gesture);
    else this.#added(this.#range(gesture));
  }

  #stop() {
    this.#gesture = null;
    this.#draw();
  }

  #added(range) {
    const { label, shapes } = this.#board;
    if (shapes.some((shape) => shape.label === label && shape.start === range.start && shape.end === range.end)) return;
    this.#board.add(range);
    feel("light");
  }

  #pulled(gesture) {
    this.#board.remember();
    this.#board.put(this.#board.chosen, { ...this.#board.selected, ...this.#range(gesture) });
    this.#board.keep();
  }

  #range({ anchor, to }) {
    const [first, last] = [Math.min(anchor, to), Math.max(anchor, to)];
    return { start: this.#words[first].start, end: this.#words[last].end };
  }

  #ends({ start, end }) {
    return [this.#words.findIndex((word) => word.end > start), this.#words.findLastIndex((word) => word.start < end)];
  }

  /** Of several the shortest. */
  #shapeAt(at) {
    const { start, end } = this.#words[at];
    const found = this.#board.shapes.map((shape, index) => ({ shape, index })).filter(({ shape }) => shape.start < end && shape.end > start);
    return found.sort((one, other) => one.shape.end - one.shape.start - (other.shape.end - other.shape.start))[0]?.index ?? -1;
  }

  #draw() {
    const drawn = this.#gesture?.moves ? { label: this.#gesture.pulls ? this.#board.selected.label : this.#board.label, ...this.#range(this.#gesture), isNew: true } : null;
    const shapes = drawn ? [...this.#board.shapes.filter((_, at) => !(this.#gesture.pulls && at === this.#board.chosen)), drawn] : this.#board.shapes;
    const longestFirst = [...shapes].sort((one, other) => other.end - other.start - (one.end - one.start));
    const { start, end } = this.#cursor ? this.#range(this.#cursor) : { start: 0, end: 0 };
    for (const word of this.#words) {
      this.#dress(word, longestFirst.filter((shape) => shape.start < word.end && shape.end > word.start));
      word.node.classList.toggle("cursor", word.start < end && word.end > start);
    }
  }

  #dress({ node, start, end }, shapes) {
    const top = shapes.at(-1);
    const chosen = top && (top === this.#board.selected || top.isNew);
    node.className = top ? `marked${chosen ? " chosen" : ""}${top.start >= start ? " first" : ""}${top.end <= end ? " last" : ""}` : "";
    node.style.setProperty("--mark", top ? this.#board.colour(top.label) : "");
    if (top && top.start >= start) node.dataset.label = top.label;
    else delete node.dataset.label;
  }
}
