"""The peer: BrowserGym over Playwright, from PyPI, on the same pages with the same plans.

`shipped` is what `gymnasium.make` gives: a browser per reset and one more for the chat, a pause
of 100 ms around every action and of 500 ms before every observation. `tuned` sets both pauses
to 0, which the peer offers. `shared` is tuned and patched so that task and chat of all episodes
are contexts of one browser, which the peer does not offer. Its timings are taken by wrapping its
own functions; what they do is left alone.
"""

import functools
import logging
import os
import time

from player import FLAGS, Clock, options, play
from policy import PAGE_SEEDS, PEER_SEEDS, plan

SETTINGS = {
    "shipped": {},
    "tuned": {"slow_mo": 0, "pre_observation_delay": 0},
    "shared": {"slow_mo": 0, "pre_observation_delay": 0},
}


class Player:
    """Plays episodes in environments of the peer."""

    def __init__(self, given):
        # Imported in the worker: Playwright's driver must not be shared between processes.
        os.environ["MINIWOB_URL"] = f"{given.pages}/miniwob/"
        logging.disable(logging.WARNING)
        import browsergym.miniwob  # registers the environments
        import gymnasium
        import numpy

        drawn = [int(numpy.random.RandomState(seed).randint(0, 1000000)) for seed in PEER_SEEDS]
        if drawn != PAGE_SEEDS:
            raise AssertionError(f"the peer draws the page seeds {drawn}, not {PAGE_SEEDS}")
        self.given = given
        self.make = functools.partial(gymnasium.make, disable_env_checker=True)
        self.times = Times()
        self.shared = None
        self._patch()

    def _patch(self):
        import browsergym.core
        import browsergym.core.env as env
        import playwright.sync_api as playwright

        if not self.given.png:
            env.extract_screenshot = lambda page: None
        env.extract_screenshot = self.times.around("picture", env.extract_screenshot)
        env.BrowserEnv._get_obs = self.times.around("observation", env.BrowserEnv._get_obs)
        launch = playwright.BrowserType.launch
        playwright.BrowserType.launch = lambda kind, **how: self._launch(launch, kind, how)
        chromium = browsergym.core._get_global_playwright().chromium
        if self.given.variant == "shared":
            self._share(launch(chromium, **self._how({"ignore_default_args": ["--hide-scrollbars"]})))

    def _share(self, browser):
        self.shared = browser
        self.really_close = browser.close
        browser.close = lambda *given, **named: None

    def _how(self, how):
        own = list(how.get("args") or [])
        return how | {"executable_path": self.given.binary, "args": own + FLAGS}

    def _launch(self, launch, kind, how):
        return self.shared or launch(kind, **self._how(how))

    def close(self):
        if self.shared:
            self.really_close()

    def episode(self, task, place):
        whole = Clock()
        self.times.clear()
        settings = SETTINGS[self.given.variant]
        env = self.make(f"browsergym/miniwob.{task}", **settings).unwrapped
        seen, _ = env.reset(seed=PEER_SEEDS[place])
        first = self._observed()
        reset = whole.total() - sum(first.values())
        steps = []
        raw_reward, error = 0, ""
        for action in plan(task, seen["goal_object"][0]["text"], elements(seen)):
            seen, done, raw_reward, step = self._step(env, action)
            steps.append(step)
            error = error or seen["last_action_error"]
            if done:
                break
        env.close()
        return {
            "task": task,
            "solved": raw_reward == 1,
            "error": error,
            "looks": 1 + len(steps),
            "total": whole.total(),
            "reset": reset,
            "first": first,
            "steps": steps,
        }

    def _step(self, env, action):
        self.times.clear()
        begun = time.perf_counter()
        seen, _, done, _, info = env.step(call(action))
        total = (time.perf_counter() - begun) * 1000
        waited = info["wait_for_page_loading_stop"] - info["wait_for_page_loading_start"]
        step = {"settle": waited * 1000} | self._observed()
        # What is left is the action, its reading by the peer, and looking at the reward.
        step["act"] = total - sum(step.values())
        return seen, done, info["task_info"]["RAW_REWARD_GLOBAL"], step

    def _observed(self):
        picture = self.times.spent.get("picture", 0.0)
        observed = {"observe": self.times.spent["observation"] - picture}
        return observed | ({"picture": picture} if self.given.png else {})


class Times:
    """Milliseconds spent in wrapped functions."""

    def __init__(self):
        self.spent = {}

    def clear(self):
        self.spent.clear()

    def around(self, name, function):
        @functools.wraps(function)
        def timed(*given, **named):
            begun = time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                spent = (time.perf_counter() - begun) * 1000
                self.spent[name] = self.spent.get(name, 0.0) + spent

        return timed


def elements(seen):
    """The peer's accessibility tree as the elements that a plan sees."""
    nodes = seen["axtree_object"]["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}

    def text(node):
        own = node.get("name", {}).get("value", "")
        if own:
            return own
        inner = (text(by_id[child]) for child in node.get("childIds", []) if child in by_id)
        return " ".join(filter(None, inner))

    found = []
    for node in nodes:
        if not node.get("browsergym_id"):
            continue
        states = {state["name"]: state["value"].get("value") for state in node.get("properties", [])}
        multiline = bool(states.get("multiline"))
        role = node["role"]["value"]
        named = {"id": node["browsergym_id"], "role": role, "name": text(node)}
        found.append(named | {"multiline": multiline})
    return found


def call(action):
    """An action as the peer reads it."""
    names = {"click": "click", "fill": "fill", "select": "select_option"}
    name, *given = action
    return f"{names[name]}({', '.join(map(repr, given))})"


if __name__ == "__main__":
    parser = options(__doc__.splitlines()[0])
    parser.add_argument("--variant", choices=SETTINGS, default="shipped")
    play(parser.parse_args(), Player)
