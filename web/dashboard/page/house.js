// The house: money held and owed, the ledger's seal, people at work, queues, and what failed.

import { get } from "./api.js";
import { bars } from "./charts.js";
import { el, facts, table } from "./dom.js";
import { duration, money, moment, number, say } from "./words.js";

export async function show(page) {
  const place = el("div", {});
  page.append(el("h1", {}, say("house")), place);
  const draw = async () => place.replaceChildren(...(await parts(await get("/house"))));
  await draw();
  const timer = setInterval(() => draw().catch(() => {}), 30_000);
  return () => clearInterval(timer);
}

async function parts({ state, seal }) {
  const { currency, moved, verified } = state;
  const hours = state.hours.map((_, at) => new Date(state.at - (state.hours.length - 1 - at) * 3_600_000).getHours());
  return [
    facts([
      [say("people_at_work"), number(state.workers), say("waiting_now", { count: state.waiting })],
      [say("answers_day"), number(state.hours.reduce((sum, count) => sum + count, 0))],
      [say("to_be_handled"), number(state.inbox), state.inbox_lag ? duration(state.inbox_lag) : null],
      [say("to_be_sent"), number(state.outbox), state.outbox_lag ? duration(state.outbox_lag) : null],
      [say("refused_day"), number(state.refused)],
      ...state.refused_tasks.map((each) => [say("refused_tasks"), number(each.tasks), `${each.number} · ${each.title}`]),
      [say("bank_files"), number(state.payouts)],
      [say("processes"), number(state.processes)],
      [say("rules"), verified ? (verified.broken ? say("rules_broken", { count: verified.broken }) : "✓") : "–", verified ? moment(verified.at) : null],
      [say("seal"), number(seal.position), el("code", {}, (seal.hash || "").slice(0, 16))],
    ]),
    table([say("currency"), say("at_bank"), say("owed"), say("solvency"), say("workers"), say("requesters"), say("projects"), say("withheld"), say("fees"), say("unexplained")],
      state.books.map((book) => {
        const owed = book.workers + book.requesters + book.projects + book.withheld;
        return [book.currency, money(book.held, book.currency), money(owed, book.currency), book.held >= owed ? "✓" : "⚠️",
          ...[book.workers, book.requesters, book.projects, book.withheld, book.fees, book.unexplained].map((amount) => money(amount, book.currency))];
      }), { caption: say("money") }),
    facts([[say("deposited_day"), money(moved.deposited, currency)], [say("earned_day"), money(moved.earned, currency)], [say("paid_day"), money(moved.paid, currency)]]),
    await bars(say("answers_by_hour"), hours.map(String), state.hours, [say("hour"), say("answers")]),
    state.acting.length ? table([say("role"), say("process"), say("state")], state.acting.map((each) => [each.role, each.host, each.silent ? "⚠️" : "✓"]), { caption: say("processes"), fixed: 3 }) : "",
  ];
}
