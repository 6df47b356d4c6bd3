// Replay: keys for steps, and play. Every step is a plain link; this module only follows them.

const PLAY_MS = 1500;
let timer = 0;
let newest = 0; // fetches begun

const inField = (target) => target instanceof Element && target.closest("input, select, textarea, [contenteditable]");

function follow(id) {
  const link = document.getElementById(id);
  if (link instanceof HTMLAnchorElement) {
    show(link.href);
    return true;
  }
  return false;
}

// Fetches the page at this address as it is now. None when it is not to be had, and when another
// fetch has begun since: an older answer that comes later must not undo a newer one.
export async function fetchPage() {
  newest += 1;
  const mine = newest;
  const response = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!response.ok || response.redirected) {
    return { ok: false };
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { ok: true, page: mine === newest ? page : null };
}

// Goes to another step, panel or tree of this submission. The address changes first, so that
// whatever is fetched from then on, by whomever, is of the new one.
async function show(href) {
  history.replaceState(null, "", href);
  const { ok, page } = await fetchPage();
  if (!ok) {
    location.assign(href);
  } else if (page) {
    replace(page);
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
