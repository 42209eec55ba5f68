// People, sizes, times and last lines in words.

export const isCrowd = (person) => person.role === "crowd";

export const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

export function initials(name) {
  const letters = name.trim().split(/\s+/).map((word) => [...word][0] ?? "");
  return (letters.length > 1 ? letters[0] + letters.at(-1) : letters[0] || "?").toUpperCase();
}

/** One of eight calm colours, always the same for the same person. */
export const tone = (id) => Math.abs(Number(id)) % 8;

export function bytes(size) {
  if (!Number.isFinite(size)) return "";
  if (size < 1024) return `${size} B`;
  if (size < 1024 ** 2) return `${(size / 1024).toFixed(size < 10240 ? 1 : 0)} KB`;
  return `${(size / 1024 ** 2).toFixed(1)} MB`;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayOnly = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

export const hour = (unix) => clock.format(unix * 1000);
export const fullMoment = (unix) => moment.format(unix * 1000);

export function dayKey(unix) {
  return new Date(unix * 1000).toDateString();
}

export function day(unix) {
  const key = dayKey(unix);
  if (key === new Date().toDateString()) return "Today";
  if (key === new Date(Date.now() - 86_400_000).toDateString()) return "Yesterday";
  return dayOnly.format(unix * 1000);
}

const PARTS = {
  w: { weekday: "long" },
  d: { year: "numeric", month: "2-digit", day: "2-digit" },
  D: { year: "numeric", month: "long", day: "numeric" },
  t: { hour: "2-digit", minute: "2-digit" },
  T: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/** A moment in the reader's own zone and the phone's language, by Telegram's format letters: r, or w, d or D, t or T. */
export function dateTime(unix, format, language) {
  if (format === "r") return relative(unix, language);
  const options = Object.assign({}, ...[...format].map((letter) => PARTS[letter] ?? {}));
  return new Intl.DateTimeFormat(known(language), options).format(unix * 1000);
}

const STEPS = [["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];

/** People may have any language code; one that Intl cannot read counts as none. */
function known(language) {
  try {
    return Intl.getCanonicalLocales(language || undefined)[0];
  } catch {
    return undefined;
  }
}

function relative(unix, language) {
  const inWords = new Intl.RelativeTimeFormat(known(language), { numeric: "auto" });
  const seconds = unix - Date.now() / 1000;
  const [unit, length] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? STEPS.at(-1);
  return inWords.format(Math.round(seconds / length), unit);
}

const KINDS = [["photo", "Photo"], ["document", "File"], ["voice", "Voice message"], ["location", "Location"], ["contact", "Contact"], ["invoice", "Invoice"]];

/** One line that stands for a message in a list or a quotation. */
export function gist(message) {
  const said = message.text ?? message.caption ?? "";
  const [key, kind] = KINDS.find(([name]) => message[name]) ?? [];
  const label = key === "document" ? (message.document.file_name ?? kind) : kind;
  return [label, said.slice(0, 160).replaceAll(/\s+/g, " ")].filter(Boolean).join(" · ");
}
