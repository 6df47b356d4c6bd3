"""The limit: the DevTools protocol over one websocket, with nothing between.

One warm browser for each worker, a fresh browser context for each episode, one script for each
observation, trusted input. No supervision, no policy, no settling, no record: what the browser
itself takes.
"""

import contextlib
import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

import websocket

from player import FLAGS, Clock, options, play
from policy import PAGE_SEEDS, plan

LOOK = pathlib.Path(__file__).with_name("look.js").read_text()
# The peer brings a list of its own, and only one can be given.
FEATURES = "BackForwardCache,Translate,MediaRouter,OptimizationHints,InterestFeedContentSuggestions"
START = """(() => {
  Math.seedrandom(%d); core.EPISODE_MAX_TIME = 1000000; core.startEpisodeReal();
  const goal = core.getUtterance(); return goal.utterance || goal;
})()"""
POINT = """(() => {
  const e = window.__bench_kept[%d]; e.scrollIntoView({ block: "nearest" });
  const box = e.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2];
})()"""
FOCUS = "(() => { const e = window.__bench_kept[%d]; e.focus(); if (e.select) e.select(); })()"
CHOOSE = """(() => {
  const e = window.__bench_kept[%d];
  for (const option of e.options) if (option.text.trim() === %s) option.selected = true;
  for (const name of ["input", "change"]) e.dispatchEvent(new Event(name, { bubbles: true }));
})()"""
SNAPSHOT = {"computedStyles": [], "includeDOMRects": True, "includePaintOrder": True}


class Refused(RuntimeError):
    """The browser answered a command with an error."""


class Socket:
    """The browser's websocket; commands one after another, pages as flat sessions."""

    def __init__(self, url):
        fast = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)
        self.wire = websocket.create_connection(
            url, timeout=60, suppress_origin=True, skip_utf8_validation=True, sockopt=fast
        )
        self.number = 0
        self.events = []

    def send(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        self.wire.send(json.dumps(message))
        while True:
            answer = json.loads(self.wire.recv())
            if answer.get("id") != self.number:
                self.events.append(answer.get("method"))
            elif "error" in answer:
                raise Refused(f"{method}: {answer['error']}")
            else:
                return answer["result"]

    def wait_for(self, event):
        while event not in self.events:
            self.events.append(json.loads(self.wire.recv()).get("method"))
        self.events.clear()


class Browser:
    """A browser of our own with a profile of its own."""

    def __init__(self, binary):
        self.profile = pathlib.Path(tempfile.mkdtemp(prefix="bench-raw-"))
        own = ["--headless", "--remote-debugging-port=0", f"--user-data-dir={self.profile}"]
        own.append(f"--disable-features={FEATURES}")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen([binary, *own, *FLAGS, "about:blank"], **quiet)
        self.socket = Socket(self._address())

    def _address(self):
        written = self.profile / "DevToolsActivePort"
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with contextlib.suppress(FileNotFoundError, ValueError):
                port, path = written.read_text().split()
                return f"ws://127.0.0.1:{port}{path}"
            time.sleep(0.01)
        raise TimeoutError("the browser opened no DevTools port within 30 seconds")

    def close(self):
        self.socket.send("Browser.close")
        self.process.wait(timeout=10)
        shutil.rmtree(self.profile, ignore_errors=True)


class Player:
    """Plays episodes in one warm browser."""

    def __init__(self, given):
        self.given = given
        self.browser = Browser(given.binary)
        self.socket = self.browser.socket
        width, height = (int(number) for number in given.viewport.split("x"))
        self.view = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.context = self.session = None

    def close(self):
        self.browser.close()

    def episode(self, task, place):
        whole = Clock()
        self._open()
        self._navigate(f"{self.given.pages}/miniwob/{task}.html")
        goal = self._value(START % PAGE_SEEDS[place])
        whole.cut("reset")
        seen = self._look(whole)
        self._show(whole)
        steps = []
        for action in plan(task, goal, seen["elements"]):
            step = Clock()
            self._act(action)
            step.cut("act")
            seen = self._look(step)
            steps.append(step.pieces)
            if seen["done"] and not self.given.last:
                break
            self._show(step)
            if seen["done"]:
                break
        self.socket.send("Target.disposeBrowserContext", browserContextId=self.context)
        first = {name: whole.pieces.get(name, 0.0) for name in ("observe", "picture")}
        return {
            "task": task,
            "solved": seen["reward"] == 1,
            "looks": len(steps) + int(self.given.last),
            "total": whole.total(),
            "reset": whole.pieces["reset"],
            "first": first,
            "steps": steps,
        }

    def _open(self):
        send = self.socket.send
        self.context = send("Target.createBrowserContext", disposeOnDetach=True)["browserContextId"]
        made = send("Target.createTarget", url="about:blank", browserContextId=self.context)
        attached = send("Target.attachToTarget", targetId=made["targetId"], flatten=True)
        self.session = attached["sessionId"]
        self._page("Page.enable")
        self._page("Emulation.setDeviceMetricsOverride", **self.view)

    def _page(self, method, **params):
        return self.socket.send(method, self.session, **params)

    def _navigate(self, url):
        self.socket.events.clear()
        self._page("Page.navigate", url=url)
        self.socket.wait_for("Page.loadEventFired")

    def _value(self, expression):
        answer = self._page("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise Refused(f"a script failed: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def _look(self, clock):
        """Reads the page, its reward included."""
        seen = self._value(LOOK)
        clock.cut("observe")
        return seen

    def _show(self, clock):
        """Takes what an agent would get beside the elements."""
        if self.given.full:
            self._page("DOMSnapshot.captureSnapshot", **SNAPSHOT)
            self._page("Accessibility.getFullAXTree")
            clock.cut("observe")
        if self.given.png:
            self._page("Page.captureScreenshot", format="png")
            clock.cut("picture")

    def _act(self, action):
        match action:
            case ("click", element):
                self._click(element)
            case ("fill", element, text):
                self._value(FOCUS % element)
                self._page("Input.insertText", text=text)
            case ("select", element, option):
                self._value(CHOOSE % (element, json.dumps(option)))

    def _click(self, element):
        x, y = self._value(POINT % element)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            held = int(kind == "mousePressed")
            count = int(kind != "mouseMoved")
            button = {"button": "left", "buttons": held, "clickCount": count}
            self._page("Input.dispatchMouseEvent", type=kind, x=x, y=y, **button)


if __name__ == "__main__":
    parser = options(__doc__.splitlines()[0])
    parser.add_argument("--viewport", default="1280x720")
    parser.add_argument("--full", action="store_true", help="DOM snapshot and full tree as well")
    parser.add_argument("--last", action="store_true", help="a picture after the end as well")
    play(parser.parse_args(), Player)
