// Small menus inside a phone, and the words that fly in: toasts and alerts.

import { el } from "./dom.js";

const TOAST_MS = 3500;

/** Opens a menu of [{label, run, danger, wide}] near `anchor`, closed by a choice, Escape or a press elsewhere. */
export function openMenu(room, anchor, title, items) {
  room.querySelector(".menu")?.remove();
  const menu = el("div", { class: "menu", role: "menu", "aria-label": title });
  const close = () => {
    document.removeEventListener("pointerdown", outside, true);
    menu.remove();
  };
  const outside = (event) => menu.contains(event.target) || close();
  const choose = (item) => {
    close();
    (anchor.isConnected ? anchor : room).focus?.({ preventScroll: true });
    item.run();
  };
  menu.append(...items.map((item) => entry(item, choose)));
  menu.addEventListener("keydown", (event) => keys(event, menu, () => choose({ run() {} })));
  document.addEventListener("pointerdown", outside, true);
  room.append(menu);
  place(menu, room, anchor);
  menu.querySelector("button").focus({ preventScroll: true });
}

function entry(item, choose) {
  const classes = ["menu-item", item.danger && "danger", item.small && "small"].filter(Boolean).join(" ");
  return el("button", { type: "button", role: "menuitem", class: classes, tabindex: -1, "aria-label": item.name, onClick: () => choose(item) }, item.label);
}

function keys(event, menu, close) {
  const all = [...menu.querySelectorAll("button")];
  const at = all.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (step) all[(at + step + all.length) % all.length].focus();
  else if (event.key === "Escape" || event.key === "Tab") close();
  else return;
  event.preventDefault();
}

function place(menu, room, anchor) {
  const [frame, from, own] = [room, anchor, menu].map((node) => node.getBoundingClientRect());
  const below = Math.min(from.bottom, from.top + 60) - frame.top + 4;
  const top = Math.min(below, frame.height - own.height - 8);
  const left = Math.min(Math.max(8, from.right - frame.left - own.width), frame.width - own.width - 8);
  Object.assign(menu.style, { top: `${Math.max(8, top)}px`, left: `${Math.max(8, left)}px` });
}

/** A line that fades by itself; screen readers hear it through the phone's status. */
export function toast(room, words) {
  room.querySelector(".toast")?.remove();
  const node = el("div", { class: "toast", role: "status", dir: "auto" }, words);
  room.append(node);
  setTimeout(() => node.remove(), Math.max(TOAST_MS, words.length * 60));
}

/** An answer the bot wants to be confirmed: over this phone only. */
export function alertIn(room, title, words) {
  room.querySelector(".alert-veil")?.remove();
  const ownFocus = document.activeElement === document.body || room.contains(document.activeElement);
  const before = document.activeElement;
  const close = () => {
    veil.remove();
    if (before?.isConnected) before.focus({ preventScroll: true });
  };
  const ok = el("button", { type: "button", class: "plain-button", onClick: close }, "OK");
  const box = el("div", { class: "alert", role: "alertdialog", "aria-modal": "true", "aria-label": title }, el("b", {}, title), el("p", { dir: "auto" }, words), ok);
  const veil = el("div", { class: "alert-veil", onKeydown: (event) => event.key === "Escape" && close() }, box);
  room.append(veil);
  if (ownFocus) ok.focus();
}
