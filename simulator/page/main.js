// The composition of the page: one store, one line, one list, one stage.

import { refreshRelativeTimes } from "./format.js";
import { connect } from "./live.js";
import { People } from "./people.js";
import { Stage } from "./stage.js";
import { Store } from "./store.js";

const RELATIVE_EVERY_MS = 20_000;

const store = new Store();
const stage = new Stage(document.getElementById("stage"), store);
new People(document.getElementById("people"), store, stage);

connect({
  onOpen: () => store.catchUp(),
  onEvent: (event) => store.handle(event),
  onLost: () => store.lost(),
});

setInterval(() => refreshRelativeTimes(document), RELATIVE_EVERY_MS);
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address belongs to the open phones
  document.getElementById("stage").focus();
});
