// A worker's own work: balance, hours, pay per hour, and what was earned over time.

import { get } from "./api.js";
import { lines } from "./charts.js";
import { el, facts, table } from "./dom.js";
import { hours, money, moment, number, say } from "./words.js";

const DAY = 86_400_000;

export async function show(page) {
  const work = await get("/work");
  const { balance, currency } = work;
  const sum = (name) => work.worked.reduce((total, each) => total + each[name], 0);
  const hourly = (pay, time) => (time ? money(Math.round((pay * 360) / time) * 10_000, currency) : "–");
  page.append(el("h1", {}, say("my_work")),
    ...balance.books.map((book) => facts([
      [say("available"), money(book.available, book.currency)],
      [say("pending"), money(book.pending, book.currency)],
      [say("on_its_way"), money(book.payout, book.currency)],
      book.currency === currency ? [say("answers"), number(balance.answers)] : null,
      book.currency === currency ? [say("hours_in", { count: work.days }), hours(sum("milliseconds"))] : null,
      book.currency === currency ? [say("my_hourly"), hourly(sum("pay"), sum("milliseconds"))] : null,
    ])),
    balance.held.length ? table([say("project"), say("answers"), say("pending"), say("until")],
      balance.held.map((each) => [each.title, number(each.count), money(each.amount, each.currency), moment(each.until)]), { caption: say("pending_why") }) : el("p", { class: "hint" }, say("nothing_pending")),
    el("div", { class: "chart" }, await earnings(work)),
    work.worked.length ? table([say("project"), say("answers"), say("hours"), say("pay"), say("my_hourly")],
      work.worked.map((each) => [each.title, number(each.answers), hours(each.milliseconds), money(each.pay, currency), hourly(each.pay, each.milliseconds)]), { caption: say("by_project") }) : "");
}

/** Pay that came, and payouts that left, summed up by day. */
function earnings({ lines: moves, begins, days, currency }) {
  const first = Date.parse(`${begins}T12:00:00Z`);
  const times = Array.from({ length: days }, (_, at) => first + at * DAY);
  const byDay = (keep) => {
    const sums = new Map();
    for (const move of moves.filter(keep)) sums.set(move.day, (sums.get(move.day) ?? 0) + Math.abs(move.amount) / 1e6);
    let total = 0;
    return times.map((time) => (total += sums.get(new Date(time).toISOString().slice(0, 10)) ?? 0));
  };
  return lines(say("earned_over_time", { currency }), times, [
    { name: say("earned"), values: byDay(({ amount }) => amount > 0) },
    { name: say("paid_out"), values: byDay(({ amount }) => amount < 0) },
  ]);
}
