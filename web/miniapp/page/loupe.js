// What a finger hides: the picture around it, twice as large, in the other upper corner.

import { el } from "./dom.js";

const SIZE = 112;
const CLOSER = 2;

export class Loupe {
  #image;

  constructor(image) {
    this.#image = image;
    const pixels = SIZE * (window.devicePixelRatio || 1);
    this.element = el("canvas", { class: "loupe", width: pixels, height: pixels, hidden: true, "aria-hidden": "true" });
  }

  /** `x`, `y` in fractions; `width` of the picture on the screen; `finger` in pixels of a stage that is `room` wide. */
  show([x, y], width, finger, room) {
    const canvas = this.element;
    const { naturalWidth, naturalHeight } = this.#image;
    const part = (SIZE / CLOSER) * (naturalWidth / width); // of the picture's own pixels
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#222";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(this.#image, x * naturalWidth - part / 2, y * naturalHeight - part / 2, part, part, 0, 0, canvas.width, canvas.height);
    this.#cross(pen, canvas.width);
    canvas.classList.toggle("right", finger[0] < room / 2);
    canvas.hidden = false;
  }

  #cross(pen, size) {
    for (const [colour, thick] of [["rgba(0,0,0,.6)", 3], ["#fff", 1.2]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = (thick * size) / SIZE;
      pen.beginPath();
      pen.moveTo(size / 2, size * 0.38);
      pen.lineTo(size / 2, size * 0.62);
      pen.moveTo(size * 0.38, size / 2);
      pen.lineTo(size * 0.62, size / 2);
      pen.stroke();
    }
  }

  hide() {
    this.element.hidden = true;
  }
}
