// Files about to be sent: picked, dropped or pasted, shown above the text box, which is then their caption.

import { el, iconButton } from "./dom.js";
import { bytes } from "./words.js";

const KINDS = [["photo", "as a photo"], ["voice", "as a voice message"], ["document", "as a file"]];

export class Tray {
  #files = []; // {file, as, url}
  #changed;
  element = el("div", { class: "tray", hidden: true });

  constructor(changed) {
    this.#changed = changed;
  }

  get isEmpty() {
    return this.#files.length === 0;
  }

  add(files) {
    for (const file of files) {
      const isImage = file.type.startsWith("image/");
      this.#files.push({ file, as: isImage ? "photo" : "document", url: isImage ? URL.createObjectURL(file) : null });
    }
    this.#draw();
  }

  /** Hands over what is to be sent and empties itself. */
  take() {
    const taken = this.#files.map(({ file, as }) => ({ file, as }));
    this.clear();
    return taken;
  }

  clear() {
    this.#files.forEach(({ url }) => url && URL.revokeObjectURL(url));
    this.#files = [];
    this.#draw();
  }

  #remove(entry) {
    if (entry.url) URL.revokeObjectURL(entry.url);
    this.#files = this.#files.filter((other) => other !== entry);
    this.#draw();
  }

  #draw() {
    this.element.replaceChildren(...this.#files.map((entry) => this.#row(entry)));
    this.element.hidden = this.isEmpty;
    this.#changed();
  }

  #row(entry) {
    const { file, url } = entry;
    const face = url ? el("img", { src: url, alt: "" }) : el("span", { class: "kind", "aria-hidden": "true" }, file.name.split(".").at(-1).slice(0, 4));
    return el("div", { class: "tray-row" }, face,
      el("span", { class: "file-words" }, el("span", { class: "file-name" }, file.name), el("span", { class: "file-size" }, bytes(file.size))),
      choice(entry), iconButton("close", `Remove ${file.name}`, () => this.#remove(entry)));
  }
}

function choice(entry) {
  const { type } = entry.file;
  const fitting = KINDS.filter(([as]) => as === "document" || (as === "photo" && type.startsWith("image/")) || (as === "voice" && type.startsWith("audio/")));
  if (fitting.length < 2) return null;
  const select = el("select", { "aria-label": `How to send ${entry.file.name}`, onChange: () => (entry.as = select.value) },
    fitting.map(([value, label]) => el("option", { value }, label)));
  select.value = entry.as;
  return select;
}
