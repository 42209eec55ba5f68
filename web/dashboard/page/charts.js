// Charts by uPlot in the colours of the page. Each has a sentence for screen readers and a table of what it shows.

import { el, table } from "./dom.js";
import { number, say, words } from "./words.js";

const HEIGHT = 220;
let library;

async function load() {
  const sheet = el("link", { rel: "stylesheet", href: new URL("./uplot-1.6.32.css", import.meta.url).pathname });
  document.head.prepend(sheet); // before the page's own, which wins
  return (await import("./uplot-1.6.32.js")).default;
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A figure that is drawn when it is shown, and again when its width or the colours change. */
async function figure(title, options, data, rows, heads) {
  library ??= load();
  const plot = el("div", { class: "plot", role: "img", "aria-label": title });
  const whole = el("figure", {}, el("figcaption", {}, title), plot,
    el("details", {}, el("summary", {}, say("as_table")), table(heads, rows, { label: title })));
  const UPlot = await library;
  let chart;
  const draw = () => {
    chart?.destroy();
    chart = new UPlot({ ...options(), width: Math.max(200, plot.clientWidth), height: HEIGHT }, data, plot);
  };
  new ResizeObserver(() => (chart ? chart.width !== plot.clientWidth && plot.clientWidth && draw() : plot.clientWidth && draw())).observe(plot);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart && draw());
  return whole;
}

const axes = (values = {}) => [{}, {}].map((_, at) => ({
  space: at ? 30 : 90,
  stroke: colour("--hint"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 },
  font: "12px sans-serif", size: at ? 56 : 34, ...(at ? { values: (_, ticks) => ticks.map(number) } : values),
}));

const COLOURS = ["--series-1", "--series-2", "--series-3"];

/** Lines over time: `series` are { name, values } over `times` in milliseconds. */
export function lines(title, times, series) {
  const seconds = times.map((time) => time / 1000);
  const options = () => ({
    axes: axes(timeAxis()), legend: { live: true }, cursor: { points: { size: 6 } }, scales: { y: { range: (_, low, high) => [Math.min(0, low ?? 0), Math.max(1, high ?? 1)] } },
    series: [{ label: say("time"), value: (_, at) => new Date((at ?? seconds.at(-1)) * 1000).toLocaleString(words.language) },
      ...series.map(({ name, values }, at) => ({ label: name, stroke: colour(COLOURS[at]), width: 2, points: { show: seconds.length < 40 }, value: (_, value) => number(value ?? values.at(-1)) }))],
  });
  const rows = times.map((time, at) => [new Date(time).toLocaleString(words.language), ...series.map(({ values }) => number(values[at]))]);
  return figure(title, options, [seconds, ...series.map(({ values }) => values)], rows.slice(-50), [say("time"), ...series.map(({ name }) => name)]);
}

const timeAxis = () => ({ values: (_, ticks, __, ___, step) => ticks.map((tick) => new Date(tick * 1000).toLocaleString(words.language, step >= 86_400 ? { month: "short", day: "numeric" } : { hour: "2-digit", minute: "2-digit", ...(step < 60 ? { second: "2-digit" } : {}) })) });

/** Bars side by side, one for each label. */
export function bars(title, labels, values, heads) {
  const places = labels.map((_, at) => at);
  const room = 8 * Math.max(...labels.map((label) => label.length)) + 8; // pixels of a label
  const options = () => ({
    axes: axes({ values: (chart, ticks) => {
      const each = Math.ceil((room * labels.length) / (chart.width - 60));
      return ticks.map((tick) => (tick % each ? "" : labels[tick] ?? ""));
    }, splits: () => places }),
    legend: { show: false }, cursor: { show: false }, scales: { x: { time: false, range: [-0.6, labels.length - 0.4] }, y: { range: (_, __, high) => [0, Math.max(1, high ?? 1)] } },
    series: [{}, { label: heads[1], fill: colour("--series-1"), stroke: colour("--series-1"), points: { show: false }, paths: barPaths }],
  });
  return figure(title, options, [places, values], labels.map((label, at) => [label, number(values[at])]), heads);
}

function barPaths(chart, series, from, to) {
  const fill = new Path2D();
  const [zero, width] = [chart.valToPos(0, "y", true), 0.7 * Math.abs(chart.valToPos(1, "x", true) - chart.valToPos(0, "x", true))];
  for (let at = from; at <= to; at++) {
    const [middle, top] = [chart.valToPos(chart.data[0][at], "x", true), chart.valToPos(chart.data[series][at] ?? 0, "y", true)];
    fill.rect(middle - width / 2, top, width, zero - top);
  }
  return { fill, stroke: null };
}
