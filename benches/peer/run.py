"""Plays the rows in interleaved rounds, measures them, and writes the table: see
`scripts/bench-browser.sh`."""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import meter
import policy
import rows
import table

HERE = pathlib.Path(__file__).parent
REPOSITORY = HERE.parent.parent
OUT = REPOSITORY / "target" / "bench"
BINARIES = {
    rows.SHELL: ["/usr/lib/chromium/chromium-headless-shell", "/usr/bin/chromium-headless-shell"],
    rows.FULL: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
}
# Others who use more of the machine than this make a row doubtful.
DISTURBED = 0.10
# An episode that takes longer than this hangs.
LONGEST_EPISODE_S = 60


class Bench:
    """What all rows share."""

    def __init__(self, given):
        self.given = given
        self.binaries = {kind: _first(paths) for kind, paths in BINARIES.items()}
        self.html = _html()
        command = [sys.executable, HERE / "pages.py", self.html]
        self.pages = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.address = f"http://127.0.0.1:{self.pages.stdout.readline().strip()}"
        self.own = {os.getpid(), self.pages.pid}

    def close(self):
        self.pages.terminate()
        self.pages.wait()

    def missing(self, row):
        """Why a row cannot be played here; none when it can."""
        if not self.binaries[row.browser]:
            return f"no {row.browser} browser is installed"
        if row.program == "arena" and not self.given.arena:
            return "the bench program of the arena was not built"
        return None

    def command(self, row, seeds):
        shared = [
            f"--binary={self.binaries[row.browser]}",
            f"--workers={row.workers}",
            f"--png={int(row.png)}",
            f"--tasks={self.given.tasks}",
        ]
        full = ["--full"] if row.full else []
        last = ["--last"] if row.last else []
        if row.program == "arena":
            takes = ["--takes"] if row.takes else []
            drawn = ",".join(map(str, policy.PAGE_SEEDS[:seeds]))
            given = [f"--html={self.html}", f"--page-seeds={drawn}"]
            alone = ["--alone"] if row.alone else []
            return [self.given.arena, *shared, *full, *takes, *alone, *given]
        given = [f"--pages={self.address}", f"--seeds={seeds}"]
        python = [sys.executable, HERE / f"{row.program}.py", *shared, *given]
        if row.program == "peer":
            return [*python, f"--variant={row.variant}"]
        return [*python, *full, *last, f"--viewport={row.viewport}"]

    def play(self, row, seeds, with_memory=False):
        """Plays one row once."""
        program = meter.ControlGroup.make() or meter.Tree(self.own)
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        command = [str(word) for word in self.command(row, seeds)]
        # Profiles and data directories go where they are removed however the program ends.
        scratch = tempfile.mkdtemp(prefix="agentarena-bench-")
        streams["env"] = os.environ | {"TMPDIR": scratch}
        child = subprocess.Popen(command, preexec_fn=program.enter, **streams)
        program.started(child.pid)
        try:
            _expect(child, row, lambda line: line == "ready")
            watch = meter.Memory(program) if with_memory else meter.Flags(program)
            span = meter.Span(program, self.own)
            watch.start()
            try:
                _say(child, "go")
                played = json.loads(_expect(child, row, lambda line: line.startswith("{")))
                played |= span.end()
            finally:
                watched = watch.stop()
            played |= watched
            _say(child, "bye")
            child.wait(timeout=LONGEST_EPISODE_S)
        finally:
            _end(child, program)
            shutil.rmtree(scratch, ignore_errors=True)
        return played


def _say(child, word):
    child.stdin.write(word + "\n")
    child.stdin.flush()


def _expect(child, row, wanted):
    """The next line that is wanted. Others are the program's own business."""
    for line in child.stdout:
        if wanted(line.strip()):
            return line.strip()
    raise RuntimeError(f"{row.name} broke off")


def _end(child, program):
    """Ends whatever the program left behind."""
    if child.poll() is None:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=10)
    until = time.monotonic() + 10
    while pids := program.pids():
        if time.monotonic() > until:
            raise RuntimeError(f"processes of the program do not end: {pids}")
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 9)
        time.sleep(0.05)
    program.remove()


def _first(paths):
    return next((path for path in paths if pathlib.Path(path).exists()), None)


def _html():
    import miniwob

    return pathlib.Path(miniwob.__file__).parent / "html"


class Results:
    """All runs of all rows; kept under `target/bench/rows/`."""

    def __init__(self, planned):
        self.rows = planned
        self.runs = {row.name: [] for row in planned}
        self.memory = {}
        self.broken = {}

    def add(self, row, played):
        self.runs[row.name].append(played)
        folder = OUT / "rows"
        folder.mkdir(parents=True, exist_ok=True)
        document = {"row": row.__dict__, "runs": self.runs[row.name]}
        document["memory"] = self.memory.get(row.name)
        (folder / f"{row.name}.json").write_text(json.dumps(document, indent=1))


def _play(bench, results, row, seeds, with_memory):
    try:
        played = bench.play(row, seeds, with_memory)
    except (RuntimeError, json.JSONDecodeError, subprocess.TimeoutExpired) as fault:
        results.broken.setdefault(row.name, []).append(str(fault))
        print(f"{row.name:<28} broke off: {fault}", flush=True)
        return
    solved = sum(episode["solved"] for episode in played["episodes"])
    count = len(played["episodes"])
    warn = f"  WARNING: others used {played['others']:.0%}" if played["others"] > DISTURBED else ""
    speed = f"peak {played['peak_pss_mb']:.0f} MB" if with_memory else f"{count / played['wall_s'] * 60:.1f} ep/min"
    print(f"{row.name:<28} {solved}/{count} solved  {speed}{warn}", flush=True)
    if with_memory:
        results.memory[row.name] = {key: played[key] for key in ("peak_pss_mb", "processes")}
    else:
        results.add(row, played)


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arena", help="the bench program of the arena, built")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--rows", default="", help="names, wild cards allowed, by comma")
    parser.add_argument("--tasks", default="", help="some of the 20 tasks, by comma")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    given.tasks = given.tasks or ",".join(policy.TASKS)
    return given


def main():
    given = _arguments()
    # Asked to end, it still ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("the bench was asked to end"))
    patterns = [each for each in given.rows.split(",") if each]
    planned = rows.chosen(patterns, given.quick)
    rounds, seeds = (1, 1) if given.quick else (given.rounds, 2)
    bench = Bench(given)
    try:
        playable = []
        for row in planned:
            if why := bench.missing(row):
                print(f"{row.name:<28} left out: {why}", flush=True)
            else:
                playable.append(row)
        results = Results(playable)
        for turn in range(rounds):
            print(f"-- round {turn + 1} of {rounds}", flush=True)
            for row in rows.order(playable, turn):
                _play(bench, results, row, seeds, with_memory=False)
        if not given.quick:
            print("-- memory, one worker", flush=True)
            for row in playable:
                if row.workers == 1:
                    _play(bench, results, row, 1 if row.slow else seeds, with_memory=True)
    finally:
        bench.close()
    whole = not given.quick and not patterns and given.tasks.split(",") == policy.TASKS
    text = table.render(results, bench, rounds, seeds, DISTURBED)
    print("\n" + text)
    (OUT / "table.md").write_text(text)
    if whole and "arena-shell" in results.runs:
        (REPOSITORY / "benches" / "RESULTS.md").write_text(text)
        print("written to benches/RESULTS.md")


if __name__ == "__main__":
    main()
