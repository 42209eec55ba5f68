// What crowd elements draw with: the editors of this house's own pages, inside a requester's page.

import { Board } from "./board.js";
import { el, iconButton } from "./dom.js";
import { Picture } from "./picture.js";
import { Text } from "./text.js";

const STYLE = `
  .crowd-draw { --bg: #fff; --text: #15181b; --hint: #5a636b; --button: #0b66c3; --second: #eef0f3; --line: #d8dce0; border: 1px solid var(--line); border-radius: 12px; overflow: hidden; margin: 8px 0; background: #fff; color: var(--text); user-select: none; -webkit-user-select: none; -webkit-touch-callout: none; }
  .crowd-draw .stage { position: relative; height: min(62vh, 520px); overflow: hidden; background: #dfe3e8; }
  .crowd-draw .stage.text { height: auto; max-height: 62vh; overflow-y: auto; background: #fff; }
  .crowd-draw .picture { touch-action: none; cursor: crosshair; }
  .crowd-draw .picture img { position: absolute; top: 0; left: 0; transform-origin: 0 0; pointer-events: none; max-width: none; }
  .crowd-draw .layer { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
  .crowd-draw .halo { fill: none; stroke: rgba(0, 0, 0, .5); stroke-width: 5; stroke-linejoin: round; }
  .crowd-draw .edge { fill-opacity: .12; stroke-width: 2.5; stroke-linejoin: round; }
  .crowd-draw .chosen .edge { fill-opacity: .26; stroke-width: 3; }
  .crowd-draw .open .edge, .crowd-draw .open .halo { fill: none; stroke-dasharray: 7 5; }
  .crowd-draw .grip { fill: #fff; stroke-width: 3.5; }
  .crowd-draw .tag rect { stroke: none; } .crowd-draw .tag text { fill: #fff; stroke: none; font: 600 11px/1 system-ui, sans-serif; }
  .crowd-draw .loupe { position: absolute; top: 10px; left: 10px; width: 112px; height: 112px; border-radius: 50%; border: 3px solid #fff; pointer-events: none; } .crowd-draw .loupe.right { left: auto; right: 10px; }
  .crowd-draw .words { margin: 0; padding: 14px 16px 28px; font-size: 19px; line-height: 2.2; white-space: pre-wrap; overflow-wrap: anywhere; touch-action: pan-y; }
  .crowd-draw .words span { position: relative; padding: 4px 0; }
  .crowd-draw .marked { background: color-mix(in srgb, var(--mark) 24%, transparent); box-shadow: inset 0 -2.5px var(--mark); } .crowd-draw .marked.chosen { background: color-mix(in srgb, var(--mark) 46%, transparent); }
  .crowd-draw .marked[data-label]::after { content: attr(data-label); position: absolute; left: 0; bottom: -14px; font-size: 10.5px; line-height: 14px; font-weight: 600; color: var(--mark); white-space: nowrap; pointer-events: none; }
  .crowd-draw .foot { display: flex; align-items: center; gap: 4px; padding: 6px 8px; border-top: 1px solid var(--line); }
  .crowd-draw .labels { display: flex; flex: 1; gap: 6px; overflow-x: auto; }
  .crowd-draw .label { flex: none; padding: 8px 12px; border-radius: 18px; border: 2px solid transparent; background: var(--second); font: inherit; font-size: 15px; color: inherit; }
  .crowd-draw .label[aria-checked="true"] { border-color: var(--mark); font-weight: 600; }
  .crowd-draw .tool { flex: none; width: 42px; height: 42px; border: 0; border-radius: 12px; background: none; color: inherit; display: grid; place-items: center; } .crowd-draw .tool:disabled { opacity: .26; }
  .crowd-draw .icon { width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round; }
  .crowd-draw .say { padding: 6px 12px; font-size: 14px; color: var(--hint); }`;

let number = 0;

export class Drawing {
  #chips;
  #undo;
  #delete;

  /** `source` is a picture's address, or a text where the tool is span; `given` shapes are there from the beginning. */
  constructor(tool, labels, source, given, hint) {
    if (!document.getElementById("crowd-draw-style")) document.head.append(el("style", { id: "crowd-draw-style" }, STYLE));
    this.board = new Board(labels, `crowd-draw-${(number += 1)}`, given);
    this.editor = tool === "span" ? new Text(this.board, source) : new Picture(this.board, [tool], source);
    this.#chips = labels.map((label) => el("button", { type: "button", class: "label", role: "radio", style: `--mark: ${this.board.colour(label)}`, onClick: () => this.board.useLabel(label) }, label));
    this.#undo = iconButton("undo", "Undo", () => this.editor.undo() || this.board.undo());
    this.#delete = iconButton("delete", "Delete", () => this.board.delete());
    this.element = el("div", { class: "crowd-draw" }, this.editor.element, el("div", { class: "say" }, hint), el("div", { class: "foot" }, el("div", { class: "labels", role: "radiogroup" }, ...this.#chips), this.#undo, this.#delete));
    this.board.onChange(() => this.#shown());
    this.#shown();
  }

  get isUnfinished() {
    return this.editor.isOpen;
  }

  #shown() {
    this.board.labels.forEach((label, at) => this.#chips[at].setAttribute("aria-checked", String(label === this.board.shownLabel)));
    this.#undo.disabled = !this.board.canUndo && !this.editor.isOpen;
    this.#delete.disabled = !this.board.selected;
  }
}
