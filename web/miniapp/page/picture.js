// Boxes, outlines and points on a picture, by touch: one finger draws, pulls and moves, two fingers zoom.

import { el, svg } from "./dom.js";
import { area, boxOf, clamp, contains, exact, handles, isBox, isFlat, isOutline, moved, pulled } from "./geometry.js";
import { Loupe } from "./loupe.js";
import { feel } from "./telegram.js";

const NEAR = 24; // pixels from a handle that still hit it
const OUTSIDE = 16; // the same outside a box, where the next one may begin
const STILL = 5; // pixels a tap may move
const SMALLEST = 8; // pixels of a new box's side
const MARGIN = 12;
const CLOSEST = 12; // times

export class Picture {
  #board;
  #image;
  #pointers = new Map();
  #gesture = null;
  #view = { scale: 1, x: 0, y: 0 };
  #base = { width: 1, height: 1 };
  #room = [1, 1]; // the stage, as the picture was fitted into it
  #layer = svg("svg", { class: "layer" });
  #loupe;
  #open = null; // an outline that is not finished
  tool;

  constructor(board, tools, address) {
    [this.#board, this.tool] = [board, tools[0]];
    this.#image = el("img", { alt: "", draggable: "false", src: address });
    this.#loupe = new Loupe(this.#image);
    this.element = el("div", { class: "stage picture" }, this.#image, this.#layer, this.#loupe.element);
    this.element.addEventListener("pointerdown", (event) => this.#down(event));
    this.element.addEventListener("pointermove", (event) => this.#move(event));
    this.element.addEventListener("pointerup", (event) => this.#up(event));
    this.element.addEventListener("pointercancel", (event) => this.#cancel(event));
    this.element.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false }); // else a quick stroke is a fling, which eats the next tap
    this.element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    board.onChange(() => this.#draw());
    new ResizeObserver(() => this.#fit()).observe(this.element);
  }

  async ready() {
    await this.#image.decode();
    this.#fit();
  }

  answer() {
    return { shapes: this.#board.shapes.map(exact), size: [this.#image.naturalWidth, this.#image.naturalHeight] };
  }

  get isZoomed() {
    return this.#view.scale > 1;
  }

  get isOpen() {
    return this.#open !== null;
  }

  use(tool) {
    this.#open = null;
    this.tool = tool;
    this.#board.choose(-1);
  }

  /** Takes the last corner of an unfinished outline back; whether there was one. */
  undo() {
    if (!this.#open) return false;
    this.#open.pop();
    if (!this.#open.length) this.#open = null;
    this.#board.changed();
    return true;
  }

  whole() {
    this.#view = { scale: 1, x: 0, y: 0 };
    this.#board.changed();
  }

  // ---- where things are ---------------------------------------------------------------------------

  #fit() {
    const { clientWidth, clientHeight } = this.element;
    const { naturalWidth, naturalHeight } = this.#image;
    if (!naturalWidth || !clientWidth) return;
    const scale = Math.min((clientWidth - 2 * MARGIN) / naturalWidth, (clientHeight - 2 * MARGIN) / naturalHeight);
    const began = this.#gesture && [this.#gesture.from, this.#gesture.to].map((point) => this.#inPictureRaw(point));
    const grown = (naturalWidth * scale) / this.#base.width;
    [this.#view.x, this.#view.y] = [this.#view.x * grown, this.#view.y * grown];
    this.#base = { width: naturalWidth * scale, height: naturalHeight * scale };
    this.#room = [clientWidth, clientHeight];
    this.#hold();
    if (began) [this.#gesture.from, this.#gesture.to] = began.map((point) => this.#onScreen(point));
    this.#draw();
  }

  /** Keeps the picture within reach. */
  #hold() {
    const { scale } = this.#view;
    const room = (size, full) => (scale === 1 ? 0 : Math.max(0, (size * scale - full) / 2 + 40));
    const [x, y] = [room(this.#base.width, this.#room[0]), room(this.#base.height, this.#room[1])];
    [this.#view.x, this.#view.y] = [clamp(this.#view.x, -x, x), clamp(this.#view.y, -y, y)];
  }

  get #corner() {
    const { scale, x, y } = this.#view;
    return [(this.#room[0] - this.#base.width * scale) / 2 + x, (this.#room[1] - this.#base.height * scale) / 2 + y];
  }

  #onScreen([x, y]) {
    const [left, top] = this.#corner;
    return [left + x * this.#base.width * this.#view.scale, top + y * this.#base.height * this.#view.scale];
  }

  #inPicture([x, y]) {
    const [left, top] = this.#corner;
    return [clamp((x - left) / (this.#base.width * this.#view.scale)), clamp((y - top) / (this.#base.height * this.#view.scale))];
  }

  #at(event) {
    const { left, top } = this.element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  #zoom(scale, around, from = around) {
    const was = this.#inPictureRaw(from);
    this.#view.scale = clamp(scale, 1, CLOSEST);
    const [x, y] = this.#onScreen(was);
    [this.#view.x, this.#view.y] = [this.#view.x + around[0] - x, this.#view.y + around[1] - y];
    this.#hold();
    this.#board.changed();
  }

  /** Farther from the picture than a finger is inexact. */
  #isBeside(point) {
    const [[x, y], [nearX, nearY]] = [point, this.#onScreen(this.#inPicture(point))];
    return Math.hypot(x - nearX, y - nearY) > NEAR;
  }

  #inPictureRaw([x, y]) {
    const [left, top] = this.#corner;
    return [(x - left) / (this.#base.width * this.#view.scale), (y - top) / (this.#base.height * this.#view.scale)];
  }

  // ---- fingers ------------------------------------------------------------------------------------

  #down(event) {
    if (event.button > 0) return;
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, this.#at(event));
    if (this.#pointers.size === 1) this.#gesture = this.#begun(this.#at(event));
    else this.#pinchBegins();
  }

  #begun(point) {
    const gesture = { from: point, to: point, moves: false, at: -1, handle: -1 };
    if (this.#open) return { ...gesture, does: "corner" };
    const { chosen, selected } = this.#board;
    const handle = selected ? this.#handleAt(selected, point) : -1;
    if (handle >= 0) return { ...gesture, does: "pull", at: chosen, handle, was: selected };
    if (this.tool === "point") {
      const at = this.#board.shapes.findIndex((shape) => this.#handleAt(shape, point) >= 0);
      return at >= 0 ? { ...gesture, does: "pull", at, handle: 0, was: this.#board.shapes[at] } : { ...gesture, does: "point" };
    }
    if (selected && contains(selected, this.#inPicture(point))) return { ...gesture, does: "shift", at: chosen, was: selected };
    return { ...gesture, does: this.tool === "box" ? "box" : "corner" };
  }

  #handleAt(shape, [x, y]) {
    const distances = handles(shape).map((handle) => {
      const [hx, hy] = this.#onScreen(handle);
      return Math.hypot(hx - x, hy - y);
    });
    const nearest = distances.indexOf(Math.min(...distances));
    const reach = isBox(shape) && !contains(shape, this.#inPicture([x, y])) ? OUTSIDE : NEAR;
    return distances[nearest] <= reach ? nearest : -1;
  }

  #move(event) {
    if (!this.#pointers.has(event.pointerId)) return;
    this.#pointers.set(event.pointerId, this.#at(event));
    if (this.#pinch) return this.#pinched();
    const gesture = this.#gesture;
    if (!gesture) return;
    gesture.to = this.#at(event);
    if (!gesture.moves && Math.hypot(gesture.to[0] - gesture.from[0], gesture.to[1] - gesture.from[1]) < STILL) return;
    if (!gesture.moves && gesture.was) this.#board.remember();
    gesture.moves = true;
    this.#dragged(gesture);
    if (gesture.does !== "shift") this.#loupe.show(this.#inPicture(gesture.to), this.#base.width * this.#view.scale, gesture.to, this.element.clientWidth);
  }

  #dragged({ does, at, handle, was, from, to }) {
    if (does === "pull") return this.#board.put(at, pulled(was, handle, this.#inPicture(to)));
    if (does === "shift") {
      const [[x1, y1], [x2, y2]] = [this.#inPictureRaw(from), this.#inPictureRaw(to)];
      return this.#board.put(at, moved(was, x2 - x1, y2 - y1));
    }
    return this.#draw();
  }

  #up(event) {
    const ours = this.#pointers.delete(event.pointerId);
    this.#loupe.hide();
    if (this.#pinch) {
      if (this.#pointers.size === 0) this.#pinch = null;
      return;
    }
    const gesture = this.#gesture;
    this.#gesture = null;
    if (!ours || !gesture) return;
    gesture.moves ? this.#drawn(gesture) : this.#tapped(gesture);
    this.#draw();
  }

  #cancel(event) {
    this.#pointers.delete(event.pointerId);
    this.#dropGesture();
    if (this.#pointers.size === 0) this.#pinch = null;
  }

  #dropGesture() {
    const gesture = this.#gesture;
    this.#gesture = null;
    this.#loupe.hide();
    if (gesture?.moves && gesture.was) this.#board.undo();
    this.#draw();
  }

  #drawn({ does, from, to, at }) {
    if (does === "box") return this.#addBox(from, to);
    if (does === "corner") return this.#addCorner(to);
    if (does === "point") return this.#addPoint(to);
    if (isFlat(this.#board.shapes[at])) return this.#board.undo();
    this.#board.hold(at);
    return this.#board.keep();
  }

  #tapped({ does, to, at }) {
    if (this.#open) return this.#addCorner(to);
    if (does === "point") return this.#addPoint(to);
    if (does === "pull") return this.#board.choose(at);
    const found = this.#shapeAt(this.#inPicture(to));
    if (found < 0 && does === "corner") return this.#addCorner(to);
    feel("tick");
    return this.#board.choose(found === this.#board.chosen ? -1 : found);
  }

  /** Of several the smallest: a big one can be hit elsewhere. */
  #shapeAt(point) {
    const found = this.#board.shapes.map((shape, at) => ({ shape, at })).filter(({ shape }) => contains(shape, point));
    return found.sort((one, other) => area(one.shape) - area(other.shape))[0]?.at ?? -1;
  }

  #addBox(...corners) {
    const box = boxOf(...corners.map((corner) => this.#inPicture(corner)));
    const [width, height] = [box.width * this.#base.width, box.height * this.#base.height]; // what is inside the picture
    if (Math.min(width, height) * this.#view.scale < SMALLEST || isFlat(box)) return;
    this.#board.add(box);
    feel("light");
  }

  #addPoint(to) {
    if (this.#isBeside(to)) return;
    const [x, y] = this.#inPicture(to);
    this.#board.add({ x, y });
    feel("light");
  }

  #addCorner(to) {
    if (this.#isBeside(to)) return;
    this.#board.choose(-1);
    const corners = this.#open ?? [];
    const [x, y] = corners.length ? this.#onScreen(corners[0]) : [-NEAR, -NEAR];
    if (corners.length >= 3 && Math.hypot(x - to[0], y - to[1]) <= NEAR) {
      this.#open = null;
      if (isFlat({ points: corners })) return this.#board.changed();
      this.#board.add({ points: corners });
      feel("success");
    } else {
      this.#open = [...corners, this.#inPicture(to)];
      feel("tick");
      this.#board.changed();
    }
  }

  // ---- two fingers --------------------------------------------------------------------------------

  #pinch = null;

  #pinchBegins() {
    this.#dropGesture();
    const [one, other] = [...this.#pointers.values()];
    this.#pinch = { apart: distance(one, other), middle: middle(one, other), scale: this.#view.scale };
  }

  #pinched() {
    const [one, other] = [...this.#pointers.values()];
    if (!other) return;
    const now = middle(one, other);
    this.#zoom((this.#pinch.scale * distance(one, other)) / this.#pinch.apart, now, this.#pinch.middle);
    this.#pinch = { apart: distance(one, other), middle: now, scale: this.#view.scale };
  }

  #wheel(event) {
    event.preventDefault();
    this.#zoom(this.#view.scale * Math.exp(-event.deltaY / 400), this.#at(event));
  }

  // ---- what is seen -------------------------------------------------------------------------------

  #draw() {
    const [left, top] = this.#corner;
    const style = this.#image.style;
    style.width = `${this.#base.width}px`;
    style.height = `${this.#base.height}px`;
    style.transform = `translate(${left}px, ${top}px) scale(${this.#view.scale})`;
    const shapes = this.#board.shapes.map((shape, at) => this.#shape(shape, at === this.#board.chosen));
    this.#layer.replaceChildren(...shapes, ...this.#unfinished());
  }

  #shape(shape, chosen) {
    const colour = this.#board.colour(shape.label);
    const isPoint = !isBox(shape) && !isOutline(shape);
    const grips = chosen || isPoint ? handles(shape).map((handle) => this.#grip(handle, colour, chosen, isBox(shape) ? this.#out(shape, handle) : [0, 0])) : [];
    return svg("g", { class: chosen ? "shape chosen" : "shape", fill: colour, stroke: colour, data: { label: shape.label } }, ...this.#body(shape), ...grips, this.#tag(shape, colour, chosen));
  }

  #body(shape) {
    if (!isBox(shape) && !isOutline(shape)) return [];
    const points = handles(shape).map((point) => this.#onScreen(point).join()).join(" ");
    return [svg("polygon", { points, class: "halo" }), svg("polygon", { points, class: "edge" })];
  }

  #grip(point, colour, chosen, [dx, dy] = [0, 0]) {
    const [cx, cy] = this.#onScreen(point);
    return svg("circle", { cx: cx + dx, cy: cy + dy, r: chosen ? 9 : 7, class: "grip", stroke: colour });
  }

  /** The grips of a small box stand outside it, so that it is still seen. */
  #out({ x, y, width, height }, [hx, hy]) {
    const side = Math.min(width * this.#base.width, height * this.#base.height) * this.#view.scale;
    const far = clamp((60 - side) / 3, 0, 10);
    return [hx > x + width / 2 ? far : -far, hy > y + height / 2 ? far : -far];
  }

  #tag(shape, colour, chosen) {
    const all = handles(shape).map((point) => this.#onScreen(point));
    const left = Math.min(...all.map(([x]) => x));
    const top = Math.min(...all.map(([, y]) => y));
    const width = shape.label.length * 6.6 + 12;
    const y = top - (chosen || !isBox(shape) ? 34 : 21);
    const place = { x: clamp(left, 2, Math.max(2, this.element.clientWidth - width - 2)), y: y < 2 ? top + 4 : y };
    return svg("g", { class: "tag" }, svg("rect", { ...place, width, height: 18, rx: 5, fill: colour }), svg("text", { x: place.x + 6, y: place.y + 13 }, shape.label));
  }

  #unfinished() {
    const colour = this.#board.colour(this.#board.label);
    const gesture = this.#gesture;
    if (gesture?.moves && gesture.does === "box") return [this.#shape({ label: this.#board.label, ...boxOf(this.#inPicture(gesture.from), this.#inPicture(gesture.to)) }, false)];
    const point = gesture?.moves && (gesture.does === "corner" || gesture.does === "point") ? [this.#inPicture(gesture.to)] : [];
    const corners = [...(this.#open ?? []), ...point];
    if (!corners.length) return [];
    const points = corners.map((corner) => this.#onScreen(corner).join()).join(" ");
    const grips = corners.map((corner, at) => this.#grip(corner, colour, at === 0));
    return [svg("g", { class: "shape open", fill: colour, stroke: colour }, svg("polyline", { points, class: "halo" }), svg("polyline", { points, class: "edge" }), ...grips)];
  }
}

const distance = ([x1, y1], [x2, y2]) => Math.hypot(x2 - x1, y2 - y1);
const middle = ([x1, y1], [x2, y2]) => [(x1 + x2) / 2, (y1 + y2) / 2];
