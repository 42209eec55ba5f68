// The overview of a project: where it is, what it costs, how it went over time.

import { get } from "./api.js";
import { lines } from "./charts.js";
import { el, facts } from "./dom.js";
import { duration, money, moment, number, percent, say, share } from "./words.js";

export async function fill(body, { path, project, problem }) {
  const cards = el("div", {}, ...parts(project));
  const chart = el("div", { class: "chart" });
  body.append(cards, chart);
  drawTimeline(chart, path).catch((error) => chart.replaceChildren(el("p", { class: "hint" }, problem(error))));
  return async () => {
    cards.replaceChildren(...parts(await get(path)));
    await drawTimeline(chart, path);
  };
}

function parts({ progress, pay, hourly, floor, topped_up: toppedUp, overlap, confidence }) {
  const { currency } = progress;
  const [right, low, high] = progress.right ?? [];
  const [soonest, latest] = progress.left ?? [];
  return [
    el("div", { class: "done" }, el("progress", { max: Math.max(1, progress.tasks), value: progress.closed, "aria-label": say("finished") }),
      el("p", {}, say("finished_of", { closed: progress.closed, count: progress.tasks }))),
    facts([
      [say("answers"), number(progress.submissions)],
      [say("workers"), number(progress.workers)],
      [say("each_task"), confidence ? say("until_sure", { share: percent(confidence) }) : number(overlap)],
      [say("gold_right"), share(progress.gold_right, progress.gold_seen)],
      [say("accuracy"), percent(right), right === undefined ? say("no_gold_yet") : say("range", { low: percent(low), high: percent(high) })],
      progress.ended ? null : [say("time_left"), soonest === undefined ? "–" : `${duration(soonest)} – ${duration(latest)}`],
    ]),
    el("h2", {}, say("money")),
    facts([
      [say("spent"), money(progress.spent, currency)],
      [say("held"), money(progress.held, currency)],
      [say("reserve"), money(progress.reserve, currency)],
      [say("topped_up"), money(toppedUp, currency)],
      [say("pay"), money(pay, currency)],
      [say("hourly"), hourly === null ? "–" : money(Math.round(hourly / 10_000) * 10_000, currency), say("floor_is", { floor: money(floor, currency) })],
    ]),
  ];
}

async function drawTimeline(chart, path) {
  const { step, answers, finished } = await get(`${path}/timeline`);
  if (!answers.length) return chart.replaceChildren(el("p", { class: "hint" }, say("no_answers")));
  const [first, last] = [answers[0][0], Math.max(answers.at(-1)[0], finished.at(-1)?.[0] ?? 0)];
  const times = Array.from({ length: (last - first) / step + 2 }, (_, at) => first + at * step);
  const sums = [answers, finished].map((counts) => {
    const byTime = new Map(counts.map(([at, count]) => [at + step, count]));
    let sum = 0;
    return times.map((time) => (sum += byTime.get(time) ?? 0));
  });
  const title = say("over_time", { last: moment(last) });
  return chart.replaceChildren(await lines(title, times, [{ name: say("answers"), values: sums[0] }, { name: say("finished"), values: sums[1] }]));
}
