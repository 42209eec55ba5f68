// The table of tasks: rows come from the server as they are scrolled to; sorting and filtering are done there.

import { get, post } from "./api.js";
import { button, el } from "./dom.js";
import { shapesOf } from "./marks.js";
import { money, number, percent, say } from "./words.js";
import { askReason, open as openTask } from "./task.js";

const ROWS = 100;
const ROW_PIXELS = 45; // fixed: the table need not measure each row
const FILTERS = ["contested", "low", "missed", "rejected", "silent", "gold", "open"];
const SORTS = { position: "position", confidence: "confidence", submissions: "votes" };
let library;

async function load() {
  document.head.prepend(el("link", { rel: "stylesheet", href: new URL("./tabulator-6.5.3.css", import.meta.url).pathname }));
  return (await import("./tabulator-6.5.3.js")).TabulatorFull;
}

export async function fill(body, context) {
  const { path, project } = context;
  const told = el("p", { class: "told", role: "status", hidden: true });
  context.tell = (text) => { told.textContent = text; told.hidden = false; told.scrollIntoView({ block: "nearest" }); };
  const state = { only: new Set(), answer: "", text: "", cursor: null, chosen: new Map() };
  const status = el("p", { class: "hint", role: "status" });
  const holder = el("div", { class: "grid" });
  const chosen = el("div", { class: "bulk", role: "toolbar", "aria-label": say("chosen_tasks"), hidden: true });
  body.append(filters(project, state, () => refresh()), chosen, told, status, holder);
  library ??= load();
  const Tabulator = await library;

  /** Rows behind the last ones; Tabulator counts pages, the server goes by the last row. */
  async function read(_, __, { page, sort }) {
    const [sorter] = sort ?? [];
    const query = { sort: SORTS[sorter?.field] ?? "position", descending: sorter?.dir === "desc", limit: ROWS, only: [...state.only].join(","), answer: state.answer, text: state.text };
    if (page === 1) state.cursor = null;
    else if (!state.cursor) return { last_page: page - 1, data: [] };
    const { columns, rows, last: newest } = await get(`${path}/tasks`, { ...query, ...(state.cursor ?? {}) });
    const last = rows.at(-1);
    state.cursor = rows.length === ROWS ? { after: last.position, value: last.value } : null;
    if (page === 1) count(query).catch(() => {}); // rows are there; their number may be missing
    return { last_page: state.cursor ? page + 1 : page, data: rows.map((row) => ({ ...toRow(row, columns, project), newest })) };
  }

  async function count({ only, answer, text }) {
    status.textContent = say("tasks_found", { count: await get(`${path}/tasks/count`, { only, answer, text }) });
  }

  const grid = new Tabulator(holder, {
    height: "min(72vh, 900px)", layout: "fitColumns", index: "task", placeholder: say("no_tasks"),
    ajaxURL: `${path}/tasks`, ajaxRequestFunc: read, progressiveLoad: "scroll", progressiveLoadScrollMargin: 600, paginationSize: ROWS, rowHeight: ROW_PIXELS,
    sortMode: "remote", selectableRows: false, columnDefaults: { headerSortTristate: false },
    columns: columns(project, state, () => offer(chosen, state, context, refresh)),
  });
  const show = (row) => openTask(row, { ...context, changed: () => refresh() });
  grid.on("cellClick", (_, cell) => cell.getField() && show(cell.getRow()));
  grid.on("dataLoadError", (error) => { status.textContent = context.problem(error); });
  const refresh = () => {
    state.chosen.clear();
    offer(chosen, state, context, refresh);
    return grid.setData();
  };
  await new Promise((resume) => grid.on("tableBuilt", resume));
  holder.querySelector(".tabulator-tableholder").removeAttribute("tabindex"); // a grid has rows alone; these can be focused
  return null;
}

function toRow(row, names, project) {
  const cell = (name) => row.cells[names.indexOf(name)];
  const item = project.columns.map((column, at) => (project.media.includes(column) ? fileName(row.cells[at + 1]) : row.cells[at + 1])).filter(Boolean).join(" · ");
  const [consensus, live] = [cell("consensus"), cell("live")];
  return {
    task: row.task, overlap: row.overlap, key: row.cells[0], item, answer: consensus ?? live,
    confidence: cell("confidence") ?? cell("live_confidence"), is_live: (consensus ?? null) === null && (live ?? null) !== null,
    submissions: row.cells[names.lastIndexOf("submissions")], state: row.cells[names.lastIndexOf("state")], gold: names.includes("gold") ? cell("gold") : null,
  };
}

/** The name of a file, out of its address; of a file that Telegram keeps there is none. */
const fileName = (cell) => (/\.\w{2,5}$/.test(cell ?? "") ? `🖼 ${cell.split("/").at(-1)}` : "🖼");

