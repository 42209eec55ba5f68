// The control API of the local Telegram: what a person's phone can do.

const base = new URL("../sim/", import.meta.url);

/** An answer other than 2xx, in the server's own words. */
export class Refused extends Error {}

async function call(method, path, body) {
  const isForm = body instanceof FormData;
  const response = await fetch(new URL(path, base), {
    method,
    body: body === undefined || isForm ? body : JSON.stringify(body),
    headers: body === undefined || isForm ? {} : { "Content-Type": "application/json" },
  });
  const text = await response.text();
  const data = parsed(text);
  if (!response.ok) throw new Refused(data?.description ?? data?.error ?? (text || response.statusText));
  return data;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const get = (path) => call("GET", path);
const post = (path, body = {}) => call("POST", path, body);

export const state = () => get("state");
export const addPerson = (person) => post("people", person);
export const messages = (id, after = 0) => get(`people/${id}/messages?after=${after}`);
export const commands = (id) => get(`people/${id}/commands`);
export const sendText = (id, text, reply) => post(`people/${id}/text`, reply ? { text, reply_to_message_id: reply } : { text });
export const press = (id, message, row, column) => post(`people/${id}/press`, { message_id: message, row, column });
export const block = (id) => post(`people/${id}/block`);
export const unblock = (id) => post(`people/${id}/unblock`);
/** One reaction, or null to take it away. */
export const react = (id, message, emoji) => post(`people/${id}/react`, { message_id: message, emoji });
export const sendContact = (id) => post(`people/${id}/contact`);
export const sendLocation = (id, point) => post(`people/${id}/location`, point);
export const fileUrl = (fileId) => new URL(`files/${encodeURIComponent(fileId)}`, base).href;

/** `as` is "document", "photo" or "voice". */
export function sendFile(id, file, as, caption) {
  const form = new FormData();
  form.append("as", as);
  form.append("caption", caption);
  form.append("file", file, file.name || "file");
  return call("POST", `people/${id}/file`, form);
}

export function liveUrl() {
  const url = new URL("live", base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}
