// The dialog that adds a person.

import * as api from "./api.js";
import { el } from "./dom.js";

const LANGUAGES = [["en", "English"], ["fr", "Français"], ["de", "Deutsch"], ["es", "Español"], ["it", "Italiano"], ["pt", "Português"], ["nl", "Nederlands"], ["pl", "Polski"], ["ar", "العربية"], ["mg", "Malagasy"], ["hi", "हिन्दी"]];

/** Resolves to the new person, or null when the dialog was left. */
export function addPersonDialog() {
  return new Promise((resolve) => {
    let person = null;
    const problem = el("p", { class: "problem", role: "alert" });
    const name = el("input", { name: "first_name", required: true, maxlength: 64, autocomplete: "off" });
    const language = el("select", { name: "language_code" }, LANGUAGES.map(([code, label]) => el("option", { value: code }, label)));
    const add = async (event) => {
      event.preventDefault();
      try {
        person = await api.addPerson({ first_name: name.value.trim(), language_code: language.value });
        dialog.close();
      } catch (refusal) {
        problem.textContent = refusal.message;
      }
    };
    const form = el("form", { onSubmit: add }, el("h2", {}, "A new phone"),
      el("label", {}, "First name", name), el("label", {}, "Language of the phone", language), problem,
      el("div", { class: "dialog-buttons" },
        el("button", { type: "button", class: "plain-button", onClick: () => dialog.close() }, "Cancel"),
        el("button", { type: "submit", class: "full-button" }, "Add")));
    const dialog = el("dialog", { class: "newcomer", "aria-label": "Add a person", onClose: () => finish() }, form);
    const finish = () => {
      dialog.remove();
      resolve(person);
    };
    document.body.append(dialog);
    dialog.showModal();
    name.focus();
  });
}
