// One message as a bubble: who, when, what, and the keyboard under it.

import { el, iconButton } from "./dom.js";
import { formatted } from "./format.js";
import { inlineKeyboard } from "./keyboard.js";
import { media } from "./media.js";
import { day, fullMoment, gist, hour } from "./words.js";

/** `doing` carries what can be done with a message; see chat.js for its parts. */
export function bubble(message, names, doing) {
  const side = message.out ? "out" : "in";
  const author = message.out ? names.person : names.bot;
  return el("article", { class: `message ${side}${message.media_group_id ? " album" : ""}`, tabindex: -1, data: { id: message.message_id }, "aria-label": `${author}, ${hour(message.date)}` },
    el("div", { class: "bubble" + (message.photo ? " with-photo" : ""), onContextmenu: (event) => menu(event, message, doing), onClick: (event) => tapped(event, message, doing) },
      quote(message, names, doing), media(message), invoice(message), words(message, doing), foot(message),
      iconButton("more", "Reply, react, copy", (event) => doing.actions(message, event.currentTarget), "message-menu")),
    reactions(message),
    inlineKeyboard(message.reply_markup, doing.keyboard(message)));
}

/** An invoice as bots send it, or the line that stands for a payment that was made. */
function invoice(message) {
  if (message.successful_payment) return el("div", { class: "text" }, `✅ Paid ${amount(message.successful_payment)}`);
  if (!message.invoice) return null;
  return el("div", { class: "text" }, el("b", { dir: "auto" }, message.invoice.title), el("br"), el("span", { dir: "auto" }, message.invoice.description), el("br"), el("b", {}, amount(message.invoice)));
}

const amount = ({ currency, total_amount: total }) => new Intl.NumberFormat("en", { style: "currency", currency }).format(total / 100);

function words(message, doing) {
  const text = message.text ?? message.caption;
  if (!text) return null;
  const entities = message.entities ?? message.caption_entities;
  return el("div", { class: "text" }, formatted(text, entities, doing));
}

function quote(message, names, doing) {
  const replied = message.reply_to_message;
  if (!replied) return null;
  const author = replied.from?.is_bot || replied.out === false ? names.bot : names.person;
  return el("button", { type: "button", class: "quote", onClick: () => doing.jump(replied.message_id) },
    el("b", {}, author), el("span", { dir: "auto" }, message.quote?.text ?? gist(replied)));
}

function foot(message) {
  return el("span", { class: "foot" }, message.edit_date ? el("span", { class: "edited" }, "edited ") : null,
    message.silent ? el("span", { class: "edited", title: "without a sound" }, "🔕 ") : null,
    el("time", { datetime: new Date(message.date * 1000).toISOString(), title: fullMoment(message.date) }, hour(message.date)));
}

function reactions(message) {
  const all = message.reactions ?? [];
  if (!all.length) return null;
  const counted = new Map();
  all.forEach((emoji) => counted.set(emoji, (counted.get(emoji) ?? 0) + 1));
  return el("div", { class: "reactions", "aria-label": "Reactions" },
    [...counted].map(([emoji, count]) => el("span", { class: "reaction" }, count > 1 ? `${emoji} ${count}` : emoji)));
}

function menu(event, message, doing) {
  if (event.target.closest("a, audio, video, img") || String(getSelection())) return; // the browser's own menu is better there
  event.preventDefault();
  doing.actions(message, event.currentTarget);
}

/** On a touch screen a tap on a bubble opens its menu, as there is no hover. */
function tapped(event, message, doing) {
  if (!matchMedia("(hover: none)").matches || event.target.closest("a, button, audio, video, [role=button]")) return;
  doing.actions(message, event.currentTarget);
}

export const daySeparator = (unix) => el("div", { class: "day", role: "separator", "aria-label": day(unix) }, el("span", {}, day(unix)));
