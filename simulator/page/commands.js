// The bot's command menu: by its button, or by typing "/".

import * as api from "./api.js";
import { el } from "./dom.js";

export class CommandList {
  #person;
  #send;
  #all = [];
  #chosen = -1;
  element = el("div", { class: "commands", role: "listbox", "aria-label": "Commands", hidden: true });

  constructor(person, send) {
    [this.#person, this.#send] = [person, send];
  }

  /** Reads the menu of this person again; tells whether there is one. */
  async load() {
    this.#all = await api.commands(this.#person.id).catch(() => this.#all);
    return this.#all.length > 0;
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Shows what begins with `typed` ("" shows all); hides itself where nothing does. */
  show(typed = "") {
    const wanted = typed.replace(/^\//, "").toLowerCase();
    const fitting = this.#all.filter(({ command }) => command.startsWith(wanted));
    this.#chosen = -1;
    this.element.replaceChildren(...fitting.map((entry) => this.#row(entry)));
    this.element.hidden = fitting.length === 0;
    document.addEventListener("pointerdown", this.#elsewhere, true);
  }

  hide() {
    this.element.hidden = true;
    document.removeEventListener("pointerdown", this.#elsewhere, true);
  }

  #elsewhere = (event) => this.element.parentElement?.contains(event.target) || this.hide();

  #row({ command, description }) {
    return el("button", { type: "button", role: "option", class: "command-row", "aria-selected": "false", tabindex: -1, data: { command },
      onClick: () => this.#pick(command) }, el("b", {}, `/${command}`), el("span", { dir: "auto" }, description));
  }

  #pick(command) {
    this.hide();
    this.#send(`/${command}`);
  }

  /** Arrows, Enter, Tab and Escape while the list is open; true when the key was meant for it. */
  key(event, complete) {
    const rows = [...this.element.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = rows[this.#chosen];
    if (step) this.#mark(rows, (this.#chosen + step + rows.length) % rows.length);
    else if (event.key === "Escape") this.hide();
    else if (event.key === "Enter" && chosen) this.#pick(chosen.dataset.command);
    else if (event.key === "Tab" && rows.length) complete(`/${(chosen ?? rows[0]).dataset.command} `);
    else return false;
    return true;
  }

  #mark(rows, at) {
    this.#chosen = at;
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
    rows[at].scrollIntoView({ block: "nearest" });
  }
}
