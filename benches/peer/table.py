"""Rows, ratios against the targets, machine and versions, as Markdown."""

import dataclasses
import datetime
import importlib.metadata
import os
import pathlib
import platform
import statistics
import subprocess

PIECES = ("act", "settle", "check", "observe")


class Summary:
    """What the runs of one row say together."""

    def __init__(self, row, runs, memory):
        self.row, self.runs, self.memory = row, runs, memory or {}
        self.episodes = [episode for run in runs for episode in run["episodes"]]
        self.steps = [step for episode in self.episodes for step in episode["steps"]]

    @property
    def solved(self):
        return sum(episode["solved"] for episode in self.episodes)

    @property
    def speeds(self):
        return [len(run["episodes"]) / run["wall_s"] * 60 for run in self.runs]

    @property
    def speed(self):
        return statistics.median(self.speeds)

    @property
    def equal_speed(self):
        """Episodes per minute without the look after the end of each episode, for the peer,
        which always takes it. The other programs are told not to."""
        if self.row.program != "peer":
            return self.speed
        last = [step["observe"] + step.get("picture", 0.0) for step in self._last_steps()]
        saved = sum(last) / 1000 / self.row.workers
        wall = sum(run["wall_s"] for run in self.runs)
        return len(self.episodes) / (wall - saved) * 60

    def _last_steps(self):
        return [episode["steps"][-1] for episode in self.episodes if episode["steps"]]

    @property
    def cpu(self):
        return sum(run["cpu_s"] for run in self.runs) / len(self.episodes)

    @property
    def others(self):
        return max(run["others"] for run in self.runs)

    @property
    def peak_pss_mb(self):
        return self.memory.get("peak_pss_mb")

    def median(self, piece):
        """Median over the steps, in milliseconds; none when the program does not tell."""
        values = [step[piece] for step in self.steps if piece in step]
        return statistics.median(values) if values else None

    @property
    def step(self):
        """Acting, settling, checking and observing, without the picture."""
        return statistics.median(sum(step.get(piece, 0.0) for piece in PIECES) for step in self.steps)

    def episode(self, share):
        totals = sorted(episode["total"] for episode in self.episodes)
        return totals[min(len(totals) - 1, int(len(totals) * share))]

    @property
    def reset(self):
        return statistics.median(episode["reset"] for episode in self.episodes)

    @property
    def looks(self):
        """Observations per episode, the first and the last included."""
        return statistics.mean(episode["looks"] for episode in self.episodes)

    def extra(self, name):
        values = [value for run in self.runs for value in run.get("extra", {}).get(name, [])]
        return statistics.median(values) if values else None


def render(results, bench, rounds, seeds, disturbed):
    """The whole document."""
    found = {
        row.name: Summary(row, results.runs[row.name], results.memory.get(row.name))
        for row in results.rows
        if results.runs[row.name]
    }
    tasks = len({each["task"] for row in found.values() for each in row.episodes})
    parts = [_head(tasks, rounds, seeds), _machine(bench), _targets(found), _rows(found, disturbed)]
    parts += [_doubts(found, results, disturbed), _flags(found), METHOD]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(tasks, rounds, seeds):
    day = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
    return (
        "# The browser engine beside its peer and its limit\n\n"
        f"Written by `make bench-browser` on {day}: {tasks} tasks of MiniWoB++ with {seeds} seed(s), "
        f"{rounds} interleaved round(s). Times are medians in milliseconds."
    )


def _machine(bench):
    model = _line("/proc/cpuinfo", "model name")
    memory = int(_line("/proc/meminfo", "MemTotal").split()[0]) / 1e6
    system = _line("/etc/os-release", "PRETTY_NAME", "=").strip('"')
    packages = ("browsergym-core", "browsergym-miniwob", "playwright", "miniwob", "websocket-client")
    lines = [
        f"{os.cpu_count()} x {model}, {memory:.0f} GB, {system}, Linux {platform.release()}",
        *(_version(path) for path in bench.binaries.values() if path),
        _version("chromedriver"),
        f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages),
        f"agentarena at {_output('git', 'describe', '--always', '--dirty')}, {_output('rustc', '--version')}",
    ]
    return "## Machine and versions\n\n" + "\n".join(f"- {line}" for line in lines)


