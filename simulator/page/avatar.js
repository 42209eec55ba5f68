// A face for a person: initials on one of eight calm colours.

import { el } from "./dom.js";
import { fullName, initials, tone } from "./words.js";

export const avatar = (person) => el("span", { class: "avatar", data: { tone: tone(person.id) }, "aria-hidden": "true" }, initials(fullName(person)));
