// Live view: listens to the submission's events and asks the server for the page again when
// there is something new. The page is made from the same events as the replay.

import { fetchPage, replace } from "./replay.js";

const LEAST_MS = 350; // between two fetches
const SAY_MS = 5000; // between two announcements
const RETRY_MS = [500, 1000, 2000, 5000, 10000];

let lastFetch = 0;
let pending = 0;
let lastSaid = 0;
let tries = 0;
let ended = false;
let held = false; // a press of the mouse would be lost if its target were replaced before it ends

const main = () => document.getElementById("main");

function say(text) {
  const now = Date.now();
  if (now - lastSaid >= SAY_MS) {
    lastSaid = now;
    document.getElementById("announce").textContent = text;
  }
}

function mark(connected) {
  const badge = document.getElementById("connection");
  if (badge) {
    badge.hidden = !connected;
  }
}

async function refresh() {
  pending = 0;
  lastFetch = Date.now();
  const { page } = await fetchPage();
  if (!page) {
    return;
  }
  if (held) {
    soon();
    return;
  }
  replace(page);
  mark(true);
  const state = document.getElementById("state")?.textContent?.trim();
  if (state) {
    say(state);
  }
  ended = !main()?.dataset.live;
}

function soon() {
  if (!pending && !ended) {
    const wait = Math.max(0, LEAST_MS - (Date.now() - lastFetch));
    pending = setTimeout(() => refresh().catch(() => setTimeout(soon, 2000)), wait);
  }
}

function listen() {
  const path = main()?.dataset.live;
  if (!path || ended) {
    return;
  }
  const after = main().dataset.seq ?? "0";
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}${path}?after=${after}`);
  socket.addEventListener("open", () => {
    tries = 0;
    mark(true);
  });
  socket.addEventListener("message", soon);
  socket.addEventListener("close", () => {
    mark(false);
    soon();
    if (!ended) {
      const wait = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)];
      tries += 1;
      setTimeout(listen, wait);
    }
  });
}

document.addEventListener("pointerdown", (event) => {
  held = event.button === 0;
});
for (const end of ["pointerup", "pointercancel", "contextmenu", "dragend"]) {
  document.addEventListener(end, () => {
    held = false;
  });
}

document.addEventListener("arena:replaced", () => {
  ended = !main()?.dataset.live;
});

listen();
