// A project: its head, its tabs, and the tabs' contents.

import { get, watch } from "./api.js";
import { el } from "./dom.js";
import { say } from "./words.js";

const TABS = {
  overview: () => import("./overview.js"),
  quality: () => import("./quality.js"),
  tasks: () => import("./tasks.js"),
  money: () => import("./funds.js"),
  files: () => import("./files.js"),
};

export async function show(page, context) {
  const [number, tab = "overview"] = context.parts;
  const path = `/projects/${number}`;
  const project = await get(path);
  const tabs = el("nav", { class: "tabs", "aria-label": say("parts") }, Object.keys(TABS).map((name) =>
    context.link(`/project/${number}/${name}`, say(name), { "aria-current": name === tab ? "page" : null })));
  const body = el("section", { class: tab });
  page.append(el("h1", {}, `${number} · ${project.progress.title}`, el("small", {}, say(`state_${project.progress.state}`))), tabs, body);
  const change = await (await TABS[tab]()).fill(body, { ...context, number, path, project });
  return watch(number, () => change?.().catch(() => {})); // what is shown stays until the next change
}
