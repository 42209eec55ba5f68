// Which parts of a long chat the Tab key stops at: the newest keyboard and one message; arrows go from message to message.

const CONTROLS = "a, button, audio, video, [role=button]";
const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

/** `list` holds the messages (`.message`), oldest first. */
export class Roving {
  #list;
  #reachable = new Set();
  #chosen = null; // the message gone to by hand; the newest where there is none

  constructor(list) {
    this.#list = list;
    list.addEventListener("focusin", (event) => this.#choose(event.target.closest(".message")));
    list.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Takes a new bubble out of the tab order. */
  static quiet(node) {
    stops(node, false);
    return node;
  }

  /** Called when the list has changed. */
  update() {
    const all = this.#messages;
    const current = this.#chosen?.isConnected && this.#chosen.contains(document.activeElement) ? this.#chosen : all.at(-1);
    const newestKeys = all.findLast((node) => node.querySelector(".keyboard"));
    this.#reach(new Set([newestKeys, current].filter(Boolean)), current);
  }

  #reach(wanted, current) {
    for (const node of this.#reachable) if (!wanted.has(node)) stops(node, false);
    for (const node of wanted) if (!this.#reachable.has(node)) stops(node, true);
    for (const node of new Set([...this.#reachable, ...wanted])) node.tabIndex = node === current ? 0 : -1;
    this.#reachable = wanted;
  }

  get #messages() {
    return [...this.#list.querySelectorAll(".message")];
  }

  #choose(message) {
    if (!message || message === this.#chosen) return;
    this.#chosen = message;
    this.update();
  }

  #key(event) {
    const step = STEPS[event.key];
    if (!step || !event.target.matches(".message")) return;
    const all = this.#messages;
    const at = Math.min(Math.max(all.indexOf(event.target) + step, 0), all.length - 1);
    event.preventDefault();
    all[at].focus({ preventScroll: true });
    all[at].scrollIntoView({ block: "nearest" });
  }
}

function stops(node, on) {
  for (const control of node.querySelectorAll(CONTROLS)) control.tabIndex = on ? 0 : -1;
}
