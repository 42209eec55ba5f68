// The phones side by side, as the address says; on a narrow screen one at a time.

import * as address from "./address.js";
import { el } from "./dom.js";
import { Phone } from "./phone.js";

const narrow = matchMedia("(max-width: 720px)");

export class Stage {
  #root;
  #store;
  #phones = new Map();
  #first = true;

  constructor(root, store) {
    [this.#root, this.#store] = [root, store];
    address.onChange(() => this.#update());
    narrow.addEventListener("change", () => this.#update());
    store.on("people", () => this.#update());
    root.addEventListener("focusin", (event) => this.#touched(event));
    root.addEventListener("pointerdown", (event) => this.#touched(event));
  }

  /** The phone used last: a name pressed in the list opens in its place. */
  active = null;

  #touched(event) {
    const phone = event.target.closest(".phone");
    if (phone) this.active = Number(phone.dataset.person);
  }

  #update() {
    const wanted = address.openIds().filter((id) => this.#store.people.has(id));
    const shown = narrow.matches ? wanted.slice(0, 1) : wanted;
    document.body.dataset.view = shown.length ? "chat" : "list";
    this.#close(shown);
    this.#store.keepOpen(shown);
    this.#open(shown);
    this.#root.querySelector(".welcome")?.remove();
    if (!shown.length) this.#root.append(welcome(this.#store.people.size));
    this.#first = this.#first && this.#store.people.size === 0;
  }

  #close(shown) {
    for (const [id, phone] of this.#phones) {
      if (shown.includes(id)) continue;
      phone.close();
      this.#phones.delete(id);
    }
  }

  #open(shown) {
    shown.forEach((id, index) => {
      const isNew = !this.#phones.has(id);
      if (isNew) this.#phones.set(id, new Phone(this.#store.people.get(id), this.#store, () => leave(id)));
      const { element } = this.#phones.get(id);
      if (this.#root.children[index] !== element) this.#root.insertBefore(element, this.#root.children[index] ?? null);
      if (isNew && !this.#first) this.#greet(id);
    });
  }

  #greet(id) {
    this.active = id;
    const phone = this.#phones.get(id);
    phone.element.scrollIntoView({ inline: "nearest", block: "nearest" });
    phone.focus();
  }
}

function leave(id) {
  if (narrow.matches) address.setOpen([]);
  else address.close(id);
}

function welcome(count) {
  const lines = count
    ? ["Choose a person", "Their chat with the bot opens as on a phone. Use the button beside a name to put several phones side by side."]
    : ["Nobody is here yet", "Add a person to get a phone that can write to the bot."];
  return el("div", { class: "welcome" }, el("h2", {}, lines[0]), el("p", {}, lines[1]));
}
