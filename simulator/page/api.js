// The control API of the local Telegram: what a person's phone can do.

const base = new URL("../sim/", import.meta.url);

/** An answer other than 2xx, in the server's own words. */
export class Refused extends Error {}

async function call(method, path, body, type) {
  const headers = type ? { "Content-Type": type } : {};
  const response = await fetch(new URL(path, base), { method, body, headers });
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
const post = (path, body = {}) => call("POST", path, JSON.stringify(body), "application/json");

export const state = () => get("state");
export const addPerson = (person) => post("people", person);
export const messages = (id, after = 0) => get(`people/${id}/messages?after=${after}`);
export const commands = (id) => get(`people/${id}/commands`);
export const sendText = (id, text, reply) => post(`people/${id}/text`, reply ? { text, reply_to_message_id: reply } : { text });
export const press = (id, message, row, column) => post(`people/${id}/press`, { message_id: message, row, column });
/** The address of the Mini App behind a button, signed for this person. */
export const openApp = (id, message, row, column, theme) => post(`people/${id}/app`, { message_id: message, row, column, theme });
/** Resolves once the payment of an invoice has ended: {state, reason}. */
export const pay = (id, message, outcome) => post(`people/${id}/pay`, { message_id: message, outcome });
export const block = (id) => post(`people/${id}/block`);
export const unblock = (id) => post(`people/${id}/unblock`);
/** One reaction, or null to take it away. */
export const react = (id, message, emoji) => post(`people/${id}/react`, { message_id: message, emoji });
export const sendContact = (id) => post(`people/${id}/contact`);
export const sendLocation = (id, point) => post(`people/${id}/location`, point);
export const fileUrl = (fileId) => new URL(`files/${encodeURIComponent(fileId)}`, base).href;

/** `as` is "document", "photo" or "voice". */
export function sendFile(id, file, as, caption) {
  const parts = [field("as", as), field("caption", caption), attachment(file)];
  const boundary = `----page-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
  const body = new Blob([...parts.flatMap((part) => [`--${boundary}\r\n`, ...part, "\r\n"]), `--${boundary}--\r\n`]);
  return call("POST", `people/${id}/file`, body, `multipart/form-data; boundary=${boundary}`);
}

// A FormData would turn every line end of a caption into CR LF; a phone sends it as it was typed.
const field = (name, value) => [`Content-Disposition: form-data; name="${name}"\r\n\r\n`, value];

function attachment(file) {
  const name = (file.name || "file").replaceAll(/["\r\n\\]/g, "_");
  const type = file.type || "application/octet-stream";
  return [`Content-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`, file];
}

export function liveUrl() {
  const url = new URL("live", base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}
