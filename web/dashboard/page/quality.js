// How sure the results are: agreement, check questions, confusion, confidence, models and workers.

import { get } from "./api.js";
import { bars } from "./charts.js";
import { el, facts, table } from "./dom.js";
import { money, number, percent, say, share } from "./words.js";

export async function fill(body, { path }) {
  const content = el("div", {});
  body.append(content);
  const draw = async () => content.replaceChildren(...(await parts(await get(`${path}/quality`))));
  await draw();
  return draw;
}

async function parts({ quality, figures, classes, models, workers, steps, calibration }) {
  return [
    facts([
      [say("agreeing"), share(quality.agreeing, quality.compared), say("agreeing_means")],
      [say("gold_right"), share(quality.gold_right, quality.gold_seen)],
      figures?.checked ? [say("results_right"), `${number(figures.right)}/${number(figures.checked)}`, say("range", { low: percent(figures.low), high: percent(figures.high) })] : null,
      ...(figures?.agreement ? agreementFacts(figures.agreement) : []),
      figures?.bought ? [say("gold_changed"), `${number(figures.bought.changed)}/${number(figures.bought.tasks)}`] : null,
    ]),
    quality.confidences.some(Boolean) ? await confidenceChart(quality.confidences, steps.map((step) => Math.round(100 * step))) : el("p", { class: "hint" }, say("no_confidence")),
    calibration.length ? table([say("claimed"), say("results_on_gold"), say("mean_claim"), say("right_share")],
      calibration.map((step) => [`${percent(step.low)} – ${percent(step.high)}`, number(step.results), percent(step.confidence), percent(step.right / step.results)]), { caption: say("calibration") }) : null,
    figures?.questions.length ? table([say("question"), say("same_answer"), "α"], figures.questions.map(([text, each]) => [text, percent(each.same), interval(each)]), { caption: say("by_question") }) : null,
    classes.length ? confusion(classes) : null,
    figures?.options.length ? table([say("result"), say("of_gold"), say("right"), say("likely")],
      figures.options.map((option) => [option.option, number(option.given), number(option.right), `${percent(option.low)} – ${percent(option.high)}`]), { caption: say("by_option") }) : null,
    models ? modelsTable(models) : null,
    workers.length ? table([say("worker"), say("answers"), say("gold_seen"), say("gold_right")],
      workers.map((each) => [each.worker, number(each.answers), number(each.gold_seen), each.gold_seen ? percent(each.gold_right / each.gold_seen) : "–"]), { caption: say("workers") }) : null,
  ].filter(Boolean);
}

const interval = ({ alpha, low, high }) => (alpha === null ? "–" : `${number(alpha)} (${number(low)} – ${number(high)})`);

const agreementFacts = (agreement) => [
  [say("same_answer"), percent(agreement.same), say("pairs_of", { count: agreement.tasks })],
  [say("alpha"), interval(agreement), say("alpha_means")],
  agreement.kappa === null ? null : [say("kappa"), number(agreement.kappa)],
];

function confidenceChart(counts, steps) {
  const labels = [`< ${steps[0]}`, ...steps.slice(0, -1).map((low, at) => `${low}–${steps[at + 1]}`), `≥ ${steps.at(-1)}`];
  return bars(say("confidence_chart"), labels, counts, [`${say("confidence")} (%)`, say("tasks")]);
}

/** Rows are what gold says, columns what the result was; a cell is the darker the more of its row it has. */
function confusion(classes) {
  const options = classes.map(({ option }) => option);
  const whole = table([say("truth_and_result"), ...options], classes.map((each) => [each.option, ...options.map((option) => number(each.confusion[option] ?? 0))]), { caption: say("confusion"), cards: false });
  const rows = [...whole.querySelectorAll("tbody tr")];
  classes.forEach((each, row) => options.forEach((option, at) => {
    const cell = rows[row].children[at + 1];
    cell.style.setProperty("--heat", each.truly ? (each.confusion[option] ?? 0) / each.truly : 0);
    cell.classList.add(option === each.option ? "hit" : "miss");
  }));
  return whole;
}

const modelsTable = ({ models, closed, once, never, saved, currency, on_gold: gold }) => el("div", {},
  table([say("model"), say("accuracy"), say("likely"), say("gold_seen")], models.map((model) =>
    [model.question ? `${model.name}: ${model.question}` : model.name, percent(model.accuracy), `${percent(model.low)} – ${percent(model.high)}`, number(model.gold)]), { caption: say("models") }),
  el("p", { class: "hint" }, say("models_saved", { closed, once, never, saved: money(saved, currency) })),
  gold ? el("p", { class: "hint" }, say("models_on_gold", { right: share(gold.right, gold.checked), alone: share(gold.right_alone, gold.checked_alone) })) : "");
