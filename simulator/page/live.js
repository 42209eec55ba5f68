// The live line: a WebSocket that comes back by itself and says so, that the store may catch up.

import { liveUrl } from "./api.js";

const FIRST_WAIT = 300;
const LONGEST_WAIT = 4000;
const SLEPT = 30_000;

/** onOpen at each (re)connection, onEvent for each event, onLost when the line is down. */
export function connect({ onOpen, onEvent, onLost }) {
  let socket = null;
  let wait = FIRST_WAIT;
  let timer = 0;
  let hiddenSince = 0;

  function open() {
    clearTimeout(timer);
    socket = new WebSocket(liveUrl());
    socket.onopen = () => {
      wait = FIRST_WAIT;
      onOpen();
    };
    socket.onmessage = ({ data }) => onEvent(JSON.parse(data));
    socket.onclose = later;
  }

  function later() {
    socket = null;
    onLost();
    clearTimeout(timer);
    timer = setTimeout(open, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  /** A phone that slept may hold a line that is dead without knowing it. */
  function woke() {
    if (document.hidden) {
      hiddenSince = Date.now();
    } else if (socket === null) {
      open();
    } else if (hiddenSince && Date.now() - hiddenSince > SLEPT && socket.readyState === WebSocket.OPEN) {
      socket.close();
    }
  }

  document.addEventListener("visibilitychange", woke);
  window.addEventListener("online", woke);
  open();
}
