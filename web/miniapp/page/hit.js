// First in every requester's page that is kept here: its form goes to this house whatever script sends it, and what a page
// without an origin lacks, localStorage and cookies, is there, kept by the house for this requester and this worker.

(() => {
  const { submit: to, storage, stored } = document.currentScript.dataset;

  // Where an app of Telegram's gives every frame an object that acts as our page, any frame that this page makes has it
  // again: such a page is shown in a browser instead (theirs.js), and runs nothing here.
  if (window.name !== "pouce-browser" && typeof window.TelegramWebviewProxy?.postEvent === "function") {
    window.stop();
    document.documentElement.replaceChildren();
    throw new Error("This page opens in a browser.");
  }
  window.TelegramWebviewProxy = undefined;

  // ---- forms ---------------------------------------------------------------------------------------

  const ours = (form) => /\/mturk\/externalSubmit\/?$/i.test((form.getAttribute("action") ?? "").split(/[?#]/)[0]);

  function aim(form) {
    if (!ours(form)) return;
    form.setAttribute("action", to);
    form.setAttribute("method", "post");
    form.removeAttribute("target");
    save();
  }

  const send = HTMLFormElement.prototype.submit;
  HTMLFormElement.prototype.submit = function submit() {
    aim(this);
    send.call(this);
  };
  window.addEventListener("submit", (event) => event.target instanceof HTMLFormElement && aim(event.target), true);
  document.addEventListener("DOMContentLoaded", () => {
    const field = document.querySelector("#mturk_form > #assignmentId");
    if (field && !field.value) field.value = new URLSearchParams(location.search).get("assignmentId") ?? "";
  });

  // ---- localStorage and cookies --------------------------------------------------------------------

  const MAX_CHARACTERS = 60_000;
  const SAVE_MS = 400;
  const kept = JSON.parse(stored);
  const local = new Map(Object.entries(kept.local));
  const cookies = new Map(Object.entries(kept.cookies)); // name → [value, when it expires in milliseconds, or 0]
  let timer;
  let saved = written();

  function written() {
    return JSON.stringify({ local: Object.fromEntries(local), cookies: Object.fromEntries(cookies) });
  }

  function save() {
    clearTimeout(timer);
    const now = written();
    if (!storage || now === saved) return;
    saved = now;
    fetch(storage, { method: "POST", body: now, keepalive: true, headers: { "Content-Type": "text/plain" } }).catch(() => (saved = ""));
  }

  function changed() {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_MS);
  }

  window.addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => document.hidden && save());

  /** Changes the map by `change`, or leaves it as it was where too much would be stored. */
  function store(map, change) {
    const before = [...map];
    change();
    if (new Blob([written()]).size <= MAX_CHARACTERS) return changed();
    map.clear();
    for (const [key, value] of before) map.set(key, value);
    throw new DOMException("Too much is stored.", "QuotaExceededError");
  }

  function area(map, write) {
    const api = {
      getItem: (key) => map.get(String(key)) ?? null,
      setItem: (key, value) => write(map, () => map.set(String(key), String(value))),
      removeItem: (key) => write(map, () => map.delete(String(key))),
      clear: () => write(map, () => map.clear()),
      key: (at) => [...map.keys()][at] ?? null,
    };
    return new Proxy(api, {
      get: (_, key) => (key === "length" ? map.size : Object.hasOwn(api, key) ? api[key] : typeof key === "string" ? map.get(key) : undefined),
      set: (_, key, value) => (api.setItem(key, value), true),
      deleteProperty: (_, key) => (api.removeItem(key), true),
      has: (_, key) => Object.hasOwn(api, key) || map.has(key),
      ownKeys: () => [...map.keys()],
      getOwnPropertyDescriptor: (_, key) => (map.has(key) ? { value: map.get(key), writable: true, enumerable: true, configurable: true } : undefined),
    });
  }

  function provide(name, value) {
    try {
      void window[name];
    } catch {
      Object.defineProperty(window, name, { value });
    }
  }

  function readCookies() {
    const now = Date.now();
    for (const [name, [, expires]] of cookies) if (expires && expires <= now) cookies.delete(name);
    return [...cookies].map(([name, [value]]) => (name ? `${name}=${value}` : value)).join("; ");
  }

  function writeCookie(text) {
    const [pair, ...attributes] = String(text).split(";");
    const at = pair.indexOf("=");
    const [name, value] = at < 0 ? ["", pair.trim()] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    const about = new Map(attributes.map((part) => [part.split("=")[0].trim().toLowerCase(), part.slice(part.indexOf("=") + 1).trim()]));
    const age = about.has("max-age") ? Number(about.get("max-age")) : NaN;
    const expires = Number.isNaN(age) ? Date.parse(about.get("expires") ?? "") : Date.now() + age * 1000; // NaN: with none
    try {
      store(cookies, () => (expires <= Date.now() ? cookies.delete(name) : cookies.set(name, [value, expires || 0])));
    } catch { /* a cookie for which there is no room is left out, as browsers do */ }
  }

  provide("localStorage", area(local, store));
  provide("sessionStorage", area(new Map(), (map, change) => void change()));
  try {
    void document.cookie;
  } catch {
    Object.defineProperty(document, "cookie", { get: readCookies, set: writeCookie });
  }
})();
