// Reply keyboards: the bot's own keys in place of the letters, as the newest message that has any wants them.

import { el } from "./dom.js";

const LOOK_BACK = 300;

/** The markup in force in a chat: {keyboard …}, {force_reply, message} or null. */
export function currentMarkup(log) {
  let used = false;
  for (const id of log.ids.slice(-LOOK_BACK).reverse()) {
    const message = log.get(id);
    const markup = message.reply_markup ?? {};
    if (markup.remove_keyboard) return null;
    if (markup.keyboard) return markup.one_time_keyboard && used ? null : markup;
    if (markup.force_reply) return used ? null : { ...markup, message };
    used ||= Boolean(message.out);
  }
  return null;
}

/** The keys; `doing` gives send(text), location(), contact() and tell(words). */
export function replyKeys(markup, doing) {
  return el("div", { class: "reply-keys", role: "group", "aria-label": "The bot's keyboard" },
    markup.keyboard.map((row) => el("div", { class: "keys" }, row.map((button) => key(button, doing)))));
}

function key(button, doing) {
  const { text, style } = typeof button === "string" ? { text: button } : button;
  return el("button", { type: "button", class: `key ${style ?? ""}`.trim(), onClick: () => pressed(button, text, doing) },
    el("span", { class: "key-label", dir: "auto" }, text));
}

function pressed(button, text, doing) {
  if (button.request_location) doing.location();
  else if (button.request_contact) doing.contact();
  else if (Object.keys(button).some((name) => name.startsWith("request_")) || button.web_app) doing.tell("This page cannot share that.");
  else doing.send(text);
}
