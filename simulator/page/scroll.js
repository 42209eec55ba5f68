// The window onto a long chat: at most so many bubbles in the page, the bottom followed, the place kept.

const STEP = 80;
const MOST = 480;
const NEAR = 60; // pixels from the end that still count as "at the end"

export class Window {
  #scroller;
  #size = STEP; // how many are shown …
  #skipped = 0; // … and how many newer ones are not, when somebody has gone far up
  #known = 0;
  #atEnd = true;
  #top = 0; // where the scroller stood last

  /** `moved` is called when more newer ones should be drawn. */
  constructor(scroller, content, moved) {
    this.#scroller = scroller;
    scroller.addEventListener("scroll", () => this.#scrolled(moved), { passive: true });
    const watch = new ResizeObserver(() => this.sticks && this.toEnd());
    watch.observe(content);
    watch.observe(scroller);
    this.stop = () => watch.disconnect();
  }

  get sticks() {
    return this.#atEnd && this.#skipped === 0;
  }

  #scrolled(moved) {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const isNear = scrollHeight - scrollTop - clientHeight < NEAR;
    // Content may have grown since the scrolling this event tells of: only who went up has left the end.
    this.#atEnd = isNear || (this.#atEnd && scrollTop >= this.#top);
    this.#top = scrollTop;
    if (!this.#atEnd || this.#skipped === 0) return;
    this.#skipped = Math.max(0, this.#skipped - STEP);
    this.#atEnd = false;
    moved();
  }

  toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#top = this.#scroller.scrollTop;
  }

  /** The ids to show. While somebody reads above, new ones are added below and nothing is taken away. */
  cut(ids) {
    const more = Math.max(0, ids.length - this.#known);
    this.#known = ids.length;
    if (this.sticks) this.#size = STEP;
    else if (this.#size + more <= MOST) this.#size += more;
    else this.#skipped += more;
    const end = ids.length - this.#skipped;
    return ids.slice(Math.max(0, end - this.#size), end);
  }

  earlier() {
    this.#atEnd = false;
    if (this.#size + STEP <= MOST) this.#size += STEP;
    else this.#skipped += STEP;
  }

  /** Moves the window over `id`; false where there is no such message. */
  reaches(ids, id) {
    const fromEnd = ids.length - ids.indexOf(id);
    if (!ids.includes(id)) return false;
    this.#atEnd = false;
    if (fromEnd > this.#size + this.#skipped) this.#skipped = Math.max(0, fromEnd - STEP);
    return true;
  }

  back() {
    [this.#size, this.#skipped, this.#atEnd] = [STEP, 0, true];
  }

  /** Runs `change` on the content and keeps what is being read where it is. */
  keeping(change) {
    const top = this.#scroller.getBoundingClientRect().top;
    const anchor = [...this.#scroller.querySelectorAll(".message")].find((node) => node.getBoundingClientRect().bottom > top);
    const before = anchor?.getBoundingClientRect().top;
    const { id } = anchor?.dataset ?? {};
    change();
    if (this.sticks) this.toEnd();
    else this.#restore(id, before);
  }

  #restore(id, before) {
    const anchor = id === undefined ? null : this.#scroller.querySelector(`.message[data-id="${id}"]`);
    if (anchor) this.#scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  }
}
