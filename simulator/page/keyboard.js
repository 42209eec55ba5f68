// Inline keyboards: rows of buttons under a message, each doing what Telegram's would.

import { el, icon } from "./dom.js";

const STYLES = new Set(["danger", "success", "primary"]);
const WEB = /^https?:/i;

/**
 * The rows under a message, or null. `doing` holds what a press means here:
 * press(row, column), open(row, column) of a Mini App, pay(anchor), copy(text), fill(text), tell(words); isWaiting(row, column, button) says where a spinner turns.
 */
export function inlineKeyboard(markup, doing) {
  const rows = markup?.inline_keyboard?.filter((row) => row.length) ?? [];
  if (!rows.length) return null;
  return el("div", { class: "keyboard" }, markup.inline_keyboard.map((row, r) =>
    el("div", { class: "keys" }, row.map((button, c) => key(button, r, c, doing)))));
}

function key(button, row, column, doing) {
  const style = STYLES.has(button.style) ? ` ${button.style}` : "";
  const attributes = { class: `key${style}`, data: { at: `${row}:${column}` } };
  const label = el("span", { class: "key-label", dir: "auto" }, button.text);
  const url = button.url ?? button.login_url?.url;
  if (url && WEB.test(url)) {
    return el("a", { ...attributes, href: url, target: "_blank", rel: "noopener noreferrer" }, label, icon("link"));
  }
  const waits = doing.isWaiting(row, column, button);
  const mark = button.copy_text ? icon("copy") : button.web_app ? icon("app") : url ? icon("link") : null;
  return el("button", { ...attributes, class: attributes.class + (waits ? " waiting" : ""), type: "button", "aria-busy": waits ? "true" : null,
    onClick: (event) => pressed(event, button, url, row, column, doing) }, label, mark, el("span", { class: "spinner", "aria-hidden": "true" }));
}

function pressed(event, button, url, row, column, doing) {
  if (button.pay) doing.pay(event.currentTarget);
  else if (button.copy_text) doing.copy(button.copy_text.text);
  else if (button.switch_inline_query_current_chat !== undefined) doing.fill(button.switch_inline_query_current_chat);
  else if (button.web_app) doing.open(row, column);
  else if (url) doing.tell(`Telegram would open ${url}`);
  else if (button.callback_data !== undefined || button.callback_game) doing.press(row, column);
  else doing.tell("This page does not know this kind of button.");
}

/** Presses that wait for the bot's answer, by message and by query; answers may come before the press returns. */
export class Presses {
  #waiting = new Map(); // message id → {key, data, query, timer}
  #answered = new Set();
  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  isWaiting(message, key, data) {
    const press = this.#waiting.get(message);
    return press?.key === key && press.data === data;
  }

  begin(message, key, data) {
    this.end(message);
    const timer = setTimeout(() => this.end(message), 15_000); // Telegram's own patience
    this.#waiting.set(message, { key, data, query: null, timer });
    this.#changed(message);
  }

  returned(message, query) {
    const press = this.#waiting.get(message);
    if (this.#answered.delete(query)) this.end(message);
    else if (press) press.query = query;
  }

  answered(query) {
    for (const [message, press] of this.#waiting) if (press.query === query) return this.end(message);
    this.#answered.add(query);
    return undefined;
  }

  end(message) {
    const press = this.#waiting.get(message);
    if (!press) return;
    clearTimeout(press.timer);
    this.#waiting.delete(message);
    this.#changed(message);
  }
}
