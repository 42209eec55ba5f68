// Texts of the page and numbers in the reader's spelling.

export const words = {};
const formats = {};
let zone;

export function speak(texts, timeZone) {
  Object.assign(words, texts);
  document.documentElement.lang = texts.language;
  zone = timeZone ?? zone;
  const language = texts.language;
  formats.number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  formats.percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  formats.moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", ...(zone ? { timeZone: zone } : {}) });
}

/** The text of this key with its places filled; of a plural `key` the form that `count` takes. */
export function say(key, facts = {}) {
  const text = words[key] ?? key;
  const form = Array.isArray(text) ? text[new Intl.PluralRules(words.language).select(facts.count) === "one" ? 0 : 1] : text;
  return form.replace(/\{(\w+)\}/g, (whole, name) => (typeof facts[name] === "number" ? number(facts[name]) : facts[name] ?? whole));
}

const given = (value) => value !== null && value !== undefined;
export const number = (value) => (given(value) ? formats.number.format(value) : "–");
export const percent = (value) => (given(value) && Number.isFinite(value) ? formats.percent.format(value) : "–");
export const moment = (value) => (given(value) ? formats.moment.format(value) : "–");
export const share = (part, whole) => (whole ? `${percent(part / whole)} (${number(part)}/${number(whole)})` : "–");

export function money(millionths, currency) {
  if (!given(millionths)) return "–";
  const digits = millionths % 10_000 === 0 ? {} : { maximumFractionDigits: 6 };
  return new Intl.NumberFormat(words.language, { style: "currency", currency, ...digits }).format(millionths / 1e6);
}

export function duration(milliseconds) {
  const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
  const [size, unit] = milliseconds < hour ? [minute, "minute"] : milliseconds < 2 * day ? [hour, "hour"] : [day, "day"];
  const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: size === minute ? 0 : 1 };
  return new Intl.NumberFormat(words.language, style).format(Math.max(0, milliseconds) / size);
}

export const hours = (milliseconds) =>
  new Intl.NumberFormat(words.language, { style: "unit", unit: "hour", unitDisplay: "short", maximumFractionDigits: 1 }).format(milliseconds / 3_600_000);

export const seconds = (value) =>
  new Intl.NumberFormat(words.language, { style: "unit", unit: "second", unitDisplay: "short", maximumFractionDigits: 1 }).format(value);
