// One phone on the stage: whose it is, the chat with the bot, and what can be done there.

import * as api from "./api.js";
import { avatar } from "./avatar.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { el, iconButton } from "./dom.js";
import { MiniApp, theme } from "./miniapp.js";
import { alertIn, openMenu, toast } from "./popup.js";
import { fullName } from "./words.js";

const EMOJI = ["👍", "❤️", "🔥", "🎉", "🤔", "👎"];
const TYPING_MS = 5000;
const DOING = { typing: "typing…", upload_document: "sending a file…", upload_photo: "sending a photo…", record_voice: "recording…", upload_voice: "sending a voice message…" };

export class Phone {
  #store;
  #person;
  #chat;
  #composer;
  #stops;
  #app = null;
  #typingTimer = 0;
  #subtitle = el("span", { class: "subtitle" });
  #gate = el("button", { type: "button", class: "gate", hidden: true, onClick: () => this.#pass() });
  #empty = el("p", { class: "empty", hidden: true });
  element;

  /** `leave` closes this phone, or goes back to the list on a narrow screen. */
  constructor(person, store, leave) {
    [this.#person, this.#store] = [person, store];
    this.#composer = new Composer(person, { sent: () => this.#chat.toEnd(), tell: (words) => this.#tell(words), bot: () => store.bot.first_name,
      menu: (anchor, title, items) => openMenu(this.element, anchor, title, items) });
    this.#chat = new Chat(person, store, this.#doing());
    this.element = this.#frame(leave);
    this.#stops = [
      store.on("chat", (news) => news.person === person.id && this.#changed(news)),
      store.on("answer", (event) => event.person === person.id && this.#answered(event)),
      store.on("action", (event) => event.person === person.id && this.#acts(event)),
      store.on("commands", (event) => (event.person ?? person.id) === person.id && this.#composer.loadCommands()),
      store.on("people", () => this.#known()),
    ];
    this.#known();
    if (store.chat(person.id)?.loaded) this.#changed({ changed: [] });
  }

  focus() {
    this.#composer.focus();
  }

  close() {
    this.#stops.forEach((stop) => stop());
    this.#app?.close();
    this.#chat.close();
    this.#composer.close();
    this.element.remove();
  }

  #frame(leave) {
    const name = fullName(this.#person);
    this.#chat.element.append(this.#empty);
    const frame = el("section", { class: "phone", tabindex: -1, "aria-label": `Phone of ${name}`, data: { person: this.#person.id } },
      el("div", { class: "owner" }, avatar(this.#person), el("span", { class: "owner-name" }, name), el("span", { class: "chip", data: { role: this.#person.role } }, this.#person.role || "person"),
        el("span", { class: "language", title: "Language of this phone" }, this.#person.language_code), iconButton("close", `Close the phone of ${name}`, leave, "close")),
      el("header", { class: "bar" }, iconButton("back", "Back to the people", leave, "back"), this.#botFace(),
        el("div", { class: "titles" }, el("h2", {}, this.#store.bot.first_name), this.#subtitle),
        iconButton("more", "What this phone can do", (event) => this.#menu(event.currentTarget), "phone-menu")),
      this.#chat.element, this.#composer.element, this.#gate);
    this.#drops(frame);
    return frame;
  }

  #botFace() {
    return el("span", { class: "avatar bot", "aria-hidden": "true" }, (this.#store.bot.first_name[0] ?? "B").toUpperCase());
  }

  // ---- what the parts of a phone ask of it --------------------------------------------------------

  #doing() {
    return {
      language: this.#person.language_code,
      command: (text) => this.#composer.send(text),
      fill: (text) => this.#composer.fill(text),
      tell: (words) => this.#tell(words),
      copy: (text) => this.#copy(text),
      pay: (message, anchor) => this.#payMenu(message, anchor),
      openApp: (message, row, column) => this.#try(() => this.#openApp(message, row, column)),
      actions: (message, anchor) => this.#actions(message, anchor),
    };
  }

  #tell(words) {
    toast(this.element, words);
  }

  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.#tell("Copied");
    } catch {
      this.#tell(`Copy this by hand: ${text}`);
    }
  }

  #actions(message, anchor) {
    const text = message.text ?? message.caption;
    openMenu(this.element, anchor, "What to do with this message", [
      ...EMOJI.map((emoji) => ({ label: emoji, name: `React with ${emoji}`, small: true, run: () => this.#react(message, emoji) })),
      { label: "Reply", run: () => this.#composer.replyTo(message) },
      ...(message.reactions?.length ? [{ label: "Take my reaction away", run: () => this.#react(message, null) }] : []),
      ...(text ? [{ label: "Copy text", run: () => this.#copy(text) }] : []),
    ]);
  }

  /** What the provider of card payments does is chosen here: no card is asked for. */
  #payMenu(message, anchor) {
    const choices = [["Pay with a test card", "paid"], ["The card is declined", "declined"], ["The provider does not answer", "timed out"]];
    openMenu(this.element, anchor, "Pay by card", choices.map(([label, outcome]) => ({ label, run: () => this.#try(() => this.#pay(message, outcome)) })));
  }

  async #pay(message, outcome) {
    const { state, reason } = await api.pay(this.#person.id, message.message_id, outcome);
    this.#tell({ paid: "Paid", declined: "The card was declined", "timed out": "The provider did not answer: nothing was paid" }[state] ?? reason);
  }

  async #openApp(message, row, column) {
    const { url } = await api.openApp(this.#person.id, message.message_id, row, column, theme());
    this.#app?.close();
    this.#app = new MiniApp(this.element, this.#store.bot.first_name, url, () => (this.#app = null));
  }

  #react(message, emoji) {
    return this.#try(() => api.react(this.#person.id, message.message_id, emoji));
  }

  #menu(anchor) {
    const { id, blocked } = this.#person;
    openMenu(this.element, anchor, "What this phone can do", [
      { label: "Send /start", run: () => this.#composer.send("/start") },
      blocked
        ? { label: "Unblock the bot", run: () => this.#try(() => api.unblock(id)) }
        : { label: "Block the bot", danger: true, run: () => this.#try(() => api.block(id)) },
    ]);
  }

  async #try(work) {
    try {
      await work();
    } catch (problem) {
      this.#tell(problem.message);
    }
  }

  // ---- what happens -------------------------------------------------------------------------------

  #changed({ changed, problem }) {
    if (problem) this.#tell(`The chat could not be read: ${problem.message}`);
    this.#chat.changed(changed);
    const log = this.#store.chat(this.#person.id);
    if (!log) return;
    this.#composer.follow(log);
    if (log.last && !log.last.out) this.#setSubtitle();
    this.#known();
  }

  #answered({ callback_query_id: query, text, show_alert: alert }) {
    this.#chat.answered(query);
    if (text && alert) alertIn(this.element, this.#store.bot.first_name, text);
    else if (text) this.#tell(text);
  }

  #acts({ action, text }) {
    this.#setSubtitle(DOING[action ?? text] ?? "busy…");
    this.#typingTimer = setTimeout(() => this.#setSubtitle(), TYPING_MS);
  }

  #setSubtitle(words = "") {
    clearTimeout(this.#typingTimer);
    this.#subtitle.textContent = words || (this.#person.blocked ? "blocked" : "bot");
    this.#subtitle.classList.toggle("busy", words !== "");
  }

  /** Blocked, never started, or free to write: the door at the bottom of the chat. */
  #known() {
    this.#person = this.#store.people.get(this.#person.id) ?? this.#person;
    const log = this.#store.chat(this.#person.id);
    const isNew = Boolean(log?.loaded) && log.ids.length === 0 && !this.#person.started;
    this.#gate.hidden = !this.#person.blocked && !isNew;
    this.#gate.textContent = this.#person.blocked ? "Unblock the bot" : "Start";
    this.#composer.element.hidden = !this.#gate.hidden;
    this.#empty.hidden = !(log?.loaded && log.ids.length === 0);
    this.#empty.textContent = this.#description() || `No messages with ${this.#store.bot.first_name} yet.`;
    if (!this.#subtitle.classList.contains("busy")) this.#setSubtitle();
  }

  /** What the bot says of itself in an empty chat, in the phone's language where it has that. */
  #description() {
    const texts = this.#store.bot.descriptions ?? {};
    return texts[this.#person.language_code] ?? texts[""] ?? "";
  }

  #pass() {
    if (this.#person.blocked) this.#try(() => api.unblock(this.#person.id));
    else this.#composer.send("/start").then(() => this.#composer.focus());
  }

  #drops(frame) {
    const carries = (event) => event.dataTransfer?.types.includes("Files") && !this.#composer.element.hidden;
    frame.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      frame.classList.add("dropping");
    });
    frame.addEventListener("dragleave", (event) => frame.contains(event.relatedTarget) || frame.classList.remove("dropping"));
    frame.addEventListener("drop", (event) => {
      frame.classList.remove("dropping");
      if (!carries(event)) return;
      event.preventDefault();
      this.#composer.addFiles([...event.dataTransfer.files]);
    });
  }
}
