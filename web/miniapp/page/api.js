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

async function ask(url, options = {}) {
  const headers = { Authorization: `tma ${initData}`, ...options.headers };
  const response = await fetch(url, { ...options, headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (response.ok) return response;
  const { said = "", code = "" } = await response.json().catch(() => ({}));
  throw new Refused(response.status, said, code);
}

export const task = async () => (await ask(address())).json();
export const file = async (at) => (await ask(address(`/media/${at}`))).blob();

export async function handIn(answer) {
  const body = JSON.stringify({ answer });
  return (await ask(address(), { method: "POST", body, headers: { "Content-Type": "application/json" } })).json();
}
