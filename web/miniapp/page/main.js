// A page of the Mini App: a task whose answer is drawn.

import * as api from "./api.js";
import { Board } from "./board.js";
import { el, icon, iconButton } from "./dom.js";
import { isForKeys, listen } from "./keys.js";
import { Picture } from "./picture.js";
import { Sound } from "./sound.js";
import * as telegram from "./telegram.js";
import { Text } from "./text.js";
import { Theirs } from "./theirs.js";

const TOOLS = { boxes: ["box", "outline"], points: ["point"], polygons: ["outline"], spans: ["span"], regions: ["region"] };
const HINTS = { box: "draw", outline: "outline", point: "place", span: "mark", region: "cut" };
const KEYS = { box: "keys_box", point: "keys_point", span: "keys_span" };
const SHOWN_MS = 1100; // how long the page says what came of the answer

class Page {
  #task;
  #words;
  #board;
  #editor;
  #theirs; // the requester's page, where one asks
  #confirmed = false; // that nothing is there
  #busy = false;
  #hint = el("p", { class: "hint", "aria-live": "polite" });
  #toast = el("div", { class: "toast", role: "status", hidden: true });
  #labels = el("div", { class: "labels", role: "radiogroup" });
  #tools = el("div", { class: "tools" });
  #sheet = el("section", { class: "sheet", role: "dialog", "aria-modal": "true", hidden: true });
  #beside; // pictures of the instructions, once they were looked at

