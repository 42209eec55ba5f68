// Parts of a sound: a drag over the wave marks one, its ends are pulled, a tap plays from there.

import { el, icon, svg } from "./dom.js";
import { clamp } from "./geometry.js";
import { feel } from "./telegram.js";

const NEAR = 22;
const STILL = 5;
const SHORTEST = 0.05; // seconds
const BARS = 160;

export class Sound {
  #board;
  #file;
  #player;
  #peaks = [];
  #length = 0;
  #gesture = null;
  #until = Infinity;
  #layer = svg("svg", { class: "wave", preserveAspectRatio: "none" });
  #clock = el("span", { class: "clock" });
  #button;
  tool = "region";

  constructor(board, file, words) {
    [this.#board, this.#file] = [board, file];
    this.#player = el("audio", { src: URL.createObjectURL(file), preload: "auto" });
    this.#button = el("button", { type: "button", class: "play", "aria-label": words.play, onClick: () => this.#toggle() }, icon("play"));
    this.element = el("div", { class: "stage sound" }, el("div", { class: "tape" }, this.#layer), el("div", { class: "deck" }, this.#button, this.#clock), this.#player);
    this.#layer.addEventListener("pointerdown", (event) => this.#down(event));
    this.#layer.addEventListener("pointermove", (event) => this.#move(event));
    this.#layer.addEventListener("pointerup", () => this.#up());
    this.#layer.addEventListener("pointercancel", () => this.#stop());
    this.#layer.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false }); // a quick stroke is no fling
    for (const event of ["timeupdate", "play", "pause", "seeked"]) this.#player.addEventListener(event, () => this.#played(words));
    board.onChange(() => this.#draw());
    new ResizeObserver(() => this.#draw()).observe(this.element);
  }

  async ready() {
    try {
      const found = await new AudioContext().decodeAudioData(await this.#file.arrayBuffer());
      [this.#length, this.#peaks] = [found.duration, peaks(found.getChannelData(0))];
    } catch {
      await new Promise((resolve, reject) => {
        this.#player.addEventListener("loadedmetadata", resolve, { once: true });
        this.#player.addEventListener("error", reject, { once: true });
        this.#player.load();
      });
      this.#length = this.#player.duration;
    }
    this.#draw();
  }

  answer() {
    const digits = (seconds) => Math.round(seconds * 100) / 100;
    return this.#board.shapes.map(({ label, start, end }) => ({ label, start: digits(start), end: digits(end) }));
  }

  isOpen = false;
  use() {}
  undo() {
    return false;
  }

  get #width() {
    return this.#layer.clientWidth || 1;
  }

  #x(seconds) {
    return (seconds / (this.#length || 1)) * this.#width;
  }

  #seconds(event) {
    return clamp((event.clientX - this.#layer.getBoundingClientRect().left) / this.#width) * this.#length;
  }

  #down(event) {
    if (event.button > 0 || !this.#length) return;
    this.#layer.setPointerCapture(event.pointerId);
    const [at, chosen] = [this.#seconds(event), this.#board.selected];
    const near = (edge) => Math.abs(this.#x(edge) - this.#x(at)) <= NEAR;
    const anchor = chosen && near(chosen.end) ? chosen.start : chosen && near(chosen.start) ? chosen.end : at;
    this.#gesture = { from: event.clientX, at, to: at, anchor, moves: false, was: anchor === at ? null : chosen };
  }

  #move(event) {
    const gesture = this.#gesture;
    if (!gesture) return;
    gesture.to = this.#seconds(event);
    if (!gesture.moves && Math.abs(event.clientX - gesture.from) < STILL) return;
    if (!gesture.moves && gesture.was) this.#board.remember();
    gesture.moves = true;
    if (gesture.was) this.#board.put(this.#board.chosen, { ...gesture.was, ...part(gesture) });
    else this.#draw();
  }

  #up() {
    const gesture = this.#gesture;
    this.#gesture = null;
    if (!gesture) return;
    if (!gesture.moves) this.#tapped(gesture.at);
    else if (gesture.was) Math.abs(gesture.to - gesture.anchor) < SHORTEST ? this.#board.undo() : this.#board.keep();
    else if (Math.abs(gesture.to - gesture.anchor) >= SHORTEST) {
      this.#board.add(part(gesture));
      feel("light");
    }
    this.#draw();
  }

  #stop() {
    if (this.#gesture?.moves && this.#gesture.was) this.#board.undo();
    this.#gesture = null;
    this.#draw();
  }

  /** Chooses the part there; plays it, or from there on. */
  #tapped(at) {
    const found = this.#board.shapes.findIndex(({ start, end }) => start <= at && at <= end);
    this.#board.choose(found === this.#board.chosen ? -1 : found);
    const chosen = this.#board.selected;
    this.#until = chosen ? chosen.end : Infinity;
    this.#player.currentTime = chosen ? chosen.start : at;
    if (chosen) this.#player.play().catch(() => {});
  }

  #toggle() {
    this.#until = this.#board.selected && this.#player.currentTime < this.#board.selected.end ? this.#board.selected.end : Infinity;
    if (this.#player.paused) this.#player.play().catch(() => {});
    else this.#player.pause();
  }

  #played(words) {
    if (this.#player.currentTime >= this.#until) this.#player.pause();
    const does = this.#player.paused ? "play" : "pause";
    this.#button.replaceChildren(icon(does));
    this.#button.setAttribute("aria-label", words[does]);
    this.#draw();
  }

  #draw() {
    const height = this.#layer.clientHeight || 1;
    this.#layer.setAttribute("viewBox", `0 0 ${this.#width} ${height}`);
    this.#clock.textContent = `${time(this.#player.currentTime)} / ${time(this.#length)}`;
    const gesture = this.#gesture;
    const drawn = gesture?.moves && !gesture.was ? [{ label: this.#board.label, ...part(gesture) }] : [];
    const shapes = [...this.#board.shapes, ...drawn].map((shape) => this.#region(shape, shape === this.#board.selected, height));
    const x = this.#x(this.#player.currentTime);
    this.#layer.replaceChildren(...this.#bars(height), ...shapes, svg("line", { x1: x, x2: x, y1: 0, y2: height, class: "needle" }));
  }

  #bars(height) {
    const step = this.#width / (this.#peaks.length || 1);
    return this.#peaks.map((peak, at) => {
      const tall = Math.max(2, peak * height * 0.72);
      return svg("rect", { x: at * step, y: (height - tall) / 2, width: Math.max(1, step - 1.5), height: tall, rx: 1, class: "bar" });
    });
  }

  #region(shape, chosen, height) {
    const colour = this.#board.colour(shape.label);
    const [x, end] = [this.#x(shape.start), this.#x(shape.end)];
    const edges = chosen ? [x, end].map((edge) => svg("rect", { x: edge - 4, y: height / 2 - 22, width: 8, height: 44, rx: 4, class: "grip", stroke: colour })) : [];
    return svg("g", { class: chosen ? "shape chosen" : "shape", fill: colour, stroke: colour }, svg("rect", { x, y: 1, width: Math.max(1, end - x), height: Math.max(1, height - 2), rx: 4, class: "edge" }),
      svg("g", { class: "tag" }, svg("rect", { x: x + 3, y: 5, width: shape.label.length * 6.6 + 12, height: 18, rx: 5, fill: colour }), svg("text", { x: x + 9, y: 18 }, shape.label)), ...edges);
  }
}

const part = ({ anchor, to }) => ({ start: Math.min(anchor, to), end: Math.max(anchor, to) });
const time = (seconds) => `${Math.floor((seconds || 0) / 60)}:${String(Math.floor((seconds || 0) % 60)).padStart(2, "0")}.${Math.floor(((seconds || 0) * 10) % 10)}`;

function peaks(samples) {
  const each = Math.max(1, Math.floor(samples.length / BARS));
  const found = Array.from({ length: Math.min(BARS, samples.length) }, (_, at) => loudest(samples, at * each, each));
  const most = Math.max(...found, 1e-6);
  return found.map((peak) => peak / most);
}

function loudest(samples, from, many) {
  let most = 0;
  for (let at = from; at < from + many; at++) most = Math.max(most, Math.abs(samples[at]));
  return most;
}
