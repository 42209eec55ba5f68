// What a page asks of the house: its task, the task's files, and to take the answer.

import { initData } from "./telegram.js";

const [what, number] = location.pathname.split("/").slice(-2);
const address = (rest = "") => new URL(`../api/${what}/${number}${rest}`, location.href.split("#")[0]);
const PATIENCE = 30_000;

export const draftName = `pouce-${what}-${number}`;

/** What the house says no with, in the reader's words. */
export class Refused extends Error {
  constructor(status, said, code) {
    super(said);
    [this.status, this.code] = [status, code];
  }
}

/** Ends a request of which nothing has come for a while, however long all of it takes. */
class Patience {
  #ended = new AbortController();
  #timer;

  constructor() {
    this.renew();
  }

  get signal() {
    return this.#ended.signal;
  }

  renew() {
    this.stop();
    this.#timer = setTimeout(() => this.#ended.abort(), PATIENCE);
  }

  stop() {
    clearTimeout(this.#timer);
  }
}

async function ask(url, options = {}) {
  const headers = { Authorization: `tma ${initData}`, ...options.headers };
  const response = await fetch(url, { ...options, headers, cache: "no-store", signal: options.signal ?? AbortSignal.timeout(PATIENCE) });
  if (response.ok) return response;
  const { said = "", code = "" } = await response.json().catch(() => ({}));
  throw new Refused(response.status, said, code);
}

export const task = async () => (await ask(address())).json();

export async function file(at) {
  const patience = new Patience();
  try {
    const response = await ask(address(`/media/${at}`), { signal: patience.signal });
    const [reader, parts] = [response.body.getReader(), []];
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      patience.renew();
    }
    return new Blob(parts, { type: response.headers.get("Content-Type") ?? "" });
  } finally {
    patience.stop();
  }
}

export async function handIn(answer) {
  const body = JSON.stringify({ answer });
  return (await ask(address(), { method: "POST", body, headers: { "Content-Type": "application/json" } })).json();
}
