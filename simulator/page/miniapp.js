// A Mini App over a phone's chat: the frame, its bar and main button, and the events between client and page.
// https://core.telegram.org/bots/webapps; the page sends {eventType, eventData} as JSON to its parent.

import { el, iconButton } from "./dom.js";

const LIGHT = { bg_color: "#ffffff", text_color: "#111418", hint_color: "#626b73", link_color: "#0a5f80", button_color: "#0d6660", button_text_color: "#ffffff", secondary_bg_color: "#f0ece4" };
const DARK = { bg_color: "#1b2022", text_color: "#e9ece8", hint_color: "#98a39d", link_color: "#85c8ee", button_color: "#267d72", button_text_color: "#ffffff", secondary_bg_color: "#262d30" };

export const theme = () => (matchMedia("(prefers-color-scheme: dark)").matches ? DARK : LIGHT);

export class MiniApp {
  #room;
  #title;
  #closed;
  #asks = false;
  #frame;
  #back = iconButton("back", "Back", () => this.#send("back_button_pressed"), "back");
  #close = iconButton("close", "Close", () => this.#leave(), "close");
  #main = el("button", { type: "button", class: "main-button", hidden: true, onClick: () => this.#send("main_button_pressed") });
  #listen = (message) => message.source === this.#frame.contentWindow && this.#heard(message);
  #resized = new ResizeObserver(() => this.#viewport());

  /** Opens at once in `room`, a phone; `closed` is called when it is gone. */
  constructor(room, title, address, closed) {
    [this.#room, this.#title, this.#closed] = [room, title, closed];
    this.#frame = el("iframe", { class: "app-frame", title, src: address, allow: "" });
    this.element = el("section", { class: "mini-app", role: "dialog", "aria-label": title },
      el("header", { class: "app-bar" }, this.#close, this.#back, el("h2", {}, title)), this.#frame, this.#main);
    this.#back.hidden = true;
    window.addEventListener("message", this.#listen);
    this.#resized.observe(this.#frame);
    room.append(this.element);
  }

  close() {
    window.removeEventListener("message", this.#listen);
    this.#resized.disconnect();
    this.element.remove();
    this.#closed();
  }

  #leave() {
    if (!this.#asks) return this.close();
    if (this.element.querySelector(".app-ask")) return undefined;
    const no = () => ask.remove();
    const ask = el("div", { class: "app-ask", role: "alertdialog", "aria-label": "Close?" }, el("p", {}, "Changes that you made may not be saved."),
      el("button", { type: "button", class: "plain-button", onClick: no }, "Cancel"), el("button", { type: "button", class: "plain-button danger", onClick: () => this.close() }, "Close anyway"));
    this.element.append(ask);
    return undefined;
  }

  #send(eventType, eventData = {}) {
    this.#frame.contentWindow?.postMessage(JSON.stringify({ eventType, eventData }), "*");
  }

  #viewport() {
    const { clientWidth: width, clientHeight: height } = this.#frame;
    this.#send("viewport_changed", { width, height, is_state_stable: true, is_expanded: true });
  }

  #heard(message) {
    let event;
    try {
      event = JSON.parse(message.data);
    } catch {
      return;
    }
    const does = this.#answers[event.eventType];
    if (does) does(event.eventData ?? {});
  }

  #answers = {
    web_app_ready: () => this.element.classList.add("ready"),
    web_app_close: () => this.close(),
    web_app_request_theme: () => this.#send("theme_changed", { theme_params: theme() }),
    web_app_request_viewport: () => this.#viewport(),
    web_app_request_safe_area: () => this.#send("safe_area_changed", { top: 0, bottom: 0, left: 0, right: 0 }),
    web_app_request_content_safe_area: () => this.#send("content_safe_area_changed", { top: 0, bottom: 0, left: 0, right: 0 }),
    web_app_setup_closing_behavior: ({ need_confirmation: asks }) => (this.#asks = Boolean(asks)),
    web_app_setup_back_button: ({ is_visible: shown }) => {
      this.#back.hidden = !shown;
      this.#close.hidden = Boolean(shown);
    },
    web_app_setup_main_button: (told) => this.#setMain(told),
  };

  #setMain({ is_visible: shown, is_active: active = true, is_progress_visible: busy, text, color: colour, text_color: ink }) {
    const main = this.#main;
    [main.style.background, main.style.color] = [colour ?? theme().button_color, ink ?? theme().button_text_color];
    if (shown !== undefined) main.hidden = !shown;
    main.disabled = !active;
    main.classList.toggle("busy", Boolean(busy));
    if (text) main.textContent = text;
  }
}
