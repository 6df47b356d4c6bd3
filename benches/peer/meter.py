"""What a program costs: processor seconds and memory of its whole process tree, browser and all.

A control group of its own counts exactly, also what short-lived processes used. Where none can
be made (no rights), the tree is summed with what its dead children used; orphans are adopted by
the bench (`PR_SET_CHILD_SUBREAPER`), so none gets lost.
"""

import ctypes
import os
import pathlib
import threading
import time

PROC = pathlib.Path("/proc")
TICK = os.sysconf("SC_CLK_TCK")
PR_SET_CHILD_SUBREAPER = 36


class ControlGroup:
    """A control group (version 1 `cpuacct`, or version 2) for one program."""

    def __init__(self, folder, usage, scale):
        self.folder, self.usage, self.scale = folder, usage, scale

    @classmethod
    def make(cls):
        """None where the kernel or our rights do not allow it."""
        name = f"agentarena-bench-{os.getpid()}"
        places = [
            (pathlib.Path("/sys/fs/cgroup/cpuacct"), "cpuacct.usage", 1e9),
            (pathlib.Path("/sys/fs/cgroup"), "cpu.stat", 1e6),
        ]
        for root, usage, scale in places:
            try:
                (root / name).mkdir()
            except OSError:
                continue
            if (root / name / usage).exists():
                return cls(root / name, usage, scale)
            (root / name).rmdir()
        return None

    def enter(self):
        """Puts the calling process inside."""
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def started(self, pid):
        """Nothing to do: the child went inside by itself."""

    def pids(self):
        return [int(pid) for pid in (self.folder / "cgroup.procs").read_text().split()]

    def cpu_seconds(self):
        text = (self.folder / self.usage).read_text()
        if self.usage == "cpu.stat":
            text = dict(line.split() for line in text.splitlines())["usage_usec"]
        return int(text) / self.scale

    def remove(self):
        self.folder.rmdir()


class Tree:
    """All descendants of this process but those that belong to the bench itself."""

    def __init__(self, own):
        self.own = own
        self.waited = set(own)
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "orphans cannot be adopted")

    def enter(self):
        """Nothing to do: a child is a descendant."""

    def started(self, pid):
        """A child that the caller waits for itself."""
        self.waited.add(pid)

    def pids(self):
        self._reap()
        children = {}
        for pid in (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()):
            if stat := _stat(pid):
                children.setdefault(int(stat[1]), []).append(pid)
        found, todo = [], list(children.get(os.getpid(), []))
        while todo:
            pid = todo.pop()
            if pid not in self.own:
                found.append(pid)
                todo += children.get(pid, [])
        return found

    def cpu_seconds(self):
        ticks = [sum(map(int, stat[11:15])) for pid in self.pids() if (stat := _stat(pid))]
        dead = os.times()
        return sum(ticks) / TICK + dead.children_user + dead.children_system

    def _reap(self):
        """Collects orphans that have ended, and no child that somebody else waits for."""
        while True:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None or ended.si_pid in self.waited:
                return
            os.waitpid(ended.si_pid, 0)

    def remove(self):
        """Nothing was made."""


def _stat(pid):
    """The fields of `/proc/PID/stat` after the name; none when the process is gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def machine_seconds():
    """Processor seconds that the machine was busy, and those that its host took away."""
    fields = (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]
    user, nice, system, _idle, _wait, irq, softirq, steal = (int(field) for field in fields)
    return (user + nice + system + irq + softirq + steal) / TICK


def process_seconds(pids):
    """What processes have used themselves."""
    stats = (_stat(pid) for pid in pids)
    return sum(int(stat[11]) + int(stat[12]) for stat in stats if stat) / TICK


class Span:
    """What was used from its making to `end`."""

    def __init__(self, program, own):
        self.program, self.own = program, own
        self.begun = self._now()

    def _now(self):
        bench = process_seconds(self.own)
        return time.monotonic(), machine_seconds(), self.program.cpu_seconds(), bench

    def end(self):
        """Processor seconds of the program, and the share of the machine that others used."""
        pairs = zip(self._now(), self.begun, strict=True)
        wall, machine, program, bench = (now - then for now, then in pairs)
        others = max(0.0, machine - program - bench) / (wall * os.cpu_count())
        return {"cpu_s": program, "others": others}


class Memory(threading.Thread):
    """The highest sum of PSS (shared pages divided among those that share them) over the tree.

    Reading it costs time, so speed is never measured in the same run.
    """

    def __init__(self, program, every=0.2):
        super().__init__(daemon=True)
        self.program, self.every = program, every
        self.peak_mb, self.processes = 0.0, 0
        self.stopped = threading.Event()

    def run(self):
        while not self.stopped.wait(self.every):
            pids = self.program.pids()
            self.peak_mb = max(self.peak_mb, sum(map(pss_mb, pids)))
            self.processes = max(self.processes, len(pids))

    def stop(self):
        self.stopped.set()
        self.join()
        return {"peak_pss_mb": self.peak_mb, "processes": self.processes}


def pss_mb(pid):
    """A process that is gone, or a kernel that does not tell, counts as nothing."""
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return 0.0
    lines = (line.split() for line in text.splitlines())
    return sum(int(line[1]) for line in lines if line[0] == "Pss:") / 1000


class Flags(threading.Thread):
    """How the program starts its browser: looks until one is running."""

    def __init__(self, program):
        super().__init__(daemon=True)
        self.program = program
        self.found = []
        self.stopped = threading.Event()

    def run(self):
        while not self.found and not self.stopped.wait(0.3):
            self.found = browser_flags(self.program)

    def stop(self):
        self.stopped.set()
        self.join()
        return {"flags": self.found}


def browser_flags(program):
    """The flags of the main processes of all browsers of a program."""
    flags = set()
    for pid in program.pids():
        try:
            words = (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if "chromium" in words[0] and not any(word.startswith("--type=") for word in words):
            flags.update(word for word in words[1:] if word.startswith("--"))
    return sorted(flags)
