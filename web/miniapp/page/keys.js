// A picture's boxes and points from a keyboard: Enter makes one, Space chooses the next one, arrows move it, and with
// Shift they resize a box. Outlines need a finger or a mouse.

import { grown, isBox, moved } from "./geometry.js";

const STEP = 0.005; // of the picture's side, for each press; a key that is held repeats
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FIRST = { box: { x: 0.4, y: 0.4, width: 0.2, height: 0.2 }, point: { x: 0.5, y: 0.5 } };

/** Whether the tool can be used without a finger. */
export const isForKeys = (tool) => tool in FIRST;

/** Listens to `picture`, which takes the focus; `words` say what its keys do. */
export function listen(picture, board, words) {
  for (const [name, value] of Object.entries({ tabindex: "0", role: "application", "aria-label": words })) picture.element.setAttribute(name, value);
  picture.element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (pressed(event, picture, board)) event.preventDefault();
  });
}

function pressed({ key, shiftKey, repeat }, picture, board) {
  if (key === "Enter") return !repeat && isForKeys(picture.tool) && !board.add(FIRST[picture.tool]);
  if (key === " ") return !board.choose(board.shapes.length ? (board.chosen + 1) % board.shapes.length : -1);
  const arrow = ARROWS[key];
  if (!arrow || !board.selected) return Boolean(arrow);
  const [dx, dy] = arrow.map((way) => way * STEP);
  const shape = shiftKey && isBox(board.selected) ? grown(board.selected, dx, dy) : moved(board.selected, dx, dy);
  if (!repeat) board.remember();
  board.put(board.chosen, shape);
  board.keep();
  return true;
}
