"""The rows of the table: which program, which browser, how many at once, with pictures or not."""

import dataclasses
import fnmatch

SHELL, FULL = "shell", "chromium"


@dataclasses.dataclass(frozen=True)
class Row:
    """One way to play all episodes."""

    name: str
    program: str  # peer, raw or arena
    browser: str
    workers: int = 1
    png: bool = True
    variant: str = ""
    viewport: str = "500x320"  # the arena's own for these tasks
    full: bool = False
    last: bool = False
    alone: bool = False
    quick: bool = False

    @property
    def takes(self):
        """Whether taking a page is measured by itself as well."""
        return self.workers == 1 and self.png and not self.full

    @property
    def slow(self):
        return self.program == "peer"


def _peers():
    small = {"program": "peer", "viewport": "332x214"}
    yield Row("peer-shipped-chromium", browser=FULL, variant="shipped", quick=True, **small)
    yield Row("peer-shipped-shell", browser=SHELL, variant="shipped", **small)
    yield Row("peer-tuned-shell", browser=SHELL, variant="tuned", quick=True, **small)
    yield Row("peer-tuned-shell-nopng", browser=SHELL, variant="tuned", png=False, **small)
    yield Row("peer-shared-shell", browser=SHELL, variant="shared", quick=True, **small)
    yield Row("peer-shipped-chromium-2", browser=FULL, variant="shipped", workers=2, **small)
    yield Row("peer-tuned-shell-2", browser=SHELL, variant="tuned", workers=2, **small)
    yield Row("peer-shared-shell-2", browser=SHELL, variant="shared", workers=2, **small)


def _pairs():
    """Arena and raw loop side by side, like with like."""
    for browser in (SHELL, FULL):
        for workers in (1, 2):
            for png in (True, False):
                tail = browser + ("" if png else "-nopng") + ("-2" if workers == 2 else "")
                how = {"browser": browser, "workers": workers, "png": png}
                quick = browser == SHELL
                yield Row(f"raw-{tail}", program="raw", quick=quick, **how)
                yield Row(f"arena-{tail}", program="arena", quick=quick, **how)
    for program in ("raw", "arena"):
        yield Row(f"{program}-shell-full", program=program, browser=SHELL, full=True)
    undisturbed = {"program": "arena", "browser": SHELL, "alone": True, "quick": True}
    yield Row("arena-shell-nopng-alone", png=False, **undisturbed)
    small = {"program": "raw", "browser": SHELL, "viewport": "332x214"}
    yield Row("raw-shell-small", **small)
    yield Row("raw-shell-small-nopng", png=False, **small)
    yield Row("raw-shell-last", program="raw", browser=SHELL, last=True)


ROWS = [*_peers(), *_pairs()]


def chosen(patterns, quick):
    """The rows whose name matches one of the patterns (shell wild cards), or all."""
    rows = [row for row in ROWS if row.quick or not quick]
    if not patterns:
        return rows
    found = [row for row in ROWS if any(fnmatch.fnmatch(row.name, each) for each in patterns)]
    if not found:
        names = ", ".join(row.name for row in ROWS)
        raise SystemExit(f"ROWS matches no row; there are: {names}")
    return found


def order(rows, turn):
    """The rows of one round. The fast ones are played twice, around the slow ones, so that what
    is compared lies close together in time; every other round goes backwards."""
    fast = [row for row in rows if not row.slow]
    slow = [row for row in rows if row.slow]
    half = (len(slow) + 1) // 2
    planned = [*fast, *slow[:half], *reversed(fast), *slow[half:]] if slow else fast
    return planned if turn % 2 == 0 else list(reversed(planned))
