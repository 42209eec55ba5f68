// Photos, documents, voice, and a plain word for anything else a bot may send.

import { fileUrl } from "./api.js";
import { el, iconButton } from "./dom.js";
import { bytes } from "./words.js";

/** Nodes for what a message carries besides text. */
export function media(message) {
  if (message.photo?.length) return [photo(message.photo.at(-1), message.caption)];
  if (message.document) return [document_(message.document)];
  if (message.voice ?? message.audio) return [voice(message.voice ?? message.audio)];
  if (message.video) return [video(message.video)];
  if (message.location) return [note(`Location ${message.location.latitude.toFixed(4)}, ${message.location.longitude.toFixed(4)}`)];
  if (message.contact) return [note(`Contact ${message.contact.first_name} ${message.contact.phone_number ?? ""}`)];
  if (message.invoice ?? message.successful_payment) return []; // shown by message.js
  return message.text === undefined && message.caption === undefined ? [note("This page cannot show this kind of message.")] : [];
}

const note = (words) => el("p", { class: "note" }, words);

/** Its place is kept free while it loads, and where it cannot be loaded. */
function photo(size, caption) {
  const url = fileUrl(size.file_id);
  const alt = caption ? `Photo: ${caption.slice(0, 120)}` : "Photo";
  const image = el("img", { src: url, alt, decoding: "async", onError: () => button.classList.add("broken") });
  image.style.aspectRatio = `${size.width} / ${size.height}`;
  const button = el("button", { type: "button", class: "photo", "aria-label": `${alt}. Show larger`, onClick: () => enlarge(url, alt) }, image);
  return button;
}

function enlarge(url, alt) {
  const close = () => dialog.close();
  const dialog = el("dialog", { class: "lightbox", "aria-label": alt, onClose: () => dialog.remove(), onClick: close },
    el("img", { src: url, alt }), iconButton("close", "Close", close));
  document.body.append(dialog);
  dialog.showModal();
}

function document_(file) {
  const name = file.file_name ?? "file";
  const dot = name.lastIndexOf(".");
  const kind = dot > 0 ? name.slice(dot + 1, dot + 5) : "file";
  return el("a", { class: "file", href: fileUrl(file.file_id), download: name, "aria-label": `Download ${name}, ${bytes(file.file_size)}` },
    el("span", { class: "kind", "aria-hidden": "true" }, kind),
    el("span", { class: "file-words" }, el("span", { class: "file-name" }, name), el("span", { class: "file-size" }, bytes(file.file_size), " · Download")));
}

const video = (film) => el("video", { controls: true, preload: "none", src: fileUrl(film.file_id), width: 230, "aria-label": "Video" });

const voice = (sound) => el("audio", { controls: true, preload: "none", src: fileUrl(sound.file_id), "aria-label": "Voice message" });
