// A task in a window: what workers saw, what they answered and marked, and what can be done with it.

import { file, get, post } from "./api.js";
import { button, el } from "./dom.js";
import { overPicture, overSound, overText, shapesOf } from "./marks.js";
import { moment, percent, say, seconds } from "./words.js";

/** Opens the window of a row's task; `context.changed` is called when something was done. */
export async function open(row, context) {
  const window_ = el("dialog", { class: "task", "aria-label": say("task") });
  const urls = [];
  document.body.append(window_);
  window_.addEventListener("close", () => {
    urls.forEach((url) => URL.revokeObjectURL(url));
    window_.remove();
  });
  window_.showModal();
  const draw = async () => {
    try {
      const close = button("✕", () => window_.close(), { "aria-label": say("close") });
      const ways = [[say("task_before"), "‹", row.getPrevRow()], [say("task_behind"), "›", row.getNextRow()]].map(([name, sign, other]) =>
        button(sign, () => { row = other; draw(); }, { "aria-label": name, disabled: !other }));
      window_.replaceChildren(el("div", { class: "head" }, ways, close), ...(await parts(await get(`/tasks/${row.getData().task}`), context, draw, urls)).filter(Boolean));
    } catch (error) {
      window_.replaceChildren(el("p", { role: "alert" }, context.problem(error)), button(say("close"), () => window_.close()));
    }
  };
  await draw();
}

async function parts(task, context, draw, urls) {
  const drawn = [[say("answer"), task.stored_consensus], ...task.answers.map(({ worker, stored }) => [worker, stored])]
    .map(([name, stored]) => ({ name, shapes: shapesOf(stored) })).filter(({ shapes }) => shapes);
  const report = el("p", { role: "status", class: "report" });
  const act = (path, body) => post(path, body).then(() => { context.changed(); return draw(); }).catch((error) => { report.textContent = context.problem(error); });
  return [
    el("h2", {}, task.key, el("small", {}, say(`task_${task.state}`))),
    ...(await shown(task, drawn, urls)),
    el("p", { class: "result" }, say("answer"), " ", el("strong", {}, drawn.length ? say("marks", { count: drawn[0].shapes.length }) : task.consensus ?? "–"), task.confidence === null ? "" : ` (${percent(task.confidence)})`),
    task.known.length ? el("p", {}, `★ ${say("gold")} · ${task.known.join(" | ")}`, " ", task.reason ? el("small", {}, task.reason) : null) : null,
    actions(task, context, act),
    report,
    el("ol", { class: "answers" }, task.answers.map((answer) => answerLine(task, answer, act, urls))),
  ];
}

/** The task's files with the marks on them, and its text. */
async function shown(task, drawn, urls) {
  const nodes = [];
  for (const [place, kind] of task.media.entries()) {
    const node = await medium(`/tasks/${task.task}/media/${place}`, kind, urls);
    const isMarked = place === 0 && drawn.length && drawn.every(({ shapes }) => shapes.every((shape) => ("start" in shape) === (kind === "audio" || kind === "voice")));
    nodes.push(...(isMarked ? marked(node, kind, drawn) : [node]));
  }
  const spans = !task.media.length && drawn.length ? drawn : [];
  if (spans.length) {
    const text = el("div", {}, overText(task.text, spans[0].shapes));
    nodes.push(choices(spans, (at) => text.replaceChildren(overText(task.text, spans[at].shapes)), { single: true }), text);
  } else if (task.text) nodes.push(el("p", { class: "words" }, task.text));
  return nodes;
}

function marked(node, kind, drawn) {
  if (kind === "audio" || kind === "voice") {
    const { node: regions, turn } = overSound(node, drawn);
    return [node, regions, choices(drawn, turn, { all: true })];
  }
  const { node: picture, turn } = overPicture(node, drawn);
  return [picture, choices(drawn, turn, { all: true })];
}

/** Buttons that choose whose marks are seen, the first one's or `all` to begin with; of `single` ones one at a time. */
function choices(layers, choose, { single = false, all = false } = {}) {
  const buttons = layers.map(({ name }, at) => button(name, () => {
    const on = single || buttons[at].getAttribute("aria-pressed") !== "true";
    if (single) buttons.forEach((other) => other.setAttribute("aria-pressed", "false"));
    buttons[at].setAttribute("aria-pressed", on);
    choose(at, on);
  }, { class: `chip series-${at % 8}`, "aria-pressed": all || at === 0 ? "true" : "false" }));
  return el("div", { class: "filters", role: "toolbar", "aria-label": say("whose_marks") }, buttons);
}

