// What the page asks of the house: with Telegram's signature, or with the cookie of a session that /web began.

import { initData } from "./telegram.js";

export const ROOT = "/app/dashboard";
const API = `${ROOT}/api`;
const PATIENCE = 30_000;

/** What the house says no with, in the reader's words. */
export class Refused extends Error {
  constructor(status, said, code) {
    super(said);
    [this.status, this.code] = [status, code];
  }
}

async function ask(path, options = {}, triesLeft = 5) {
  const headers = { ...(initData ? { Authorization: `tma ${initData}` } : {}), ...options.headers };
  const response = await fetch(API + path, { ...options, headers, cache: "no-store", credentials: "same-origin" });
  if (response.ok) return response;
  if (response.status === 429 && triesLeft) {
    await new Promise((resume) => setTimeout(resume, 1000 * (Number(response.headers.get("Retry-After")) || 1)));
    return ask(path, options, triesLeft - 1);
  }
  const { said, detail = "", code = "" } = await response.json().catch(() => ({}));
  throw new Refused(response.status, said ?? detail, code);
}

export async function get(path, query = {}, signal = AbortSignal.timeout(PATIENCE)) {
  const told = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const behind = told.length ? `?${new URLSearchParams(told)}` : "";
  return (await ask(path + behind, { signal })).json();
}

export async function post(path, body = {}, method = "POST") {
  const headers = { "Content-Type": "application/json" };
  return (await ask(path, { method, headers, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE) })).json();
}

/** A file as a blob; `report(received, whole)` while it comes. */
export async function file(path, report = () => {}, signal = undefined) {
  const response = await ask(path, { signal });
  const whole = Number(response.headers.get("Content-Length")) || 0;
  const [reader, parts] = [response.body.getReader(), []];
  for (let part = await reader.read(), received = 0; !part.done; part = await reader.read()) {
    parts.push(part.value);
    report((received += part.value.length), whole);
  }
  const name = /filename="([^"]*)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "";
  return { blob: new Blob(parts, { type: response.headers.get("Content-Type") ?? "" }), name };
}

/** Calls `run` whenever the project has changed, until the returned function is called. */
export function watch(project, run) {
  const stop = new AbortController();
  listen(project, run, stop.signal);
  return () => stop.abort();
}

async function listen(project, run, signal) {
  while (!signal.aborted) {
    try {
      const response = await ask(`/projects/${project}/events`, { signal });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) if (part.value.includes("event: changed")) run();
    } catch (error) {
      if (signal.aborted || (error instanceof Refused && error.status !== 429)) return;
    }
    await new Promise((resume) => setTimeout(resume, 5_000));
  }
}
