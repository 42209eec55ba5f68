// The first page: a requester's projects.

import { get } from "./api.js";
import { button, el } from "./dom.js";
import { money, say, share } from "./words.js";

export async function show(page, { link, problem }) {
  page.append(el("h1", {}, say("projects")));
  const list = el("ul", { class: "projects" });
  const more = button(say("older"), () => fill(list.dataset.last).catch((error) => more.replaceChildren(problem(error))));
  async function fill(before = 0) {
    const { projects, older } = await get("/projects", { before });
    list.append(...projects.map((project) => el("li", {}, link(`/project/${project.number}`, el("span", {},
      el("strong", {}, `${project.number} · ${project.title}`),
      el("small", {}, `${say(`state_${project.state}`)}${project.tasks ? ` · ${share(project.closed, project.tasks)}` : ""} · ${say("pay_each", { pay: money(project.pay, project.currency) })}`))))));
    list.dataset.last = projects.at(-1)?.number ?? 0;
    more.hidden = !older;
    if (!list.children.length) list.replaceWith(el("p", {}, say("no_projects")));
  }
  page.append(list, more);
  await fill();
}