  constructor({ task, words }) {
    [this.#task, this.#words] = [task, words];
    document.documentElement.lang = words.language;
    const given = task.answer === null ? null : JSON.parse(task.answer);
    this.#board = new Board(task.options, api.draftName, Array.isArray(given) ? given : given?.shapes);
  }

  /** A requester's own page sends its answer itself. */
  showTheirs(root, frame) {
    this.#theirs = new Theirs(frame, this.#task.title, this.#words, (said) => this.#done(said));
    root.replaceChildren(this.#head(), this.#theirs.element, this.#sheet);
    root.removeAttribute("aria-busy");
    this.#hint.textContent = frame.preview ? this.#words.preview : this.#words.theirs;
    telegram.askBeforeClosing(!telegram.isApp && !frame.preview);
    telegram.on("back_button_pressed", () => this.#instructions(false));
  }

  /** All of a form that is asked in the chat, for an admin. */
  showText(root) {
    const text = el("div", { class: "stage text" }, el("p", { class: "words plainly", dir: "auto" }, this.#task.text));
    root.replaceChildren(this.#head(), text, this.#sheet);
    root.removeAttribute("aria-busy");
    telegram.on("back_button_pressed", () => this.#instructions(false));
  }

  async show(root) {
    const found = TOOLS[this.#task.kind];
    this.#editor = await this.#made(found);
    root.replaceChildren(this.#head(), this.#editor.element, this.#foot(found), this.#sheet, this.#toast);
    this.#board.onChange(() => this.#changed());
    await this.#editor.ready();
    this.#board.changed();
    root.removeAttribute("aria-busy");
    if (found[0] === "span" || (this.#editor instanceof Picture && found.some(isForKeys))) this.#hearKeys(found[0]);
    telegram.on("main_button_pressed", () => this.#send());
    telegram.on("back_button_pressed", () => this.#instructions(false));
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  /** The hint says what keys do while the picture, or the text, has the focus of a keyboard. */
  #hearKeys(tool) {
    if (tool === "span") this.#editor.hearKeys(this.#words[KEYS[tool]]);
    else listen(this.#editor, this.#board, this.#words[KEYS[tool]]);
    for (const turn of ["focus", "blur"]) this.#editor.element.addEventListener(turn, () => this.#changed());
  }

  async #made(tools) {
    if (tools[0] === "span") return new Text(this.#board, this.#task.text);
    const wanted = tools[0] === "region" ? ["audio", "voice"] : ["photo"];
    const file = await api.file(this.#task.media.findIndex((kind) => wanted.includes(kind)));
    return tools[0] === "region" ? new Sound(this.#board, file, this.#words) : new Picture(this.#board, tools, URL.createObjectURL(file));
  }

  // ---- its parts ----------------------------------------------------------------------------------

  #head() {
    return el("header", {},
      el("div", { class: "titles" }, el("h1", { dir: "auto" }, this.#task.title), this.#asked(), this.#hint),
      iconButton("info", this.#words.instructions, () => this.#instructions(true)));
  }

  /** What is written beside the file; where the text itself is marked it stands below. */
  #asked() {
    const { text, kind } = this.#task;
    return text && TOOLS[kind] && TOOLS[kind][0] !== "span" ? el("p", { class: "asked", dir: "auto" }, text) : null;
  }

  #foot(tools) {
    const switches = tools.length > 1 ? tools.map((tool) => iconButton(tool, this.#words[HINTS[tool]], () => this.#use(tool))) : [];
    this.#tools.append(...switches, el("span", { class: "gap" }),
      this.#editor instanceof Picture ? iconButton("whole", this.#words.whole, () => this.#editor.whole()) : "",
      iconButton("delete", this.#words.delete, () => this.#board.delete()),
      iconButton("undo", this.#words.undo, () => this.#editor.undo() || this.#board.undo()));
    const labels = this.#task.options.map((label) => el("button", { type: "button", class: "label", role: "radio", data: { label }, onClick: () => this.#label(label) }, el("i"), el("bdi", {}, label)));
    labels.forEach((chip) => chip.style.setProperty("--mark", this.#board.colour(chip.dataset.label)));
    this.#labels.setAttribute("aria-label", this.#words.label);
    this.#labels.addEventListener("keydown", (event) => this.#neighbour(event));
    this.#labels.append(...labels);
    return el("footer", {}, this.#tools, this.#labels);
  }

  #use(tool) {
    this.#editor.use(tool);
    telegram.feel("tick");
  }

  #label(label) {
    this.#board.useLabel(label);
    telegram.feel("tick");
  }

  /** The arrows of a group of which one is chosen. */
  #neighbour(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const chips = [...this.#labels.children];
    const next = chips.at((chips.indexOf(document.activeElement) + step) % chips.length);
    next.focus();
    this.#label(next.dataset.label);
  }

  #key(event) {
    if (!this.#sheet.hidden) {
      if (event.key === "Escape") this.#instructions(false);
    } else if (event.key === "Delete" || event.key === "Backspace") this.#board.delete();
    else if (event.key === "z" && (event.ctrlKey || event.metaKey)) this.#editor.undo() || this.#board.undo();
    else if (event.key === "Escape") this.#board.choose(-1);
  }

  /** With the instructions and the worked examples; fetched when the sheet is opened first, one after the other: of many
   * at once some would be refused. */
  #pictures() {
    const first = this.#task.media.length;
    let before = Promise.resolve();
    this.#beside ??= (this.#task.beside ?? []).map((words, at) => {
      const image = el("img", { alt: words });
      before = before.then(() => api.file(first + at)).then((file) => { image.src = URL.createObjectURL(file); }, () => image.remove());
      return el("figure", {}, image, words ? el("figcaption", { dir: "auto" }, words) : "");
    });
    return this.#beside;
  }

  #instructions(show) {
    const { instructions, title, text } = this.#task;
    const lines = el("ol", {}, instructions.map((line) => el("li", { dir: "auto" }, line)));
    const about = text && TOOLS[this.#task.kind] && TOOLS[this.#task.kind][0] !== "span" ? el("p", { class: "about", dir: "auto" }, text) : null;
    this.#sheet.replaceChildren(el("h2", { dir: "auto" }, title), el("p", { class: "pay" }, this.#words.pay), this.#how(), lines, about ?? "", ...(show ? this.#pictures() : []),
      this.#theirs?.finishButton(() => this.#instructions(false)) ?? "",
      el("button", { type: "button", class: "plain", onClick: () => this.#instructions(false) }, this.#words.close));
    this.#sheet.setAttribute("aria-label", title);
    this.#sheet.hidden = !show;
    telegram.backButton(show);
    if (this.#editor) this.#button();
    (show ? this.#sheet.lastElementChild : root.querySelector("[data-does=info]")).focus({ preventScroll: true });
  }

  /** The hint of the tool in hand, whole: above the picture large letters cut it. */
  #how() {
    return this.#editor ? el("p", { class: "how" }, this.#words[HINTS[this.#editor.tool]]) : "";
  }

  // ---- what changes -------------------------------------------------------------------------------

  #changed() {
    this.#confirmed &&= this.#board.shapes.length === 0;
    const { selected, shownLabel, canUndo, shapes } = this.#board;
    for (const chip of this.#labels.children) {
      const isChosen = chip.dataset.label === shownLabel;
      chip.setAttribute("aria-checked", String(isChosen));
      chip.tabIndex = isChosen ? 0 : -1; // one stop of the Tab key; the arrows go on
    }
    const shown = { delete: Boolean(selected), undo: canUndo || this.#editor.isOpen, whole: this.#editor.isZoomed };
    for (const tool of this.#tools.querySelectorAll("[data-does]")) {
      const does = tool.dataset.does;
      if (does in shown) tool.disabled = !shown[does];
      else tool.setAttribute("aria-pressed", String(does === this.#editor.tool));
    }
    this.#hint.textContent = this.#hinted();
    this.#toast.hidden = true;
    telegram.askBeforeClosing(shapes.length > 0);
    this.#button();
  }

  #hinted() {
    if (KEYS[this.#editor.tool] && this.#editor.element.matches(":focus-visible")) return this.#words[KEYS[this.#editor.tool]];
    if (!this.#board.selected || this.#editor.tool === "point") return this.#words[HINTS[this.#editor.tool]];
    return this.#words[this.#editor instanceof Picture ? "chosen" : "chosen_part"];
  }

  /** Of Telegram's: not over the instructions, where what it says of an answer could not be seen. */
  #button() {
    if (!this.#sheet.hidden) return telegram.mainButton("");
    const many = this.#board.shapes.length;
    const text = many ? `${this.#words.send} · ${many}` : this.#confirmed ? this.#words.send_nothing : this.#words.send;
    return telegram.mainButton(text, { busy: this.#busy });
  }

  // ---- handing in ---------------------------------------------------------------------------------

  async #send() {
    if (this.#busy) return;
    if (this.#editor.isOpen) return this.#tell(this.#words.open);
    if (!this.#board.shapes.length && !this.#confirmed) return this.#ask();
    this.#busy = true;
    this.#button();
    try {
      const { done, said } = await api.handIn(this.#editor.answer());
      this.#done(said, done.missed, done.next);
    } catch (problem) {
      this.#failed(problem);
    }
  }

  #ask() {
    this.#confirmed = true;
    telegram.feel("warning");
    this.#tell(this.#words.empty);
    this.#button();
  }

  /** `missed`: it was a check question whose answer the chat explains. The page closes, or shows the task `next`. */
  #done(said, missed = false, next = null) {
    this.#board.forget();
    telegram.feel(missed ? "warning" : "success");
    telegram.mainButton("");
    telegram.askBeforeClosing(false);
    ended(icon(missed ? "info" : "done"), said, missed ? "over" : "done");
    if (next) setTimeout(() => location.replace(`${next}${location.hash}`), SHOWN_MS / 2);
    else setTimeout(telegram.close, missed ? 2 * SHOWN_MS : SHOWN_MS);
  }

  #failed(problem) {
    this.#busy = false;
    telegram.feel("error");
    if (problem instanceof api.Refused && [401, 403, 404, 409].includes(problem.status)) return over(problem.message, choice(this.#words.close, telegram.close));
    this.#tell((problem instanceof api.Refused && problem.message) || this.#words.offline);
    return this.#button();
  }

  #tell(words) {
    this.#toast.textContent = words;
    this.#toast.hidden = false;
    clearTimeout(this.#toast.timer);
    this.#toast.timer = setTimeout(() => (this.#toast.hidden = true), 4000);
  }
}

const root = document.getElementById("app");

function ended(mark, said, how, ...more) {
  root.removeAttribute("aria-busy");
  root.replaceChildren(el("section", { class: `ended ${how}`, role: "status" }, mark, el("p", {}, said), ...more));
}

/** Nothing can be done here any more, but for `choices`. */
function over(said, ...choices) {
  telegram.mainButton("");
  telegram.askBeforeClosing(false);
  ended(icon("info"), said, "over", ...choices);
}

const choice = (words, run) => el("button", { type: "button", class: "plain", onClick: run }, words);

async function load() {
  let found;
  waiting();
  try {
    found = await api.task();
    const page = new Page(found);
    if (found.frame) return page.showTheirs(root, found.frame);
    return TOOLS[found.task.kind] ? await page.show(root) : page.showText(root);
  } catch (problem) {
    const close = found ? choice(found.words.close, telegram.close) : "";
    if (problem instanceof api.Refused && problem.message) return over(problem.message, close);
    return over(found?.words.missing ?? root.dataset.unreached, choice(root.dataset.again, load), close);
  }
}

function waiting() {
  root.setAttribute("aria-busy", "true");
  root.replaceChildren(el("div", { class: "waiting", role: "progressbar", "aria-label": "…" }));
}

telegram.begin();
if (telegram.initData) load();
else over(root.dataset.alone);
