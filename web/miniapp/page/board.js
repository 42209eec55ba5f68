// What is marked so far: shapes, the chosen one, the label in hand, and the way back.

const MOST = 200; // shapes of an answer, as the server takes them
const PALETTE = ["#ff3b30", "#0a84ff", "#30b350", "#ff9f0a", "#bf5af2", "#00b8b0", "#e6b800", "#ff375f", "#5e5ce6", "#a2845e"];

export class Board {
  #past = [];
  #heard = [];
  #kept;
  shapes = [];
  chosen = -1;

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
    this.chosen = this.shapes.length - 1;
    this.keep();
  }

  /** Replaces one; `remember` was called when the finger came down. */
  put(at, shape) {
    this.shapes[at] = shape;
    this.changed();
  }

  choose(at) {
    this.chosen = at;
    this.changed();
  }

  useLabel(label) {
    this.label = label;
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
    this.chosen = -1;
    this.keep();
  }

  undo() {
    if (!this.canUndo) return;
    this.shapes = JSON.parse(this.#past.pop());
    this.chosen = -1;
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
