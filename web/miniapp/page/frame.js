// A requester's own page in a frame with walls; its form goes to the house, and the page around looks whether it came.

import * as api from "./api.js";
import { el } from "./dom.js";

const WALLED = "allow-scripts allow-forms allow-popups allow-modals";
const LOOK_MS = 3000;

export class Frame {
  #handedIn;
  #loads = 0;
  #timer;

  /** `handedIn` is called once the house has the answer. */
  constructor({ src, walled }, title, handedIn) {
    this.#handedIn = handedIn;
    const sandbox = walled ? WALLED : `${WALLED} allow-same-origin`;
    const frame = el("iframe", { title, sandbox, src, referrerpolicy: "no-referrer", onLoad: () => this.#loaded() });
    this.element = el("div", { class: "stage theirs" }, frame);
    this.#timer = setInterval(() => this.#loads > 1 && this.#look(), LOOK_MS);
  }

  #loaded() {
    this.#loads += 1;
    if (this.#loads > 1) this.#look();
  }

  async #look() {
    try {
      await api.task();
    } catch (problem) {
      if (!(problem instanceof api.Refused) || problem.code !== "AlreadyAnswered") return;
      clearInterval(this.#timer);
      this.#handedIn();
    }
  }
}
