// Boxes, points and outlines in fractions of the picture.

export const clamp = (value, low = 0, high = 1) => Math.min(high, Math.max(low, value));
const digits = (value) => Math.round(clamp(value) * 1e4) / 1e4;

export const isBox = (shape) => "width" in shape;
export const isOutline = (shape) => "points" in shape;

export function boxOf([x1, y1], [x2, y2]) {
  return { x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
}

/** The points by which a shape is pulled. */
export function handles(shape) {
  if (isOutline(shape)) return shape.points;
  if (!isBox(shape)) return [[shape.x, shape.y]];
  const { x, y, width, height } = shape;
  return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
}

export function pulled(shape, at, to) {
  const point = to.map((value) => clamp(value));
  if (isOutline(shape)) return { ...shape, points: shape.points.map((each, index) => (index === at ? point : each)) };
  if (!isBox(shape)) return { ...shape, x: point[0], y: point[1] };
  return { ...shape, ...boxOf(handles(shape)[(at + 2) % 4], point) };
}

export function moved(shape, dx, dy) {
  const all = handles(shape);
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const [x, y] = [clamp(dx, -Math.min(...xs), 1 - Math.max(...xs)), clamp(dy, -Math.min(...ys), 1 - Math.max(...ys))];
  if (isOutline(shape)) return { ...shape, points: shape.points.map((each) => [each[0] + x, each[1] + y]) };
  return { ...shape, x: shape.x + x, y: shape.y + y };
}

/** A box with its right and lower edges elsewhere, never narrower than can be seen. */
export function grown(box, dx, dy) {
  const side = (from, size, by) => clamp(size + by, Math.min(size, SEEN), 1 - from);
  return { ...box, width: side(box.x, box.width, dx), height: side(box.y, box.height, dy) };
}

export function contains(shape, [x, y]) {
  if (isBox(shape)) return x >= shape.x && y >= shape.y && x <= shape.x + shape.width && y <= shape.y + shape.height;
  if (!isOutline(shape)) return false;
  let inside = false;
  shape.points.forEach(([x1, y1], at) => {
    const [x2, y2] = shape.points.at(at - 1);
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  });
  return inside;
}

export function area(shape) {
  if (isBox(shape)) return shape.width * shape.height;
  if (!isOutline(shape)) return 0;
  return Math.abs(shape.points.reduce((sum, [x, y], at) => sum + x * shape.points.at(at - 1)[1] - y * shape.points.at(at - 1)[0], 0)) / 2;
}

const SEEN = 0.01; // of the picture's side, the narrowest a key makes a box
const NARROWEST = 0.001; // of the picture's side, as the server takes boxes
const FLATTEST = 1e-6; // of its area, as it takes outlines

/** Whether nothing of it could be seen. */
export function isFlat(shape) {
  const found = exact(shape);
  if (isBox(found)) return Math.min(found.width, found.height) < NARROWEST;
  return isOutline(found) && area(found) < FLATTEST;
}

/** As it is handed in: four decimals, inside the picture. */
export function exact({ label, ...shape }) {
  if (isOutline(shape)) return { label, points: shape.points.map((point) => point.map(digits)) };
  if (!isBox(shape)) return { label, x: digits(shape.x), y: digits(shape.y) };
  const [x, y, right, bottom] = [shape.x, shape.y, shape.x + shape.width, shape.y + shape.height].map(digits);
  return { label, x, y, width: digits(right - x), height: digits(bottom - y) };
}
