// The dashboard: who looks, which page the address names, and the way between pages.

import { get, post, Refused, ROOT } from "./api.js";
import { button, el } from "./dom.js";
import { say, speak, words } from "./words.js";
import { begin, initData } from "./telegram.js";

const app = document.getElementById("app");
const PAGES = [
  [/^\/projects?\/(\d{1,15})(?:\/(overview|quality|tasks|money|files))?\/?$/, "requester", () => import("./project.js")],
  [/^\/funds\/?$/, "requester", () => import("./funds.js")],
  [/^\/admin\/?$/, "admin", () => import("./queue.js")],
  [/^\/house\/?$/, "admin", () => import("./house.js")],
  [/^\/work\/?$/, "worker", () => import("./work.js")],
  [/^\/(?:projects\/?)?$/, "requester", () => import("./home.js")],
];
const LINKS = [["/", "projects", "requester"], ["/funds", "funds", "requester"], ["/admin", "queue", "admin"], ["/house", "house", "admin"], ["/work", "my_work", "worker"]];
let visitor;
let leave = () => {};

const here = () => location.pathname.slice(ROOT.length) || "/";

export function go(path) {
  history.pushState({}, "", ROOT + path + (initData ? location.hash : ""));
  show();
}

/** A link within the dashboard: a real one, which opens without loading the page again. */
export const link = (path, text, attributes = {}) =>
  el("a", { href: ROOT + path, ...attributes, onClick: (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(path);
  } }, text);

function navigation() {
  const links = LINKS.filter(([, , role]) => visitor.roles.includes(role));
  const isHere = (path) => (path === "/" ? /^\/(project|$)/.test(here()) : here().startsWith(path));
  return el("header", {},
    el("nav", { "aria-label": say("title") }, links.map(([path, key]) => link(path, say(key), { "aria-current": isHere(path) ? "page" : null }))),
    initData ? null : button(say("sign_out"), signOut, { class: "quiet" }));
}

async function signOut() {
  await post("/session", {}, "DELETE");
  visitor = undefined;
  notice(say("signed_out"));
}

export function notice(text, retry) {
  app.removeAttribute("aria-busy");
  app.replaceChildren(visitor ? navigation() : "", el("main", { class: "notice", role: "alert" }, el("h1", {}, say("title")), el("p", {}, text), retry ? button(say("again"), retry) : null));
}

export const problem = (error) => (error instanceof Refused ? error.message || say("failed") : say("unreached"));

async function show() {
  leave();
  leave = () => {};
  if (!visitor) return notice(say("signed_out"));
  if (here() === "/" && !visitor.roles.includes("requester")) openFirstPage();
  const [match, role, load] = PAGES.map(([pattern, needed, load]) => [pattern.exec(here()), needed, load]).find(([found]) => found) ?? [];
  if (!match || (role && !visitor.roles.includes(role))) return notice(say("nothing_here"));
  const page = el("main", { id: "page", tabindex: -1, "aria-busy": "true" });
  const skip = el("a", { class: "skip", href: "#page", onClick: (event) => { event.preventDefault(); page.focus(); } }, say("skip"));
  app.removeAttribute("aria-busy");
  app.replaceChildren(skip, navigation(), page); // before it is filled: tables and charts measure the room that there is
  app.querySelector("nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  try {
    const stop = (await (await load()).show(page, { parts: match.slice(1), visitor, link, go, problem })) ?? (() => {});
    if (!page.isConnected) return stop();
    leave = stop;
    page.querySelector(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
    document.title = `${page.querySelector("h1")?.textContent ?? say("title")} · Pouce`;
  } catch (error) {
    if (page.isConnected) notice(problem(error), error instanceof Refused && error.status === 404 ? null : show);
  }
  page.removeAttribute("aria-busy");
  return null;
}

/** Where somebody without projects begins. */
function openFirstPage() {
  const [path] = LINKS.find(([, , role]) => visitor.roles.includes(role)) ?? ["/"];
  history.replaceState({}, "", ROOT + path + (initData ? location.hash : ""));
}

async function enter() {
  const token = location.hash.slice(1);
  history.replaceState({}, "", `${ROOT}/`);
  await post("/session", { token });
}

async function start() {
  begin();
  const [texts, looked] = await Promise.all([get("/words"), look().catch((error) => error)]);
  speak(texts);
  if (looked instanceof Error) return notice(looked instanceof Refused && looked.code === "PageOutdated" ? say("sign_in") : problem(looked), looked instanceof Refused ? null : start);
  visitor = looked;
  speak(visitor.language === texts.language ? texts : await get("/words", { language: visitor.language }), visitor.zone);
  window.addEventListener("popstate", show);
  return show();
}

async function look() {
  if (here() === "/enter") await enter();
  return get("/me");
}

start().catch(() => notice("⚠︎", start));
