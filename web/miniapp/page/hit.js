// First in every requester's page: its form goes to this house whatever script sends it, and what a page without an
// origin lacks (storage) is there for as long as the page is open.

(() => {
  const to = document.currentScript.dataset.submit;
  window.TelegramWebviewProxy = undefined; // some clients give it to every frame
  const ours = (form) => /\/mturk\/externalSubmit\/?$/i.test((form.getAttribute("action") ?? "").split(/[?#]/)[0]);

  function aim(form) {
    if (!ours(form)) return;
    form.setAttribute("action", to);
    form.setAttribute("method", "post");
    form.removeAttribute("target");
  }

  const send = HTMLFormElement.prototype.submit;
  HTMLFormElement.prototype.submit = function submit() {
    aim(this);
    send.call(this);
  };
  window.addEventListener("submit", (event) => event.target instanceof HTMLFormElement && aim(event.target), true);

  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      void window[name];
    } catch {
      Object.defineProperty(window, name, { value: memory() });
    }
  }

  function memory() {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(String(key)) ?? null,
      setItem: (key, value) => void kept.set(String(key), String(value)),
      removeItem: (key) => void kept.delete(String(key)),
      clear: () => kept.clear(),
      key: (at) => [...kept.keys()][at] ?? null,
      get length() {
        return kept.size;
      },
    };
  }
})();