async function medium(path, kind, urls) {
  try {
    const { blob } = await file(path);
    const url = URL.createObjectURL(blob);
    urls.push(url);
    if (kind === "photo") return el("img", { src: url, alt: say("picture_of_task") });
    if (kind === "audio" || kind === "voice") return await loaded(el("audio", { src: url, controls: true, preload: "metadata" }));
    if (kind === "video") return el("video", { src: url, controls: true });
    return el("a", { href: url, download: "" }, say("file"));
  } catch {
    return el("p", { class: "hint" }, say("file_missing"));
  }
}

/** The sound once its length is known, or cannot be. */
const loaded = (sound) => new Promise((resume) => {
  for (const event of ["loadedmetadata", "error"]) sound.addEventListener(event, () => resume(sound), { once: true });
});

function answerLine(task, answer, act, urls) {
  const path = `/submissions/${answer.submission}`;
  const isFile = task.file_kind && answer.stored;
  const holder = el("span", {});
  const isOpen = answer.held_until && answer.state === "submitted";
  return el("li", {},
    el("div", {}, el("strong", {}, answer.worker), " ", isFile ? holder : el("span", { class: "said" }, shapesOf(answer.stored) ? say("marks", { count: shapesOf(answer.stored).length }) : answer.answer ?? say(answer.state === "disputed" ? "hidden" : "cant_tell")),
      answer.right === null ? null : el("span", {}, answer.right ? " ✓" : " ✗")),
    el("small", {}, `${seconds(answer.seconds)} · ${say(`answer_${answer.state}`)} · ${moment(answer.submitted_at)}`),
    isFile ? button(say("show_file"), async () => holder.replaceChildren(await medium(`${path}/file`, task.file_kind, urls))) : null,
    isOpen ? el("div", { class: "bulk" }, button(say("accept"), () => act(`${path}/accept`)),
      button(say("reject"), async () => {
        const cited = await askReason(task.rules);
        if (cited) await act(`${path}/reject`, cited);
      }, { class: "danger" })) : null);
}

function actions(task, { path }, act) {
  if (!task.may_get_more && !task.may_be_gold) return null;
  const more = (extra) => button(say("more_answers", { count: extra }), () => act(`${path}/more`, { extra, tasks: [{ task: task.task, overlap: task.overlap }] }));
  const gold = button(say("make_gold"), async () => {
    const known = await askGold(task);
    if (known) await act(`${path}/gold`, { task: task.key, ...known });
  });
  return el("div", { class: "bulk" }, task.may_get_more ? [more(1), more(2)] : null, task.may_be_gold ? gold : null);
}

/** The line of the instructions that was not followed, and how: what a rejection needs in the chat, too. */
export function askReason(rules) {
  const line = el("select", { required: true, "aria-label": say("line") }, rules.map((rule, at) => el("option", { value: at + 1 }, `${at + 1}. ${rule}`)));
  const reason = el("textarea", { required: true, minlength: 15, maxlength: 500, rows: 3, "aria-label": say("reason") });
  return ask(say("reject"), [el("label", {}, say("line"), line), el("label", {}, say("reason"), reason)], () => ({ line: Number(line.value), reason: reason.value }));
}

function askGold(task) {
  const answer = task.options.length && !shapesOf(task.stored_consensus)
    ? el("select", {}, task.options.map((option) => el("option", { value: option, selected: option === task.consensus }, option)))
    : el("textarea", { required: true, rows: 2 }, shapesOf(task.stored_consensus) ? task.stored_consensus : task.consensus ?? "");
  const reason = el("input", { maxlength: 500 });
  return ask(say("make_gold"), [el("label", {}, say("right_answer"), answer), el("label", {}, say("gold_reason"), reason)], () => ({ answers: [answer.value], reason: reason.value }));
}

/** A small window with fields; their values, or null if it is closed. */
function ask(title, fields, read) {
  return new Promise((resume) => {
    const form = el("form", { method: "dialog", onSubmit: (event) => { event.preventDefault(); resume(read()); window_.close(); } },
      el("h2", {}, title), ...fields, el("div", { class: "bulk" }, el("button", { type: "submit", class: "main" }, title), button(say("close"), () => window_.close())));
    const window_ = el("dialog", { "aria-label": title, onClose: () => { resume(null); window_.remove(); } }, form);
    document.body.append(window_);
    window_.showModal();
  });
}
