"""What the programs written in Python share: options, workers and how they talk to `run.py`.

A program starts its workers and what stays warm between episodes, prints `ready`, waits for `go`,
plays, prints one JSON document, waits for `bye`, and ends. Only what lies between `go` and the
document is measured.
"""

import argparse
import json
import multiprocessing
import sys
import time
import traceback

from policy import PAGE_SEEDS, TASKS

# The browser is told the same by every program, as far as the program lets us. These are the
# arena's own, without what concerns its window, its proxy and its single features.
FLAGS = [
    "--allow-pre-commit-input",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-domain-reliability",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-smooth-scrolling",
    "--disable-search-engine-choice-screen",
    "--force-color-profile=srgb",
    "--force-device-scale-factor=1",
    "--font-render-hinting=none",
    "--metrics-recording-only",
    "--mute-audio",
    "--password-store=basic",
    "--use-mock-keychain",
]


def options(description):
    """What every program is told on its command line."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--binary", required=True, help="the browser program")
    parser.add_argument("--pages", required=True, help="address of the folder `html` of miniwob")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--png", type=int, default=1, help="1: a picture at every step")
    parser.add_argument("--seeds", type=int, default=len(PAGE_SEEDS))
    parser.add_argument("--tasks", default=",".join(TASKS))
    return parser


def play(given, make_player):
    """Plays every task with every seed. `make_player(given)` has `episode(task, place)`, where
    `place` is the seed's place in the lists of `policy.py`, and `close()`."""
    jobs = [(task, place) for place in range(given.seeds) for task in given.tasks.split(",")]
    processes = multiprocessing.get_context("fork")
    taken = processes.Value("i", 0)
    go, bye, answers = processes.Event(), processes.Event(), processes.Queue()
    arguments = (given, make_player, jobs, taken, go, bye, answers)
    workers = [processes.Process(target=_work, args=arguments) for _ in range(given.workers)]
    for worker in workers:
        worker.start()
    for _ in workers:
        _expect(answers, "ready")
    print("ready", flush=True)
    sys.stdin.readline()
    begun = time.perf_counter()
    go.set()
    episodes = [episode for _ in workers for episode in _expect(answers, "episodes")]
    wall = time.perf_counter() - begun
    print(json.dumps({"wall_s": wall, "episodes": episodes}), flush=True)
    sys.stdin.readline()
    bye.set()
    for worker in workers:
        worker.join()


def _expect(answers, wanted):
    kind, value = answers.get()
    if kind != wanted:
        sys.exit(f"a worker broke off: {value}")
    return value


def _work(given, make_player, jobs, taken, go, bye, answers):
    try:
        player = make_player(given)
        answers.put(("ready", None))
        go.wait()
        played = []
        while (job := _next(jobs, taken)) is not None:
            played.append(player.episode(*job))
        answers.put(("episodes", played))
        bye.wait()
        player.close()
    except BaseException:
        answers.put(("broken", traceback.format_exc()))
        raise


def _next(jobs, taken):
    with taken.get_lock():
        place = taken.value
        taken.value += 1
    return jobs[place] if place < len(jobs) else None


class Clock:
    """Cuts time into named pieces, in milliseconds."""

    def __init__(self):
        self.pieces = {}
        self.last = self.begun = time.perf_counter()

    def cut(self, name):
        now = time.perf_counter()
        self.pieces[name] = self.pieces.get(name, 0.0) + (now - self.last) * 1000
        self.last = now

    def total(self):
        return (time.perf_counter() - self.begun) * 1000