/** Cells are text nodes: what people wrote is never markup. */
function columns(project, state, offerChosen) {
  const text = (cell) => el("span", {}, String(cell.getValue() ?? "–"));
  const narrow = matchMedia("(max-width: 600px)").matches;
  return [
    { formatter: (cell) => choose(cell, state, offerChosen), titleFormatter: () => el("span", { class: "hidden" }, say("choose")), headerSort: false, width: 44, hozAlign: "center", resizable: false },
    { title: say("task"), field: "key", formatter: (cell) => button(String(cell.getValue()), () => {}, { class: "open" }), width: narrow ? 70 : 110, sorter: "string", headerSort: false },
    ...(narrow ? [] : [{ title: say("item"), field: "item", formatter: text, headerSort: false, widthGrow: 3 }]),
    { title: say("answer"), field: "answer", formatter: answerCell, headerSort: false, widthGrow: 2, minWidth: 90 },
    { title: say("confidence"), field: "confidence", formatter: confidenceCell, width: narrow ? 112 : 130 },
    ...(narrow ? [] : [{ title: say("votes"), field: "submissions", formatter: (cell) => el("span", {}, number(cell.getValue())), width: 90, hozAlign: "right" }]),
    ...(narrow ? [] : [{ title: say("state"), field: "state", formatter: (cell) => el("span", {}, say(`task_${cell.getValue()}`)), headerSort: false, width: 110 }]),
  ];
}

function choose(cell, { chosen }, offerChosen) {
  const data = cell.getRow().getData();
  const box = el("input", { type: "checkbox", "aria-label": say("choose_task", { task: data.key }), onChange: () => {
    if (box.checked) chosen.set(data.task, data);
    else chosen.delete(data.task);
    offerChosen();
  } });
  box.checked = chosen.has(data.task);
  return box;
}

function answerCell(cell) {
  const { gold, is_live: isLive } = cell.getRow().getData();
  const sign = gold ? "★ " : isLive ? "… " : "";
  return el("span", { title: gold ? say("gold") : isLive ? say("so_far") : null }, sign, answerText(cell.getValue()));
}

function answerText(answer) {
  const shapes = shapesOf(answer);
  return shapes ? say("marks", { count: shapes.length }) : String(answer ?? "–");
}

function confidenceCell(cell) {
  const value = cell.getValue();
  const bar = el("span", { class: "bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", value ?? 0);
  return el("span", { class: "sure" }, bar, percent(value));
}

function filters(project, state, refresh) {
  const toggle = (name) => button(say(`only_${name}`), (event) => {
    const on = !state.only.has(name);
    if (on) state.only.add(name);
    else state.only.delete(name);
    event.currentTarget.setAttribute("aria-pressed", on);
    refresh();
  }, { "aria-pressed": "false", class: "chip" });
  const classes = project.classes.length
    ? el("select", { "aria-label": say("answer"), onChange: (event) => { state.answer = event.target.value; refresh(); } },
      el("option", { value: "" }, say("every_answer")), project.classes.map((option) => el("option", { value: option }, option)))
    : null;
  let timer;
  const search = el("input", { type: "search", maxlength: 200, placeholder: say("search"), "aria-label": say("search"), onInput: (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => { state.text = event.target.value; refresh(); }, 250);
  } });
  return el("div", { class: "filters", role: "toolbar", "aria-label": say("filters") }, el("div", { class: "chips" }, FILTERS.map(toggle)), classes, search);
}

/** What can be done with the chosen rows, by the services that a single row has. */
function offer(bar, state, context, refresh) {
  const { path } = context;
  const tasks = [...state.chosen.values()];
  const report = el("span", { role: "status" }, say("chosen", { count: tasks.length }));
  bar.hidden = !tasks.length;
  const run = async (work) => {
    bar.setAttribute("aria-busy", "true");
    context.tell(await work().catch(context.problem));
    bar.removeAttribute("aria-busy");
    refresh();
  };
  const more = (extra) => button(say("more_answers", { count: extra }), () => run(async () => {
    const asked = await post(`${path}/more`, { extra, tasks: tasks.map(({ task, overlap }) => ({ task, overlap })) });
    return say("more_asked", { count: asked.tasks, cost: money(asked.total, asked.currency) });
  }));
  const decide = (what, body = {}) => run(async () => outcome(await post(`${path}/${what}`, { tasks: tasks.map(({ task }) => task), ...body })));
  const last = Math.min(...tasks.map(({ newest }) => newest)); // answers that came since were not seen
  const gold = button(say("make_gold"), () => decide("gold/chosen"));
  const accept = button(say("accept_all"), () => decide("accept", { last }));
  const reject = button(say("reject_all"), async () => {
    const cited = await askReason(context.project.instructions);
    if (cited) await decide("reject", { last, ...cited });
  }, { class: "danger" });
  bar.replaceChildren(report, more(1), more(2), gold, accept, reject);
}

/** How many were done, and why not the others. */
const outcome = ({ done, left, said }) => say("done", { count: done }) + (left ? ` ${say("not_done", { count: left })} ${said}` : "");
