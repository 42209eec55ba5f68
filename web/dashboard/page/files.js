// Every export of a project, with how far it has come.

import { file, get, post } from "./api.js";
import { button, el } from "./dom.js";
import { percent, say } from "./words.js";

export async function fill(body, { path, problem }) {
  const formats = await get(`${path}/files`);
  body.append(...Object.entries(formats).map(([what, names]) => el("section", {}, el("h2", {}, say(`file_${what}`)), el("p", { class: "hint" }, say(`file_${what}_means`)),
    el("ul", { class: "files" }, names.map((name) => (what === "chat" ? order(path, name, problem) : line(path, what, name, problem)))))));
}

/** Files that are made for the chat: of several parts, or with the reader's words. */
function order(path, name, problem) {
  const status = el("span", { role: "status" });
  return el("li", {}, button(name, async () => {
    status.textContent = await post(`${path}/files/chat`, { format: name }).then(() => say("in_chat"), problem);
  }), status);
}

function line(path, what, name, problem) {
  const bar = el("progress", { max: 1, hidden: true, "aria-label": name });
  const status = el("span", { role: "status" });
  const start = button(name, async () => {
    start.disabled = true;
    bar.hidden = false;
    bar.removeAttribute("value");
    status.textContent = say("being_made");
    try {
      const made = await file(`${path}/files/${what}${what === name ? "" : `?${new URLSearchParams({ format: name })}`}`, (received, whole) => {
        if (whole) bar.value = received / whole;
        status.textContent = whole ? percent(received / whole) : "";
      });
      const url = URL.createObjectURL(made.blob);
      el("a", { href: url, download: made.name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
      status.textContent = `✓ ${made.name}`;
    } catch (error) {
      status.textContent = problem(error);
    }
    bar.hidden = true;
    start.disabled = false;
  });
  return el("li", {}, start, bar, status);
}
