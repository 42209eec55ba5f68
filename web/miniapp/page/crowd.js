// The crowd elements in common use, in place of Amazon's: the same attributes in, the same JSON out. All fields of a
// crowd-form come back as one, taskAnswers: a list with one object.

(() => {
  const STYLE = `
    crowd-form, crowd-card, crowd-alert, crowd-instructions, crowd-classifier, crowd-classifier-multi-select, crowd-image-classifier, crowd-image-classifier-multi-select, crowd-input, crowd-text-area, crowd-slider, crowd-radio-group, crowd-tabs, crowd-tab, crowd-bounding-box, crowd-polygon, crowd-keypoint, crowd-entity-annotation, classification-target, short-instructions { display: block; }
    crowd-form { font: 16px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; padding: 14px; max-width: 900px; margin: auto; box-sizing: border-box; }
    crowd-form * { box-sizing: border-box; }
    crowd-form img, crowd-form video { max-width: 100%; height: auto; }
    crowd-card { border: 1px solid #d8dce0; border-radius: 12px; padding: 14px; margin: 10px 0; }
    crowd-alert { background: #eef4ff; border-radius: 10px; padding: 10px 14px; margin: 10px 0; }
    .crowd-head { font-size: 18px; font-weight: 600; margin: 4px 0 12px; }
    classification-target { margin: 0 0 14px; }
    .crowd-choices { display: grid; gap: 8px; }
    .crowd-choice { display: flex; align-items: center; gap: 12px; padding: 12px 14px; border: 1px solid #cfd5db; border-radius: 12px; background: #fff; color: #15181b; cursor: pointer; }
    .crowd-choice:has(:checked) { border-color: #0b66c3; background: #e8f2fd; }
    .crowd-choice input, crowd-radio-button input, crowd-checkbox input { width: 20px; height: 20px; margin: 0; flex: none; accent-color: #0b66c3; }
    crowd-checkbox, crowd-radio-button, crowd-toggle-button { display: inline-flex; gap: 10px; align-items: center; padding: 9px 14px 9px 0; cursor: pointer; }
    .crowd-label { display: block; font-size: 14px; color: #5a636b; margin: 12px 0 4px; }
    crowd-input input, crowd-text-area textarea { width: 100%; font: inherit; padding: 11px 13px; border: 1px solid #b9c1c8; border-radius: 10px; background: #fff; color: #15181b; }
    crowd-slider input { width: 100%; }
    crowd-button, .crowd-submit { display: inline-block; }
    .crowd-press { font: 600 16px/1.2 inherit; font-size: 16px; font-weight: 600; padding: 14px 22px; border: 0; border-radius: 12px; background: #0b66c3; color: #fff; cursor: pointer; }
    .crowd-submit { display: block; margin: 20px 0 8px; }
    .crowd-submit .crowd-press { width: 100%; }
    .crowd-missing { outline: 2px solid #d93036; outline-offset: 3px; border-radius: 12px; }
    .crowd-help { margin: 0 0 14px; } .crowd-help summary { cursor: pointer; color: #0b66c3; font-weight: 600; padding: 4px 0; }
    [hidden] { display: none !important; }`;

  const made = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
    node.append(...children);
    return node;
  };

  /** A list in JSON, or in the single quotes that templates write. */
  function listed(text) {
    try {
      return JSON.parse(text) ?? [];
    } catch {
      const found = [...String(text ?? "").matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)];
      return found.map(([, single, double]) => (single ?? double).replace(/\\(.)/g, "$1"));
    }
  }

  let number = 0;

  /** An element that gives `crowdValue` (undefined: left out) under its name. It is built once its children are there. */
  class Crowd extends HTMLElement {
    connectedCallback() {
      if (this.isBuilt || this.waits) return;
      this.waits = true;
      const build = () => {
        this.isBuilt = true;
        this.build();
      };
      if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", build, { once: true });
      else queueMicrotask(build);
    }

    get name() {
      return this.getAttribute("name") ?? "";
    }

    get isRequired() {
      return this.hasAttribute("required") && this.getAttribute("required") !== "false";
    }

    get isMissing() {
      return this.isRequired && this.crowdValue === undefined;
    }

    build() {}
  }

  class Choices extends Crowd {
    several = false;

    build() {
      const [id, categories] = [`crowd${(number += 1)}`, listed(this.getAttribute("categories"))];
      const shown = this.categories(categories).map((label) =>
        made("label", { class: "crowd-choice" }, made("input", { type: this.several ? "checkbox" : "radio", name: id, value: label }), made("span", {}, label)));
      const head = this.getAttribute("header");
      if (head) this.prepend(made("div", { class: "crowd-head" }, head));
      if (this.getAttribute("src")) this.append(made("img", { src: this.getAttribute("src"), alt: "" }));
      this.append(made("div", { class: "crowd-choices", role: this.several ? "group" : "radiogroup" }, ...shown));
      this.addEventListener("change", (event) => this.chosen(event.target));
    }

    categories(found) {
      return found;
    }

    chosen() {}

    get chosenLabels() {
      return [...this.querySelectorAll(".crowd-choice input:checked")].map((input) => input.value);
    }
  }

  class Classifier extends Choices {
    get isRequired() {
      return true;
    }

    get crowdValue() {
      const [label] = this.chosenLabels;
      return label === undefined ? undefined : { label };
    }
  }

  class MultiClassifier extends Choices {
    several = true;

    get exclusion() {
      const found = this.getAttribute("exclusion-category");
      if (!found) return null;
      try {
        return JSON.parse(found).text ?? found;
      } catch {
        return /text['"]?\s*:\s*['"]([^'"]+)/.exec(found)?.[1] ?? found;
      }
    }

    categories(found) {
      return this.exclusion ? [...found, this.exclusion] : found;
    }

    chosen({ value, checked }) {
      if (!checked || !this.exclusion) return;
      for (const input of this.querySelectorAll(".crowd-choice input")) if ((input.value === this.exclusion) !== (value === this.exclusion)) input.checked = false;
    }

    get isRequired() {
      return true;
    }

    get crowdValue() {
      const labels = this.chosenLabels;
      return labels.length ? { labels: labels.filter((label) => label !== this.exclusion) } : undefined;
    }
  }

  class Typed extends Crowd {
    tag = "input";
    passed = ["type", "placeholder", "max-length", "maxlength", "min-length", "minlength", "min", "max", "rows", "autofocus"];

    build() {
      const label = this.getAttribute("label");
      this.field = made(this.tag, { id: `crowd${(number += 1)}` });
      for (const name of this.passed) if (this.hasAttribute(name)) this.field.setAttribute(name.replace("-", ""), this.getAttribute(name));
      if (this.getAttribute("allowed-pattern")) this.field.addEventListener("beforeinput", (event) => this.#allow(event));
      if (this.hasAttribute("disabled")) this.field.disabled = true;
      this.field.value = this.early ?? this.getAttribute("value") ?? this.textContent.trim();
      this.replaceChildren(...(label ? [made("label", { class: "crowd-label", for: this.field.id }, label)] : []), this.field);
    }

    #allow(event) {
      if (event.data && !new RegExp(`^(?:${this.getAttribute("allowed-pattern")})+$`, "u").test(event.data)) event.preventDefault();
    }

    get value() {
      return this.field ? this.field.value : this.early ?? this.getAttribute("value") ?? "";
    }

    set value(said) {
      if (this.field) this.field.value = said;
      else this.early = said;
    }

    get isMissing() {
      return super.isMissing || (this.field !== undefined && this.value !== "" && !this.field.checkValidity());
    }

    get crowdValue() {
      return this.value === "" ? undefined : this.value;
    }
  }

  class TextArea extends Typed {
    tag = "textarea";
  }

  class Ticked extends Crowd {
    type = "checkbox";

    build() {
      const group = this.closest("crowd-radio-group");
      const name = group ? (group.groupName ??= `crowd${(number += 1)}`) : `crowd${(number += 1)}`;
      this.field = made("input", { type: this.type, name, id: `crowd${(number += 1)}` });
      this.field.checked = this.early ?? (this.hasAttribute("checked") && this.getAttribute("checked") !== "false");
      this.field.disabled = this.hasAttribute("disabled");
      const label = made("label", { for: this.field.id });
      label.append(...this.childNodes);
      this.append(this.field, label);
      this.addEventListener("click", (event) => event.target === this && this.field.click());
    }

    get checked() {
      return this.field ? this.field.checked : this.early ?? this.hasAttribute("checked");
    }

    set checked(ticked) {
      if (this.field) this.field.checked = ticked;
      else this.early = ticked;
    }

    get isMissing() {
      return this.isRequired && !this.checked;
    }

    get crowdValue() {
      return { [this.getAttribute("value") ?? "on"]: this.checked };
    }
  }

  class Radio extends Ticked {
    type = "radio";

    get isMissing() {
      const group = this.closest("crowd-radio-group");
      return this.isRequired && ![...(group ?? this.parentElement).querySelectorAll("crowd-radio-button")].some((each) => each.checked);
    }
  }

  class Slider extends Crowd {
    build() {
      this.field = made("input", { type: "range", min: this.getAttribute("min") ?? "0", max: this.getAttribute("max") ?? "100", step: this.getAttribute("step") ?? "1" });
      this.field.value = this.getAttribute("value") ?? this.field.min;
      const shown = made("output", {}, this.field.value);
      this.field.addEventListener("input", () => (shown.textContent = this.field.value));
      this.append(this.field, ...(this.hasAttribute("pin") ? [shown] : []));
    }

    get value() {
      return Number(this.field?.value ?? this.getAttribute("value") ?? 0);
    }

    set value(to) {
      if (this.field) this.field.value = to;
      else this.setAttribute("value", to);
    }

    get crowdValue() {
      return this.value;
    }
  }

  class Press extends Crowd {
    build() {
      const button = made("button", { type: "button", class: "crowd-press" });
      button.append(...this.childNodes);
      this.append(button);
      button.addEventListener("click", () => this.#pressed());
    }

    #pressed() {
      const form = this.closest("crowd-form");
      if (this.getAttribute("form-action") === "submit") form?.submitCrowd();
      else if (this.getAttribute("form-action") === "reset") for (const field of form?.querySelectorAll("input, textarea, select") ?? []) field.checked = field.defaultChecked;
      else if (this.getAttribute("href")) window.open(this.getAttribute("href"), this.getAttribute("target") ?? "_blank");
    }
  }

  class Help extends Crowd {
    build() {
      const words = this.getAttribute("header") ?? this.getAttribute("link-text") ?? "Instructions";
      const help = made("details", { class: "crowd-help" }, made("summary", {}, words));
      help.append(...this.childNodes);
      this.append(help);
    }
  }

  class Tab extends Crowd {
    build() {
      if (this.getAttribute("header")) this.prepend(made("div", { class: "crowd-head" }, this.getAttribute("header")));
    }
  }

  const HOME = document.currentScript?.src ?? "";
  const whole = Math.round;

  /** An element that is drawn with: its value is in the pixels of the picture, or the characters of the text. */
  class Drawn extends Crowd {
    hint = "Drag around each thing. Tap one to change it.";

    async build() {
      const head = this.getAttribute("header");
      if (head) this.prepend(made("div", { class: "crowd-head" }, head));
      const { Drawing } = await import(new URL("crowd_draw.js", HOME));
      this.labels = this.#labels();
      const early = this.tool === "span" ? this.given({}) : undefined;
      this.drawing = new Drawing(this.tool, this.labels, this.source, early, this.hint);
      this.append(this.drawing.element);
      try {
        await this.drawing.editor.ready();
      } catch {
        this.drawing.element.querySelector(".say").textContent = "The picture cannot be shown. Close this page and skip the task in the chat.";
        return;
      }
      if (!early) this.drawing.board.shapes.push(...this.given(this.size));
      this.drawing.board.changed();
      this.isReady = true;
      this.drawing.element.dataset.ready = "";
    }

    get source() {
      return this.getAttribute("src");
    }

    /** Names, or objects that have one. */
    #labels() {
      const found = listed(this.getAttribute("labels")).map((each) => (typeof each === "string" ? each : each.label ?? each.fullDisplayName));
      return found.length ? found : ["object"];
    }

    get size() {
      const [width, height] = this.drawing.editor.answer().size;
      return { width, height };
    }

    given(size) {
      try {
        return JSON.parse(this.getAttribute("initial-value") ?? "[]").map((each) => this.read(each, size)).filter(({ label }) => this.labels.includes(label));
      } catch {
        return [];
      }
    }

    /** Nothing to mark is an answer: the second press sends it. */
    get isMissing() {
      if (!this.isReady || this.drawing.isUnfinished) return true;
      if (this.drawing.board.shapes.length || this.asked) return false;
      this.asked = true;
      this.drawing.element.querySelector(".say").textContent = "Is there nothing to mark? Then submit once more.";
      return true;
    }

    get crowdValue() {
      if (!this.isReady) return undefined;
      const size = this.size;
      const shapes = this.drawing.board.shapes.map((shape) => this.written(shape, size));
      return { inputImageProperties: { height: size.height, width: size.width }, [this.called]: shapes };
    }
  }

  class Boxes extends Drawn {
    tool = "box";
    called = "boundingBoxes";

    read({ label, left, top, width, height }, size) {
      return { label, x: left / size.width, y: top / size.height, width: width / size.width, height: height / size.height };
    }

    written({ label, x, y, width, height }, size) {
      return { height: whole(height * size.height), label, left: whole(x * size.width), top: whole(y * size.height), width: whole(width * size.width) };
    }
  }

  class Polygons extends Drawn {
    tool = "outline";
    called = "polygons";
    hint = "Tap corner after corner; tap the first one to close.";

    read({ label, vertices }, size) {
      return { label, points: vertices.map(({ x, y }) => [x / size.width, y / size.height]) };
    }

    written({ label, points }, size) {
      return { label, vertices: points.map(([x, y]) => ({ x: whole(x * size.width), y: whole(y * size.height) })) };
    }
  }

  class Keypoints extends Drawn {
    tool = "point";
    called = "keypoints";
    hint = "Tap each point. Pull one to move it.";

    read({ label, x, y }, size) {
      return { label, x: x / size.width, y: y / size.height };
    }

    written({ label, x, y }, size) {
      return { label, x: whole(x * size.width), y: whole(y * size.height) };
    }
  }

  /** Offsets count as JavaScript counts; the editor's count whole characters. */
  class Entities extends Drawn {
    tool = "span";
    hint = "Tap a word, or drag over several. Tap a marked one to change it.";

    get source() {
      return this.getAttribute("text") ?? "";
    }

    get size() {
      return {};
    }

    #units(places) {
      return [...this.source].slice(0, places).join("").length;
    }

    read({ label, startOffset, endOffset }) {
      const places = (units) => [...this.source.slice(0, units)].length;
      return { label, start: places(startOffset), end: places(endOffset) };
    }

    get crowdValue() {
      if (!this.isReady) return undefined;
      return { entities: this.drawing.board.shapes.map(({ label, start, end }) => ({ endOffset: this.#units(end), label, startOffset: this.#units(start) })) };
    }
  }

  const FIELDS = "crowd-bounding-box, crowd-polygon, crowd-keypoint, crowd-entity-annotation, crowd-classifier, crowd-classifier-multi-select, crowd-image-classifier, crowd-image-classifier-multi-select, crowd-input, crowd-text-area, crowd-checkbox, crowd-toggle-button, crowd-radio-button, crowd-slider";

  class Form extends Crowd {
    build() {
      const own = this.querySelector('crowd-button[form-action="submit"], crowd-button[type="submit"], button[type="submit"], input[type="submit"]');
      if (!own) this.append(made("div", { class: "crowd-submit" }, made("crowd-button", { "form-action": "submit" }, "Submit")));
      else if (!own.hasAttribute("form-action")) own.addEventListener("click", (event) => (event.preventDefault(), this.submitCrowd()));
    }

    /** What scripts call. */
    submit() {
      this.send();
    }

    submitCrowd() {
      const missing = [...this.querySelectorAll(FIELDS)].find((each) => each.isMissing) ?? [...this.querySelectorAll("input[name], textarea[name], select[name]")].find((each) => !each.checkValidity());
      for (const each of this.querySelectorAll(".crowd-missing")) each.classList.remove("crowd-missing");
      if (missing) {
        missing.classList.add("crowd-missing");
        missing.scrollIntoView({ block: "center" });
        return;
      }
      if (this.dispatchEvent(new Event("submit", { cancelable: true, bubbles: true }))) this.send();
    }

    get answers() {
      const found = {};
      for (const each of this.querySelectorAll(FIELDS)) {
        const value = each.crowdValue;
        const name = each.name || each.closest("crowd-radio-group")?.getAttribute("name");
        if (!name || value === undefined) continue;
        const joins = each instanceof Ticked && typeof found[name] === "object";
        found[name] = joins ? { ...found[name], ...value } : value;
      }
      for (const field of this.querySelectorAll("input[name], textarea[name], select[name]")) this.#plain(field, found);
      return found;
    }

    /** Fields that are no crowd elements. */
    #plain(field, found) {
      if (field.closest(FIELDS) || ["file", "submit", "button"].includes(field.type)) return;
      if (field.type === "checkbox" || field.type === "radio") found[field.name] = { ...found[field.name], [field.value]: field.checked };
      else if (field.value !== "") found[field.name] = field.value;
    }

    send() {
      const form = made("form", { method: "post", action: "/mturk/externalSubmit", hidden: true });
      const id = new URLSearchParams(window.location.search).get("assignmentId") ?? "";
      form.append(made("input", { name: "assignmentId", value: id }), made("input", { name: "taskAnswers", value: JSON.stringify([this.answers]) }));
      document.body.append(form);
      form.submit();
    }
  }

  const ELEMENTS = {
    "crowd-form": Form, "crowd-classifier": Classifier, "crowd-image-classifier": class extends Classifier {}, "crowd-classifier-multi-select": MultiClassifier,
    "crowd-image-classifier-multi-select": class extends MultiClassifier {}, "crowd-input": Typed, "crowd-text-area": TextArea, "crowd-checkbox": Ticked,
    "crowd-toggle-button": class extends Ticked {}, "crowd-radio-button": Radio, "crowd-slider": Slider, "crowd-button": Press, "crowd-instructions": Help,
    "full-instructions": class extends Help {}, "crowd-tab": Tab,
    "crowd-bounding-box": Boxes, "crowd-polygon": Polygons, "crowd-keypoint": Keypoints, "crowd-entity-annotation": Entities,
  };
  document.head.append(made("style", {}, STYLE));
  for (const [name, element] of Object.entries(ELEMENTS)) customElements.define(name, element);
})();
