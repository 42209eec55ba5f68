// A requester's own page in a frame with walls.

import { el } from "./dom.js";

const WALLED = "allow-scripts allow-forms allow-popups allow-modals";
const AMAZONS = new Set(["https://www.mturk.com", "https://workersandbox.mturk.com"]);

export class Frame {
  #loads = 0;

  /** `moved` is called with each further page of the frame, `left` when it leaves for Amazon's former address: pages on a
   * requester's server send their form there, and nobody else learns of it. */
  constructor({ src, walled }, title, { moved = () => {}, left = () => {}, name = "" } = {}) {
    const sandbox = walled ? WALLED : `${WALLED} allow-same-origin`;
    const frame = el("iframe", { title, sandbox, src, name: name || null, referrerpolicy: "no-referrer", onLoad: () => (this.#loads += 1) > 1 && moved() });
    this.element = el("div", { class: "stage theirs" }, frame);
    document.addEventListener("securitypolicyviolation", (event) => {
      if (event.effectiveDirective === "frame-src" && AMAZONS.has(originOf(event.blockedURI))) left();
    });
  }

  get hasMoved() {
    return this.#loads > 1;
  }
}

function originOf(address) {
  try {
    return new URL(address).origin;
  } catch {
    return "";
  }
}

/** Tells the house that the form went to Amazon, and says what is said to the worker; throws where it was not reached. */
export async function leave(address) {
  const answer = await fetch(address, { method: "POST", cache: "no-store", signal: AbortSignal.timeout(30_000) });
  const { said } = await answer.json();
  return { ok: answer.ok, said };
}
