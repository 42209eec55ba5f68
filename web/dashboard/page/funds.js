// Money: what is free, what each project was given and spent, movements, and costs by month.

import { get } from "./api.js";
import { button, el, facts, table } from "./dom.js";
import { money, moment, number, say } from "./words.js";

export async function show(page, context) {
  page.append(el("h1", {}, say("funds")));
  await draw(page, null, context);
}

export const fill = (body, context) => draw(body, Number(context.number), context);

async function draw(body, project, context) {
  const path = project === null ? "" : `/projects/${project}`;
  const [funds, own] = await Promise.all([get(`${path}/funds`), get(`${path}/ledger`)]);
  if (project === null) body.append(...funds.free.map((each) => facts([
    [say("free"), money(each.amount, each.currency)],
    [say("deposited"), money(each.deposited, each.currency)],
    [say("bonuses"), money(each.bonuses, each.currency)],
    [say("refunded"), money(each.refunded, each.currency)],
    [say("judges"), money(each.judges, each.currency)],
  ])));
  const projects = project === null ? funds.projects : [funds];
  if (projects.length) body.append(table(
    [say("project"), ...["given", "rewards", "topped_up", "fees", "held", "reserve", "disputed", "returned"].map((key) => say(key))],
    projects.map((each) => [project === null ? context.link(`/project/${each.number}`, `${each.number} · ${each.title}`) : each.title,
      ...[each.given, each.rewards, each.topups, each.fees, each.held, each.reserve, each.disputed, each.returned].map((amount) => money(amount, each.currency))]),
    { caption: say("by_project"), sparse: true }));
  if (project === null) body.append(...funds.others.map(({ projects: count, given, left, currency }) =>
    el("p", { class: "hint" }, say("older_projects", { count, given: money(given, currency), left: money(left, currency) }))));
  body.append(monthly(project), own.length ? table([say("moment"), say("movement"), say("operation"), say("amount"), say("balance")],
    own.map((line) => [moment(line.made_at), movement(line, project, context), `#${line.operation}`, money(line.amount, line.currency), money(line.balance, line.currency)]),
    { fixed: 3, caption: say("movements") }) : el("p", { class: "hint" }, say("no_movements")));
}

/** What a movement was, and of which project where several are shown. */
function movement({ kind, project }, only, { link }) {
  const name = say(`kind_${kind}`) === `kind_${kind}` ? kind : say(`kind_${kind}`);
  return el("span", {}, name, only === null && project !== null ? [" · ", link(`/project/${project}/money`, project)] : null);
}

const COLUMNS = { title: "project", top_ups: "topped_up" };

/** Costs of a month, as the statement's file has them, and that file. */
function monthly(project) {
  const month = el("input", { type: "month", "aria-label": say("month"), value: new Date().toISOString().slice(0, 7) });
  const place = el("div", {});
  const read = async () => {
    const [year, at] = month.value.split("-");
    if (!at) return;
    const { columns, rows } = await get("/costs", { year, month: at });
    const own = rows.filter((row) => project === null || row[2] === project);
    const shown = (row) => [row[3], number(row[5]), ...row.slice(6).map((cell) => money(Math.round(1e6 * Number(cell)), row[4]))];
    place.replaceChildren(own.length ? table([columns[3], ...columns.slice(5)].map((column) => say(COLUMNS[column] ?? column)), own.map(shown), { caption: say("costs_of", { month: month.value }), sparse: true }) : "",
      own.length ? button(say("download"), () => save(`costs-${month.value}.csv`, [columns, ...own])) : el("p", { class: "hint" }, say("no_movements")));
  };
  month.addEventListener("change", () => read().catch(() => {}));
  read().catch(() => {});
  return el("section", {}, el("h2", {}, say("costs")), month, place);
}

function save(name, rows) {
  const cell = (value) => (/^[=+@\-\t\r]/.test(String(value ?? "")) && Number.isNaN(Number(value)) ? `'${value}` : String(value ?? ""));
  const text = rows.map((row) => row.map((value) => `"${cell(value).replaceAll('"', '""')}"`).join(",")).join("\r\n");
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
