// What the page knows: people, one summary for each, and the chats of the open phones only.

import * as api from "./api.js";
import { ChatLog } from "./chatlog.js";
import { oncePerFrame } from "./dom.js";
import { isCrowd } from "./words.js";

const PREVIEWS = 30; // last lines fetched at the start; more would read the chats of a whole crowd

export class Store extends EventTarget {
  bot = { id: 0, first_name: "Bot", username: "" };
  people = new Map();
  connected = false;
  #summaries = new Map();
  #chats = new Map();
  #refreshTimer = 0;
  #peopleChanged = oncePerFrame(() => this.#say("people")); // a crowd may join all at once

  /** Listens for "people", "summary", "chat", "answer", "action", "commands" or "line"; returns the way to stop. */
  on(type, listener) {
    const heard = ({ detail }) => listener(detail);
    this.addEventListener(type, heard);
    return () => this.removeEventListener(type, heard);
  }

  #say(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  summary(id) {
    return this.#summaries.get(id) ?? { last: null, unread: 0 };
  }

  chat(id) {
    return this.#chats.get(id);
  }

  // ---- what is open -------------------------------------------------------------------------------

  /** The phones on the stage: their chats are kept in full, all others are let go. */
  keepOpen(ids) {
    for (const id of [...this.#chats.keys()]) if (!ids.includes(id)) this.#chats.delete(id);
    for (const id of ids) {
      this.#summarise(id, { unread: 0 });
      if (!this.#chats.has(id)) {
        this.#chats.set(id, new ChatLog());
        this.#load(id);
      }
    }
  }

  /** Reads a chat in full, after any reading of it that is under way. */
  #load(id) {
    const log = this.#chats.get(id);
    log.reading = log.reading.then(() => this.#read(id, log));
  }

  async #read(id, log) {
    log.loadBegins();
    try {
      const changed = log.loadEnds(await api.messages(id));
      if (log.last) this.#summarise(id, { last: log.last });
      this.#say("chat", { person: id, changed });
    } catch (problem) {
      this.#say("chat", { person: id, changed: [], problem });
    }
  }

  // ---- the line -----------------------------------------------------------------------------------

  /** After each (re)connection: whoever came, whatever was said or edited meanwhile. */
  async catchUp() {
    this.#setLine(true);
    await this.refreshPeople();
    [...this.#chats.keys()].forEach((id) => this.#load(id));
    await this.#preview();
  }

  lost() {
    this.#setLine(false);
  }

  #setLine(connected) {
    this.connected = connected;
    this.#say("line", { connected });
  }

  async refreshPeople() {
    try {
      const state = await api.state();
      this.bot = state.bot ?? this.bot;
      this.people = new Map(state.people.map((person) => [person.id, person]));
      this.#peopleChanged();
    } catch {
      this.#refreshSoon(2000); // the server is restarting; the line will tell too
    }
  }

  #refreshSoon(wait = 150) {
    clearTimeout(this.#refreshTimer);
    this.#refreshTimer = setTimeout(() => this.refreshPeople(), wait);
  }

  async #preview() {
    const unknown = [...this.people.values()].filter((person) => !isCrowd(person) && !this.#summaries.get(person.id)?.last);
    for (const { id } of unknown.filter(({ id }) => !this.#chats.has(id)).slice(0, PREVIEWS)) {
      const last = (await api.messages(id).catch(() => [])).at(-1);
      if (last && !this.#summaries.get(id)?.last) this.#summarise(id, { last });
    }
  }

  #summarise(id, news) {
    this.#summaries.set(id, { ...this.summary(id), ...news });
    this.#say("summary", { person: id });
  }

  // ---- events -------------------------------------------------------------------------------------

  handle(event) {
    if (isOfGroup(event)) return; // the page shows private chats
    if (event.type !== "person" && !this.people.has(event.person)) this.#refreshSoon();
    this.#handlers[event.type]?.(event);
  }

  #handlers = {
    person: (event) => this.#joined(event),
    message: (event) => this.#arrived(event),
    edit: (event) => this.#changed(event.person, event.message),
    reaction: (event) => this.#reacted(event),
    delete: (event) => this.#deleted(event),
    callback_answer: (event) => this.#say("answer", event),
    action: (event) => this.#say("action", event),
    commands: (event) => this.#say("commands", event),
  };

  #joined({ person, card }) {
    if (!card) return this.#refreshSoon();
    this.people.set(person, card);
    return this.#peopleChanged();
  }

  #arrived({ person, message }) {
    const { unread } = this.summary(person);
    const seen = message.out || this.#chats.has(person);
    this.#chats.get(person)?.put(message);
    this.#summarise(person, { last: message, unread: seen ? (this.#chats.has(person) ? 0 : unread) : unread + 1 });
    this.#say("chat", { person, changed: [message.message_id] });
  }

  #changed(person, message) {
    this.#chats.get(person)?.put(message);
    if (this.summary(person).last?.message_id === message.message_id) this.#summarise(person, { last: message });
    this.#say("chat", { person, changed: [message.message_id] });
  }

  #reacted({ person, message_id: id, reactions }) {
    const log = this.#chats.get(person);
    const before = log?.get(id);
    if (before) this.#changed(person, { ...before, reactions });
    else if (log) this.#load(person); // what is being read may be older than this
  }

  #deleted({ person, message_id: id }) {
    const log = this.#chats.get(person);
    log?.remove(id);
    if (this.summary(person).last?.message_id === id) this.#summarise(person, { last: log?.last ?? null });
    this.#say("chat", { person, changed: [id] });
  }
}

/** A private chat has the id of its person. */
function isOfGroup({ person, message, chat_id: chat = message?.chat?.id ?? person }) {
  return chat !== person;
}
