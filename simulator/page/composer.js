// Where a person writes: text, commands, files with a caption, replies.

import * as api from "./api.js";
import { CommandList } from "./commands.js";
import { el, iconButton } from "./dom.js";
import { placeDialog } from "./place.js";
import { currentMarkup, replyKeys } from "./replykeys.js";
import { Tray } from "./tray.js";
import { gist } from "./words.js";

const drafts = new Map(); // person id → what was typed when the phone was closed
const isTouch = () => matchMedia("(pointer: coarse)").matches;

export class Composer {
  #person;
  #doing;
  #reply = null;
  #forced = null;
  #keysHidden = false;
  #markup = null;
  #commands;
  #tray = new Tray(() => this.#refresh());
  #replyBar = el("div", { class: "reply-bar", hidden: true });
  #keys = el("div", { class: "reply-keys-room", hidden: true });
  #picker = el("input", { type: "file", multiple: true, hidden: true, tabindex: -1, "aria-label": "Files", onChange: () => this.#picked() });
  #menu = el("button", { type: "button", class: "menu-button", hidden: true, title: "Commands of the bot", onClick: () => this.#toggleCommands() }, "Menu");
  #keysButton = iconButton("keys", "Show or hide the bot's keyboard", () => this.#toggleKeys());
  #text = el("textarea", { rows: 1, "aria-label": "Message", placeholder: "Message", dir: "auto", autocomplete: "off", enterkeyhint: isTouch() ? "enter" : "send",
    onInput: () => this.#typed(), onKeydown: (event) => this.#key(event), onPaste: (event) => this.#pasted(event) });
  #send = iconButton("send", "Send", () => this.#submit(), "send");
  element;

  /** `doing` gives sent(), tell(words), menu(anchor, title, items) and bot() for the name of who is answered. */
  constructor(person, doing) {
    [this.#person, this.#doing] = [person, doing];
    this.#commands = new CommandList(person, (text) => this.send(text));
    this.#text.value = drafts.get(person.id) ?? "";
    this.element = el("div", { class: "composer" }, this.#commands.element, this.#replyBar, this.#tray.element,
      el("div", { class: "write" }, this.#menu, iconButton("attach", "Attach a file or a place", (event) => this.#attach(event.currentTarget), "attach"), this.#picker, this.#text, this.#keysButton, this.#send),
      this.#keys);
    this.#drawKeys();
    this.loadCommands();
    this.#refresh();
  }

  close() {
    drafts.set(this.#person.id, this.#text.value);
  }

  focus() {
    if (!isTouch()) this.#text.focus({ preventScroll: true });
  }

  fill(text) {
    this.#text.value = text;
    this.#refresh();
    this.#text.focus();
  }

  async loadCommands() {
    this.#menu.hidden = !(await this.#commands.load());
  }

  addFiles(files) {
    this.#tray.add(files);
    this.focus();
  }

  // ---- replies and the bot's keyboard -------------------------------------------------------------

  replyTo(message) {
    this.#reply = message;
    this.#replyBar.hidden = message === null;
    if (!message) return;
    const author = message.out ? "yourself" : this.#doing.bot();
    this.#replyBar.replaceChildren(
      el("span", { class: "quote" }, el("b", {}, `Reply to ${author}`), el("span", { dir: "auto" }, gist(message))),
      iconButton("close", "Do not reply", () => this.replyTo(null)));
    this.focus();
  }

  /** Called when the chat changed: the bot may have shown, used up or removed a keyboard. */
  follow(log) {
    const markup = currentMarkup(log);
    if (markup?.force_reply && markup.message.message_id !== this.#forced) {
      this.#forced = markup.message.message_id;
      this.replyTo(markup.message);
    }
    const keyboard = markup?.keyboard ? markup : null;
    if (JSON.stringify(keyboard) === JSON.stringify(this.#markup)) return;
    [this.#markup, this.#keysHidden] = [keyboard, false];
    this.#text.placeholder = markup?.input_field_placeholder ?? "Message";
    this.#drawKeys();
  }

  #toggleKeys() {
    this.#keysHidden = !this.#keysHidden;
    this.#drawKeys();
  }

  #drawKeys() {
    const shown = this.#markup && !this.#keysHidden;
    this.#keysButton.hidden = !this.#markup;
    this.#keysButton.setAttribute("aria-expanded", String(Boolean(shown)));
    this.#keys.hidden = !shown;
    this.#keys.replaceChildren(...(shown ? [replyKeys(this.#markup, this.#keyDoing())] : []));
  }

  #keyDoing() {
    return {
      send: (text) => this.send(text),
      location: () => this.#sendPlace(),
      contact: () => this.#try(() => api.sendContact(this.#person.id)),
      tell: this.#doing.tell,
    };
  }

  // ---- typing -------------------------------------------------------------------------------------

  #typed() {
    const text = this.#text.value;
    if (/^\/\w*$/.test(text)) this.#commands.show(text);
    else this.#commands.hide();
    this.#refresh();
  }

  #toggleCommands() {
    if (this.#commands.isOpen) this.#commands.hide();
    else this.#commands.show();
  }

  #key(event) {
    if (event.isComposing) return;
    const meant = this.#commands.isOpen && this.#commands.key(event, (text) => this.#complete(text));
    const sends = !meant && event.key === "Enter" && !event.shiftKey && !isTouch();
    if (!meant && event.key === "Escape") this.replyTo(null);
    if (meant || sends) event.preventDefault();
    if (sends) this.#submit();
  }

  #complete(text) {
    this.#commands.hide();
    this.fill(text);
  }

  #pasted(event) {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    this.addFiles(files);
  }

  #attach(anchor) {
    this.#doing.menu(anchor, "Attach", [
      { label: "Photo, sound or file", run: () => this.#picker.click() },
      { label: "Place", run: () => this.#sendPlace() },
    ]);
  }

  #picked() {
    this.addFiles([...this.#picker.files]);
    this.#picker.value = "";
  }

  #refresh() {
    const { style } = this.#text;
    style.height = "auto";
    style.height = this.#text.value ? `${Math.min(this.#text.scrollHeight + 2, 160)}px` : "";
    this.#send.disabled = !this.#text.value.trim() && this.#tray.isEmpty;
    this.#text.placeholder = this.#tray.isEmpty ? (this.#markup?.input_field_placeholder ?? "Message") : "Caption";
  }

  // ---- sending ------------------------------------------------------------------------------------

  #submit() {
    const text = this.#text.value.trim();
    if (!text && this.#tray.isEmpty) return;
    const files = this.#tray.take();
    this.#text.value = "";
    this.#commands.hide();
    this.#refresh();
    if (files.length) this.#try(() => this.#sendFiles(files, text), text);
    else this.send(text);
  }

  send(text) {
    return this.#try(() => api.sendText(this.#person.id, text, this.#reply?.message_id), text);
  }

  async #sendPlace() {
    const place = await placeDialog();
    if (place) await this.#try(() => api.sendLocation(this.#person.id, place));
  }

  async #sendFiles(files, caption) {
    for (const [index, { file, as }] of files.entries()) {
      await api.sendFile(this.#person.id, file, as, index === 0 ? caption : "");
    }
  }

  /** What could not be sent comes back into the box, with the reason. */
  async #try(work, text = "") {
    try {
      await work();
      this.replyTo(null);
      this.#doing.sent();
    } catch (problem) {
      this.#doing.tell(problem.message);
      if (text && !this.#text.value) this.fill(text);
    }
  }
}
