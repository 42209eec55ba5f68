// The messages of one phone: kept in step with the log, one change of the page per frame.

import * as api from "./api.js";
import { el, iconButton, oncePerFrame } from "./dom.js";
import { Presses } from "./keyboard.js";
import { bubble, daySeparator } from "./message.js";
import { Roving } from "./roving.js";
import { Window } from "./scroll.js";
import { dayKey, fullName } from "./words.js";

export class Chat {
  #person;
  #store;
  #phone;
  #nodes = new Map(); // key ("day …" or a message id) → element
  #dirty = new Set();
  #unseen = 0;
  #drawn = false; // what is drawn first does not "arrive"
  #presses = new Presses((id) => this.changed([id]));
  #list = el("div", { class: "log", role: "log", "aria-label": "Messages", "aria-live": "polite" });
  #earlier = el("button", { type: "button", class: "earlier", hidden: true, onClick: () => this.#showEarlier() }, "Earlier messages");
  #down = iconButton("down", "To the newest message", () => this.toEnd(), "down");
  #scroller = el("div", { class: "scroller", tabindex: -1, role: "region", "aria-label": "Chat" }, this.#earlier, this.#list);
  #roving = new Roving(this.#list);
  #window = new Window(this.#scroller, this.#list, () => this.#draw());
  #draw = oncePerFrame(() => this.#window.keeping(() => this.#update()));
  element = el("div", { class: "chat" }, this.#scroller, this.#down);

  /** `phone` gives language, command, actions, fill, copy and tell: what its other parts know and do. */
  constructor(person, store, phone) {
    [this.#person, this.#store, this.#phone] = [person, store, phone];
    this.#scroller.addEventListener("scroll", () => (this.#window.sticks ? this.#seen() : this.#mark()), { passive: true });
    this.#seen();
    this.#draw();
  }

  get #log() {
    return this.#store.chat(this.#person.id);
  }

  changed(ids) {
    ids.forEach((id) => this.#dirty.add(id));
    this.#draw();
  }

  answered(query) {
    this.#presses.answered(query);
  }

  /** A person's own words are always worth going down for. */
  toEnd() {
    this.#window.back();
    this.#seen();
    this.#draw();
  }

  close() {
    this.#window.stop();
  }

  // ---- drawing ------------------------------------------------------------------------------------

  #update() {
    if (!this.#log) return;
    const ids = this.#window.cut(this.#log.ids);
    this.#earlier.hidden = ids.length === this.#log.ids.length;
    const wanted = this.#keys(ids);
    this.#forget(new Set(wanted));
    let at = this.#list.firstChild;
    for (const key of wanted) {
      const before = this.#nodes.get(key);
      const node = this.#node(key);
      if (before && before === at) at = node; // a new version stands where the old one stood
      if (node === at) at = at.nextSibling;
      else this.#list.insertBefore(node, at);
    }
    this.#dirty.clear();
    this.#roving.update();
    this.#drawn = this.#log.loaded;
    this.#mark();
  }

  #keys(ids) {
    const keys = [];
    let before = "";
    for (const id of ids) {
      const { date } = this.#log.get(id);
      const key = dayKey(date);
      if (key !== before) keys.push(`day ${key} ${date}`);
      keys.push(id);
      before = key;
    }
    return keys;
  }

  #forget(wanted) {
    for (const [key, node] of this.#nodes) {
      if (wanted.has(key)) continue;
      node.remove();
      this.#nodes.delete(key);
    }
  }

  #node(key) {
    const known = this.#nodes.get(key);
    if (known && !this.#dirty.has(key)) return known;
    const node = typeof key === "number" ? this.#bubble(this.#log.get(key)) : daySeparator(Number(key.split(" ").at(-1)));
    if (known) replace(known, node);
    else if (this.#drawn && this.#dirty.has(key)) this.#arrived(node);
    this.#nodes.set(key, node);
    return node;
  }

  #arrived(node) {
    node.classList.add("new");
    if (!this.#window.sticks && node.classList.contains("in")) this.#unseen += 1;
  }

  #bubble(message) {
    const names = { bot: this.#store.bot.first_name, person: fullName(this.#person) };
    const doing = { ...this.#phone, keyboard: (of) => this.#keyboard(of), jump: (id) => this.#jump(id) };
    return Roving.quiet(bubble(message, names, doing));
  }

  #mark() {
    this.#down.hidden = this.#window.sticks;
    this.#down.dataset.count = this.#unseen > 0 ? String(this.#unseen) : "";
  }

  #seen() {
    this.#unseen = 0;
    this.#mark();
  }

  // ---- what a reader does -------------------------------------------------------------------------

  #keyboard(message) {
    const id = message.message_id;
    return {
      ...this.#phone,
      isWaiting: (row, column, button) => this.#presses.isWaiting(id, `${row}:${column}`, button.callback_data),
      press: (row, column) => this.#press(message, row, column),
      open: (row, column) => this.#phone.openApp(message, row, column),
      pay: (anchor) => this.#phone.pay(message, anchor),
    };
  }

  async #press(message, row, column) {
    const id = message.message_id;
    this.#presses.begin(id, `${row}:${column}`, message.reply_markup.inline_keyboard[row][column].callback_data);
    try {
      const { callback_query_id: query } = await api.press(this.#person.id, id, row, column);
      this.#presses.returned(id, query);
    } catch (problem) {
      this.#presses.end(id);
      this.#phone.tell(problem.message);
    }
  }

  #showEarlier() {
    this.#window.earlier();
    this.#draw();
  }

  #jump(id) {
    if (!this.#window.reaches(this.#log.ids, id)) return;
    this.#update();
    const node = this.#nodes.get(id);
    node.scrollIntoView({ block: "center" });
    node.classList.add("found");
    setTimeout(() => node.classList.remove("found"), 1500);
  }
}

/** Swaps a bubble for its new version; the keyboard's focus stays on the same button. */
function replace(known, node) {
  const focused = known.contains(document.activeElement) ? document.activeElement : null;
  known.replaceWith(node);
  if (!focused) return;
  const same = focused.dataset.at ? node.querySelector(`[data-at="${focused.dataset.at}"]`) : null;
  (same ?? node).focus({ preventScroll: true });
}
