// Replay: keys for steps, and play. Every step is a plain link; this module only follows them.

const PLAY_MS = 1500;
let timer = 0;

const inField = (target) => target instanceof Element && target.closest("input, select, textarea, [contenteditable]");

function follow(id) {
  const link = document.getElementById(id);
  if (link instanceof HTMLAnchorElement) {
    show(link.href);
    return true;
  }
  return false;
}

// Fetches the page of another step and puts its main part in place of this one.
export async function show(href, { remember = true } = {}) {
  const response = await fetch(href, { headers: { accept: "text/html" } });
  if (!response.ok || response.redirected) {
    location.assign(href);
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  replace(page);
  if (remember) {
    history.replaceState(null, "", href);
  }
}

const SCROLLERS = [".steplist", ".events", ".tree"];

export function replace(page) {
  const before = document.getElementById("main");
  const after = page.getElementById("main");
  if (!before || !after) {
    location.reload();
    return;
  }
  const focused = addressOf(document.activeElement);
  const scrolled = SCROLLERS.map((selector) => before.querySelector(selector)?.scrollTop ?? 0);
  before.replaceWith(document.adoptNode(after));
  document.title = page.title;
  SCROLLERS.forEach((selector, at) => {
    const element = after.querySelector(selector);
    if (element) {
      element.scrollTop = scrolled[at];
    }
  });
  after.querySelector(".film [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  if (focused) {
    after.querySelector(focused)?.focus({ preventScroll: true });
  }
  enhance();
  document.dispatchEvent(new CustomEvent("arena:replaced"));
}

function addressOf(element) {
  if (!(element instanceof HTMLElement) || !element.closest("#main")) {
    return "";
  }
  if (element.id) {
    return `#${CSS.escape(element.id)}`;
  }
  const href = element.getAttribute("href");
  return href ? `a[href="${CSS.escape(href)}"]` : "";
}

function stop() {
  clearInterval(timer);
  timer = 0;
  document.getElementById("play")?.setAttribute("aria-label", "Play");
}

function play() {
  if (timer) {
    stop();
    return;
  }
  timer = setInterval(() => {
    if (!follow("next")) {
      stop();
    }
  }, PLAY_MS);
  document.getElementById("play")?.setAttribute("aria-label", "Pause");
}

function enhance() {
  const button = document.getElementById("play");
  if (button && document.querySelectorAll(".film li").length > 1) {
    button.hidden = false;
    button.setAttribute("aria-label", timer ? "Pause" : "Play");
    button.addEventListener("click", play);
  }
  const keys = document.getElementById("keys");
  if (keys) {
    keys.hidden = false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) {
    return;
  }
  const control = event.target instanceof Element && event.target.closest("a, button, summary, [tabindex]");
  if (event.key === "ArrowLeft" && follow("prev")) {
    event.preventDefault();
  } else if (event.key === "ArrowRight" && follow("next")) {
    event.preventDefault();
  } else if (event.key === " " && !control && document.getElementById("play")) {
    event.preventDefault();
    play();
  }
});

// Links to steps, panels and trees swap the page in place, without a jump to its top.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) {
    return;
  }
  if (link.getAttribute("href")?.startsWith("?step=")) {
    event.preventDefault();
    if (link.id !== "next") {
      stop();
    }
    show(link.href);
  }
});

enhance();
