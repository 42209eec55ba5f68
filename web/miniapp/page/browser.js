// A requester's page in a frame of ours, outside Telegram.

import { el } from "./dom.js";
import { Frame, leave } from "./frame.js";

const root = document.getElementById("app");
const { src, walled, left, offline, again, title } = root.dataset;

function say(words, ...more) {
  root.replaceChildren(el("section", { class: "ended", role: "status" }, el("p", {}, words), ...more));
}

async function finish() {
  if (!left) return;
  try {
    say((await leave(left)).said);
  } catch {
    say(offline, el("button", { type: "button", class: "plain", onClick: finish }, again));
  }
}

root.replaceChildren(new Frame({ src, walled: walled === "1" }, title, { left: finish, name: "pouce-browser" }).element);
