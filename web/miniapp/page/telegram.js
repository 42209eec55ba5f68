// The part of Telegram's Mini App protocol that pages here use: events to and from the client that shows the page.
// https://core.telegram.org/bots/webapps; web clients pass messages between frames, the others call a proxy object.

const launch = new URLSearchParams(location.hash.slice(1));
const listeners = new Map(); // event → functions

/** Signed by Telegram: who opened the page, and when. */
export const initData = launch.get("tgWebAppData") ?? "";

/** Whether an app of Telegram's shows the page, which puts an object for calls to the app into every frame. */
export const isApp = Boolean(window.TelegramWebviewProxy?.postEvent || (window.external && "notify" in window.external));

export function on(event, run) {
  listeners.set(event, [...(listeners.get(event) ?? []), run]);
}

export function post(event, data = {}) {
  if (window.TelegramWebviewProxy?.postEvent) window.TelegramWebviewProxy.postEvent(event, JSON.stringify(data));
  else if (window.external && "notify" in window.external) window.external.notify(JSON.stringify({ eventType: event, eventData: data }));
  else if (window.parent !== window) window.parent.postMessage(JSON.stringify({ eventType: event, eventData: data }), "*");
}

function receive(event, data) {
  for (const run of listeners.get(event) ?? []) run(data ?? {});
}

function listen() {
  window.addEventListener("message", (message) => {
    if (message.source !== window.parent || typeof message.data !== "string") return;
    try {
      const { eventType, eventData } = JSON.parse(message.data);
      receive(eventType, eventData);
    } catch { /* not one of Telegram's */ }
  });
  window.Telegram = { ...window.Telegram, WebView: { receiveEvent: receive } };
  window.TelegramGameProxy_receiveEvent = receive;
  window.TelegramGameProxy = { receiveEvent: receive };
}

/** The client's colours become --tg-… variables; whether they are dark decides the rest. */
function paint(colours) {
  const style = document.documentElement.style;
  for (const [name, colour] of Object.entries(colours ?? {}))
    if (/^#[0-9a-f]{6}$/i.test(colour)) style.setProperty(`--tg-${name.replaceAll("_", "-")}`, colour);
  if (colours?.bg_color) document.documentElement.dataset.scheme = isDark(colours.bg_color) ? "dark" : "light";
}

function isDark(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

function inset(prefix) {
  return ({ top = 0, bottom = 0 }) => {
    document.documentElement.style.setProperty(`--${prefix}-top`, `${top}px`);
    document.documentElement.style.setProperty(`--${prefix}-bottom`, `${bottom}px`);
  };
}

export function begin() {
  listen();
  try {
    paint(JSON.parse(launch.get("tgWebAppThemeParams") ?? "{}"));
  } catch { /* the page's own colours */ }
  on("theme_changed", ({ theme_params: colours }) => paint(colours));
  on("viewport_changed", ({ height }) => height && document.documentElement.style.setProperty("--height", `${height}px`));
  on("safe_area_changed", inset("safe"));
  on("content_safe_area_changed", inset("content"));
  if (window.parent !== window) post("iframe_ready", { reload_supported: false });
  for (const event of ["web_app_ready", "web_app_expand", "web_app_request_theme", "web_app_request_viewport", "web_app_request_safe_area", "web_app_request_content_safe_area"]) post(event);
  post("web_app_setup_swipe_behavior", { allow_vertical_swipe: false }); // a finger that draws must not close the page
}

export const mainButton = (text, { active = true, busy = false } = {}) =>
  post("web_app_setup_main_button", { is_visible: Boolean(text), is_active: active && !busy, is_progress_visible: busy, text });

export const backButton = (visible) => post("web_app_setup_back_button", { is_visible: visible });
export const askBeforeClosing = (ask) => post("web_app_setup_closing_behavior", { need_confirmation: ask });
export const close = () => post("web_app_close");
export const openLink = (url) => post("web_app_open_link", { url });

export function feel(kind) {
  const data = kind === "tick" ? { type: "selection_change" } : kind === "light" ? { type: "impact", impact_style: "light" } : { type: "notification", notification_type: kind };
  post("web_app_trigger_haptic_feedback", data);
}
