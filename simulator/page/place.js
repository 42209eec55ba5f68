// The dialog that sends a place: from a list, from this device, or by its coordinates.

import { el } from "./dom.js";

const PLACES = [["Paris", 48.8566, 2.3522], ["Antananarivo", -18.8792, 47.5079], ["Dakar", 14.7167, -17.4677], ["Dhaka", 23.8103, 90.4125], ["New York", 40.7128, -74.006], ["São Paulo", -23.5505, -46.6333], ["Cairo", 30.0444, 31.2357]];

let last = PLACES[0].slice(1); // what was sent last is offered again

/** Resolves to {latitude, longitude}, or null when the dialog was left. */
export function placeDialog() {
  return new Promise((resolve) => {
    let chosen = null;
    const problem = el("p", { class: "problem", role: "alert" });
    const latitude = coordinate("latitude", 90, last[0]);
    const longitude = coordinate("longitude", 180, last[1]);
    const fill = (place) => ([latitude.value, longitude.value] = place);
    const towns = el("select", { onChange: () => fill(PLACES[towns.value].slice(1)) }, PLACES.map(([name], at) => el("option", { value: at }, name)));
    towns.value = Math.max(0, PLACES.findIndex(([, ...place]) => String(place) === String(last)));
    const here = el("button", { type: "button", class: "plain-button", onClick: () => locate(fill, problem) }, "Where this device is");
    const send = (event) => {
      event.preventDefault();
      last = [Number(latitude.value), Number(longitude.value)];
      chosen = { latitude: last[0], longitude: last[1] };
      dialog.close();
    };
    const form = el("form", { onSubmit: send }, el("h2", {}, "Send a place"), el("label", {}, "Town", towns),
      el("div", { class: "pair" }, el("label", {}, "Latitude", latitude), el("label", {}, "Longitude", longitude)), here, problem,
      el("div", { class: "dialog-buttons" },
        el("button", { type: "button", class: "plain-button", onClick: () => dialog.close() }, "Cancel"),
        el("button", { type: "submit", class: "full-button" }, "Send this place")));
    const finish = () => {
      dialog.remove();
      resolve(chosen);
    };
    const dialog = el("dialog", { class: "newcomer", "aria-label": "Send a place", onClose: finish }, form);
    document.body.append(dialog);
    dialog.showModal();
    towns.focus();
  });
}

const coordinate = (name, most, value) =>
  el("input", { name, type: "number", required: true, min: -most, max: most, step: "any", inputmode: "decimal", autocomplete: "off", value });

function locate(fill, problem) {
  problem.textContent = "";
  const found = ({ coords }) => fill([coords.latitude.toFixed(5), coords.longitude.toFixed(5)]);
  const failed = (error) => (problem.textContent = `This device does not say where it is: ${error.message}`);
  navigator.geolocation.getCurrentPosition(found, failed, { timeout: 10_000 });
}
