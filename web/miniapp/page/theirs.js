// A task that a page of its requester's asks: in a frame here, or, where frames could call Telegram's app, in the browser.

import * as api from "./api.js";
import { el } from "./dom.js";
import { Frame, leave } from "./frame.js";
import * as telegram from "./telegram.js";

const LOOK_MS = 3000;

export class Theirs {
  #frame; // where it is, as the house says it
  #words;
  #done;
  #shown; // the Frame, where there is one
  #timer;
  #note = el("div", { class: "toast", role: "status", hidden: true });

  /** `done` is called once the house has the answer, with what is said then. */
  constructor(frame, title, words, done) {
    [this.#frame, this.#words, this.#done] = [frame, words, done];
    this.element = telegram.isApp ? this.#outside() : this.#inside(title);
    if (!frame.preview) this.#timer = setInterval(() => (this.#shown?.hasMoved ?? true) && this.look(), LOOK_MS);
  }

  /** The button by which a worker says that they have finished, where only their word can tell. */
  finishButton(close) {
    if (!this.#frame.left) return "";
    return el("div", {}, el("p", { class: "how" }, this.#words.finished_hint),
      el("button", { type: "button", class: "plain", onClick: () => (close(), this.#leave()) }, this.#words.finished));
  }

  #inside(title) {
    this.#shown = new Frame(this.#frame, title, { moved: () => this.look(), left: () => this.#leave() });
    this.#shown.element.append(this.#note);
    return this.#shown.element;
  }

  /** Telegram's apps put an object into every frame by which its page could act as ours; a browser has none. */
  #outside() {
    const open = () => telegram.openLink(this.#frame.browser);
    telegram.mainButton(this.#words.in_browser);
    telegram.on("main_button_pressed", open);
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
    return el("section", { class: "stage outside" }, el("p", {}, this.#words.in_browser_hint),
      el("button", { type: "button", class: "plain", onClick: open }, this.#words.in_browser), this.#note);
  }

  /** Whether the answer has come. */
  async look() {
    try {
      await api.task();
    } catch (problem) {
      if (!(problem instanceof api.Refused) || problem.code !== "AlreadyAnswered") return;
      this.#end(this.#words.received);
    }
  }

  async #leave() {
    if (!this.#frame.left) return undefined;
    try {
      const { ok, said } = await leave(this.#frame.left);
      return ok ? this.#end(said) : this.#tell(said);
    } catch {
      return this.#tell(this.#words.form_offline);
    }
  }

  #end(said) {
    clearInterval(this.#timer);
    this.#done(said);
  }

  #tell(words) {
    this.#note.textContent = words;
    this.#note.hidden = false;
  }
}