def _line(path, key, sign=":"):
    lines = (line.partition(sign) for line in pathlib.Path(path).read_text().splitlines())
    return next((value.strip() for name, _, value in lines if name.strip() == key), "unknown")


def _output(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return f"{command[0]} does not say"
    return done.stdout.strip()


def _version(path):
    return f"`{path}`: {_output(path, '--version')}"


def _targets(found):
    """Measured values beside the targets of the engine."""
    lines = ["## Targets", "", "| what | measured | target | |", "|---|---|---|---|"]
    for target in _measured(found):
        lines.append("| " + " | ".join(target.cells()) + " |")
    return "\n".join(lines)


@dataclasses.dataclass
class Target:
    """One promise. `equal` is the value without the peer's look after the end of each episode."""

    what: str
    value: float | None
    bound: float
    at_least: bool = True
    unit: str = "x"
    equal: float | None = None

    def cells(self):
        bound = f"{'at least' if self.at_least else 'at most'} {self.bound:g}{self.unit}"
        if self.value is None:
            return self.what, "not measured", bound, ""
        met = self.value >= self.bound if self.at_least else self.value <= self.bound
        shown = f"{self.value:.2f}{self.unit}"
        if self.equal is not None:
            shown += f" ({self.equal:.2f}{self.unit} at equal looks)"
        return self.what, shown, bound, "met" if met else "**missed**"


def _measured(found):
    def ratio(value, arena, other):
        upper, lower = found.get(arena), found.get(other)
        if not upper or not lower or value(upper) is None or value(lower) is None:
            return None
        return value(upper) / value(lower)

    def speed(other, arena="arena-shell"):
        return ratio(lambda row: row.speed, arena, other)

    def beside(peer, what, bound):
        equal = ratio(lambda row: row.equal_speed, "arena-shell", peer)
        return Target(f"{per}, beside the peer {what}", speed(peer), bound, equal=equal)

    def taken(name):
        return arena.extra(name) if arena else None

    step = ratio(lambda row: row.step, "arena-shell-nopng", "raw-shell-nopng")
    cpu = ratio(lambda row: row.cpu, "arena-shell", "raw-shell")
    pss = ratio(lambda row: row.peak_pss_mb, "arena-shell", "peer-shipped-chromium")
    per = "episodes per minute, picture at each step"
    taking = "taking an isolated page with the task loaded, median"
    arena = found.get("arena-shell")
    most = {"at_least": False}
    return [
        beside("peer-shipped-chromium", "as shipped (chromium)", 14),
        beside("peer-tuned-shell", "tuned", 6),
        beside("peer-shared-shell", "tuned and patched to one browser", 4),
        Target(f"{per}, beside raw DevTools", speed("raw-shell"), 1.0),
        Target(f"{per}, 2 workers, beside raw DevTools", speed("raw-shell-2", "arena-shell-2"), 0.85),
        Target("step without picture, median, beside raw DevTools", step, 1.6, **most),
        Target(f"{taking}, prepared ahead", arena and arena.reset, 10, unit=" ms", **most),
        Target(f"{taking}, prepared, nothing else running", taken("take_prepared_ms"), 10, unit=" ms", **most),
        Target(f"{taking}, not prepared, browser idle", taken("take_unprepared_ms"), 120, unit=" ms", **most),
        Target(f"{taking}, not prepared, no empty context at hand", taken("take_from_nothing_ms"), 120, unit=" ms", **most),
        Target("processor seconds per episode, beside raw DevTools", cpu, 1.25, **most),
        Target("peak memory (PSS), 1 worker, beside the peer as shipped", pss, 0.5, **most),
    ]


COLUMNS = (
    "row",
    "solved",
    "episodes/min (least to most)",
    "to shipped peer",
    "episode",
    "p95",
    "reset",
    "step",
    "act",
    "settle",
    "check",
    "observe",
    "picture",
    "looks/episode",
    "CPU s/episode",
    "peak PSS MB",
    "others",
)


def _rows(found, disturbed):
    peer = found.get("peer-shipped-chromium")
    lines = ["## All rows", "", "| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
    for name, row in found.items():
        mark = " (!)" if row.others > disturbed else ""
        cells = [
            name,
            f"{row.solved}/{len(row.episodes)}",
            f"{row.speed:.1f} ({min(row.speeds):.1f} to {max(row.speeds):.1f})",
            f"{row.speed / peer.speed:.1f}x" if peer else "-",
            *(f"{row.episode(share):.0f}" for share in (0.5, 0.95)),
            f"{row.reset:.1f}",
            f"{row.step:.1f}",
            *(_ms(row.median(piece)) for piece in (*PIECES, "picture")),
            f"{row.looks:.2f}",
            f"{row.cpu:.3f}",
            "-" if row.peak_pss_mb is None else f"{row.peak_pss_mb:.0f}",
            f"{row.others:.0%}{mark}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _ms(value):
    return "-" if value is None else f"{value:.1f}"


def _doubts(found, results, disturbed):
    """What makes a row less than it seems."""
    doubts = []
    for name, row in found.items():
        if row.solved < len(row.episodes):
            unsolved = sorted({each["task"] for each in row.episodes if not each["solved"]})
            doubts.append(f"{name} did not solve all: {', '.join(unsolved)}")
        if row.others > disturbed:
            doubts.append(f"{name}: others used up to {row.others:.0%} of the machine meanwhile")
    for name, faults in results.broken.items():
        doubts.append(f"{name} broke off {len(faults)} time(s): {faults[0]}")
    if not doubts:
        return ""
    return "## Doubts\n\n" + "\n".join(f"- {doubt}" for doubt in doubts)


def _flags(found):
    """Where the programs start the browser differently from the raw loop."""
    limit = found.get("raw-shell")
    if not limit:
        return ""
    common = _own_flags(limit)
    lines = []
    for program in ("peer", "arena"):
        row = next((each for each in found.values() if each.row.program == program), None)
        if row:
            more, less = sorted(_own_flags(row) - common), sorted(common - _own_flags(row))
            shown = [" ".join(f"`{flag}`" for flag in flags) or "none" for flags in (more, less)]
            lines.append(f"- {program}: beyond those of the raw loop {shown[0]}; missing {shown[1]}")
    if not lines:
        return ""
    return "## Browser flags\n\n" + "\n".join(lines)


def _own_flags(row):
    """Flags of the first run, without what differs from start to start."""
    every = row.runs[0]["flags"]
    passing = ("--user-data-dir", "--remote-debugging", "--proxy-bypass-list", "--crash-dumps-dir")
    return {flag for flag in every if not flag.startswith(passing)}


METHOD = """## How to read it

- Every episode starts in a fresh isolated browser context (the peer: a fresh browser, too) and
  plays the same plan on the same problem: `benches/peer/policy.py`, in Rust
  `tests/it/miniwob_solutions/twenty.rs`. Solved means raw reward 1.
- `reset`: from asking for a page to the task begun and its goal known, without the first
  observation. `step`: act, settle, check (whether the page has ended the task) and observe,
  without the picture. The peer's `act` and the raw loop's `observe` include the check.
- `to shipped peer`: episodes per minute against `peer-shipped-chromium`. `looks/episode`:
  observations (and pictures, where they are on) given to an agent, the first included. The peer
  makes one more after the end of each episode, when nobody acts any more; the arena does not,
  nor does the raw loop but in the row `raw-shell-last`. `at equal looks` takes the peer's last
  looks out of its time.
- `picture`: from asking for it to having it. The arena asks before it reads the page, so that the
  browser draws meanwhile; the others take it after reading.
- The arena opens the next episode's page while one is at work (its default), which its `reset`
  leaves out and its episodes per minute and processor time include.
- `full` rows take the DOM snapshot and the full accessibility tree as well at every observation,
  which is what the peer's observation consists of.
- Windows: the peer 332x214 (its own setting for these tasks), the arena and the raw loop 500x320
  (the arena's for these tasks, as the package's own environments have it), the raw loop in the rows
  `small` 332x214. A larger picture costs more.
- The arena's rows go the product's whole way: queue, store, recorder, events, artifacts,
  evaluation. The raw loop records nothing and checks nothing: it is the limit.
- Processor time and memory are those of the whole process tree with browser and driver. The
  peer and the raw loop are given their pages by a server that is not counted; the arena serves
  its own and is counted with it.
- Memory is taken in runs of its own, as taking it costs time. `others`: the highest share of the
  machine that everything else used during a run; above 10 % the row is doubtful."""
