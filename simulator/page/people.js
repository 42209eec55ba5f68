// The list of people: faces, roles, last lines, what is unread; a crowd is folded away.

import * as address from "./address.js";
import { addPersonDialog } from "./newcomer.js";
import { avatar } from "./avatar.js";
import { el, iconButton, oncePerFrame } from "./dom.js";
import { fullName, gist, hour, isCrowd } from "./words.js";

const SEARCH_FROM = 9; // people; fewer are found by eye

export class People {
  #store;
  #stage;
  #rows = new Map(); // person id → row
  #stale = new Set();
  #search = el("input", { type: "search", class: "search", placeholder: "Find a person", "aria-label": "Find a person", hidden: true, onInput: () => this.#list() });
  #known = el("ul", { class: "rows" });
  #crowd = el("ul", { class: "rows" });
  #crowdCount = el("span", {});
  #fold = el("details", { class: "crowd", hidden: true, onToggle: () => this.#list() },
    el("summary", {}, el("span", { class: "crowd-face", "aria-hidden": "true" }), this.#crowdCount), this.#crowd);
  #line = el("p", { class: "line", role: "status" });
  #title = el("h1", {}, "Local Telegram");
  #redraw = oncePerFrame(() => this.#refreshRows());

  constructor(root, store, stage) {
    [this.#store, this.#stage] = [store, stage];
    root.append(
      el("header", { class: "people-head" }, this.#title, iconButton("plus", "Add a person", () => this.#add(), "add")),
      el("p", { class: "help" }, "This is a local Telegram. Nobody outside sees it."),
      this.#search, this.#line, el("nav", { class: "people-list", "aria-label": "Chats" }, this.#known, this.#fold));
    store.on("people", () => this.#list());
    store.on("summary", ({ person }) => this.#changed(person));
    store.on("line", ({ connected }) => this.#lineIs(connected));
    address.onChange(() => this.#markOpen());
  }

  #lineIs(connected) {
    this.#line.textContent = connected ? "" : "Reconnecting…";
    this.#line.classList.toggle("down", !connected);
  }

  async #add() {
    const person = await addPersonDialog();
    if (!person) return;
    await this.#store.refreshPeople();
    this.#show(person.id, true);
  }

  #show(id, beside) {
    address.open(id, { beside: beside && !matchMedia("(max-width: 720px)").matches, instead: this.#stage.active });
    const phone = document.querySelector(`.phone[data-person="${id}"]`);
    phone?.scrollIntoView({ inline: "nearest", block: "nearest", behavior: "smooth" });
    phone?.querySelector("textarea")?.focus({ preventScroll: true });
  }

  // ---- rows ---------------------------------------------------------------------------------------

  #list() {
    const all = [...this.#store.people.values()];
    const sought = this.#search.value.trim().toLowerCase();
    const found = all.filter((person) => `${fullName(person)} ${person.role} ${person.username ?? ""}`.toLowerCase().includes(sought));
    const crowd = found.filter(isCrowd);
    this.#search.hidden = all.length < SEARCH_FROM;
    this.#fold.hidden = crowd.length === 0;
    this.#crowdCount.textContent = `Crowd · ${crowd.length}`;
    if (sought && crowd.length) this.#fold.open = true;
    const before = this.#rows;
    this.#rows = new Map();
    inPlace(this.#known, found.filter((person) => !isCrowd(person)).map((person) => this.#row(person, before)));
    inPlace(this.#crowd, this.#fold.open ? crowd.map((person) => this.#row(person, before)) : []);
    this.#stale = new Set(this.#rows.keys());
    this.#refreshRows();
    this.#markOpen();
  }

  /** The row stays the same as long as the person does: focus and hover survive. */
  #row(person, before) {
    const known = before.get(person.id);
    const row = known?.card === JSON.stringify(person) ? known : this.#newRow(person);
    this.#rows.set(person.id, row);
    return row.item;
  }

  #newRow(person) {
    const name = fullName(person);
    const parts = { time: el("time", { class: "row-time" }), last: el("span", { class: "row-last", dir: "auto" }), unread: el("span", { class: "badge", hidden: true }) };
    const button = el("button", { type: "button", class: "row", onClick: (event) => this.#show(person.id, event.ctrlKey || event.metaKey) }, avatar(person),
      el("span", { class: "row-words" },
        el("span", { class: "row-top" }, el("span", { class: "row-name" }, name), parts.time),
        el("span", { class: "row-top" }, el("span", { class: "chip", data: { role: person.role } }, person.role || "person"), parts.last, parts.unread)));
    const beside = iconButton("beside", `Put the phone of ${name} beside the others`, () => this.#show(person.id, true), "beside");
    const item = el("li", { class: person.blocked ? "blocked" : "" }, button, beside);
    return { item, button, card: JSON.stringify(person), ...parts };
  }

  #changed(id) {
    this.#stale.add(id);
    this.#redraw();
  }

  #refreshRows() {
    for (const id of this.#stale) {
      const row = this.#rows.get(id);
      if (row) this.#fill(row, this.#store.people.get(id), this.#store.summary(id));
    }
    this.#stale.clear();
    const unread = [...this.#store.people.values()].filter((person) => !isCrowd(person)).reduce((sum, { id }) => sum + this.#store.summary(id).unread, 0);
    document.title = `${unread ? `(${unread}) ` : ""}${this.#store.bot.first_name} · Local Telegram`;
  }

  #fill(row, person, { last, unread }) {
    row.last.textContent = last ? `${last.out ? "You: " : ""}${gist(last)}` : person.gone ? "has deleted the account" : person.blocked ? "has blocked the bot" : person.started ? "" : "has not started yet";
    row.time.textContent = last ? hour(last.date) : "";
    row.unread.hidden = unread === 0;
    row.unread.textContent = unread > 99 ? "99+" : String(unread);
    row.unread.setAttribute("aria-label", `${unread} unread`);
  }

  #markOpen() {
    const open = new Set(address.openIds());
    for (const [id, { button, item }] of this.#rows) {
      item.classList.toggle("open", open.has(id));
      if (open.has(id)) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }
}

function inPlace(list, items) {
  const same = items.length === list.children.length && items.every((item, index) => item === list.children[index]);
  if (!same) list.replaceChildren(...items);
}
