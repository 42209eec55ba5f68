// The marks so far, the one with grips, the label for the next one, and undo.

const MOST = 200; // shapes of an answer, as the server takes them
const PALETTE = ["#ff3b30", "#0a84ff", "#30b350", "#ff9f0a", "#bf5af2", "#00b8b0", "#e6b800", "#ff375f", "#5e5ce6", "#a2845e"];

export class Board {
  #past = [];
  #heard = [];
  #kept;
  shapes = [];
  chosen = -1; // the mark with grips: it was tapped, or it is the newest one
  #isSelected = false; // by a tap or a key; only then a label chosen is for this mark

  /** `kept` names the draft in this client's storage, so that a closed page loses nothing. */
  constructor(labels, kept, given) {
    this.labels = labels;
    this.label = labels[0];
    this.#kept = kept;
    this.shapes = given ?? this.#draft();
  }

  onChange(run) {
    this.#heard.push(run);
  }

  changed() {
    for (const run of this.#heard) run();
  }

  colour(label) {
    return PALETTE[Math.max(0, this.labels.indexOf(label)) % PALETTE.length];
  }

  get selected() {
    return this.shapes[this.chosen] ?? null;
  }

  /** The label of the selected mark, else the one that the next mark gets. */
  get shownLabel() {
    return this.#isSelected && this.selected ? this.selected.label : this.label;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  /** Before a change: what it can be taken back to. */
  remember() {
    this.#past.push(JSON.stringify(this.shapes));
    if (this.#past.length > 100) this.#past.shift();
  }

  /** After one. */
  keep() {
    try {
      localStorage.setItem(this.#kept, JSON.stringify(this.shapes));
    } catch { /* without storage nothing is kept */ }
    this.changed();
  }

  forget() {
    try {
      localStorage.removeItem(this.#kept);
    } catch { /* nothing was kept */ }
  }

  add(shape) {
    if (this.shapes.length >= MOST) return;
    this.remember();
    this.shapes.push({ label: this.label, ...shape });
    this.hold(this.shapes.length - 1);
    this.keep();
  }

  /** Replaces one; `remember` was called when the finger came down. */
  put(at, shape) {
    this.shapes[at] = shape;
    this.changed();
  }

  /** Selects a mark, or none (-1): the worker tapped it, or went to it by key. */
  choose(at) {
    [this.chosen, this.#isSelected] = [at, at >= 0];
    this.changed();
  }

  /** Gives grips to a mark that was drawn or pulled, without selecting it; a selected one stays selected. */
  hold(at) {
    [this.chosen, this.#isSelected] = [at, this.#isSelected && at === this.chosen];
  }

  /** Sets the label of the next mark, and of the selected one. A finished mark that was only drawn or pulled keeps its
   * label, and loses its grips, so that the next stroke begins a mark of the new label. */
  useLabel(label) {
    this.label = label;
    if (!this.#isSelected) this.chosen = -1;
    if (this.selected && this.selected.label !== label) {
      this.remember();
      this.shapes[this.chosen] = { ...this.selected, label };
      this.keep();
    } else this.changed();
  }

  delete() {
    if (!this.selected) return;
    this.remember();
    this.shapes.splice(this.chosen, 1);
    this.hold(-1);
    this.keep();
  }

  undo() {
    if (!this.canUndo) return;
    this.shapes = JSON.parse(this.#past.pop());
    this.hold(-1);
    this.keep();
  }

  #draft() {
    try {
      const found = JSON.parse(localStorage.getItem(this.#kept) ?? "[]");
      return Array.isArray(found) ? found.filter((shape) => this.labels.includes(shape?.label)) : [];
    } catch {
      return [];
    }
  }
}
