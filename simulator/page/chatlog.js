// The messages of one chat, by id, whatever order they arrive in.

export class ChatLog {
  #messages = new Map();
  #order = [];
  #duringLoad = null;
  loaded = false;
  reading = Promise.resolve();

  get(id) {
    return this.#messages.get(id);
  }

  get ids() {
    return this.#order;
  }

  get last() {
    return this.#messages.get(this.#order.at(-1));
  }

  put(message) {
    this.#duringLoad?.add(message.message_id);
    this.#put(message);
  }

  remove(id) {
    this.#duringLoad?.add(id);
    if (this.#messages.delete(id)) this.#order.splice(this.#order.indexOf(id), 1);
  }

  /** From here on, what the live line says beats what the coming snapshot says. */
  loadBegins() {
    this.#duringLoad = new Set();
  }

  /** Takes a full snapshot; returns the ids that changed. */
  loadEnds(snapshot) {
    const newer = this.#duringLoad ?? new Set();
    const kept = new Set(snapshot.map((message) => message.message_id));
    const gone = this.#order.filter((id) => !kept.has(id) && !newer.has(id));
    const changed = snapshot.filter((message) => !newer.has(message.message_id) && this.#differs(message));
    gone.forEach((id) => this.#messages.delete(id));
    changed.forEach((message) => this.#messages.set(message.message_id, message));
    this.#order = [...this.#messages.keys()].sort((a, b) => a - b);
    this.#duringLoad = null;
    this.loaded = true;
    return [...gone, ...changed.map((message) => message.message_id)];
  }

  #differs(message) {
    return JSON.stringify(this.#messages.get(message.message_id)) !== JSON.stringify(message);
  }

  #put(message) {
    const id = message.message_id;
    const isNew = !this.#messages.has(id);
    this.#messages.set(id, message);
    if (!isNew) return;
    const inOrder = this.#order.length === 0 || this.#order.at(-1) < id;
    this.#order.push(id);
    if (!inOrder) this.#order.sort((a, b) => a - b);
  }
}
