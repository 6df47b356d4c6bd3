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

// Turns this page into a newer one in place. What is the same stays the same element, so that a
// click that is under way, focus, scrolling and opened details are not lost.
export function replace(page) {
  const before = document.getElementById("main");
  const after = page.getElementById("main");
  if (!before || !after) {
    location.reload();
    return;
  }
  const shown = currentStep(before);
  document.title = page.title;
  patch(before, after);
  if (currentStep(before) !== shown) {
    before.querySelector(".film [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }
  enhance();
  document.dispatchEvent(new CustomEvent("arena:replaced"));
}

const currentStep = (main) => main.querySelector(".film [aria-current]")?.dataset.step;

function patch(from, to) {
  if (from.nodeName !== to.nodeName) {
    from.replaceWith(document.importNode(to, true));
  } else if (from instanceof Element) {
    if (!from.isEqualNode(to)) {
      patchAttributes(from, to);
      patchChildren(from, to);
    }
  } else if (from.nodeValue !== to.nodeValue) {
    from.nodeValue = to.nodeValue;
  }
}

function patchAttributes(from, to) {
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !(name === "open" && from.nodeName === "DETAILS")) {
      from.removeAttribute(name);
    }
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value) {
      from.setAttribute(name, value);
    }
  }
}

function patchChildren(from, to) {
  const [old, fresh] = [[...from.childNodes], [...to.childNodes]];
  old.forEach((node, at) => (fresh[at] ? patch(node, fresh[at]) : node.remove()));
  from.append(...fresh.slice(old.length).map((node) => document.importNode(node, true)));
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
  if (event.target instanceof Element && event.target.closest("#play")) {
    play();
    return;
  }
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
