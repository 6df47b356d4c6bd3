"""The tasks of the comparison and how they are solved: one plan for every program.

A plan sees the task's name, the goal as text and a list of elements, each a dict with `id`,
`role`, `name` and `multiline`. It is made once, from the first observation, so every program
takes the same steps. An action is `("click", id)`, `("fill", id, text)` or
`("select", id, option)`.

`tests/it/miniwob_solutions/twenty.rs` says the same in Rust, for the arena.
"""

import re

TASKS = [
    "click-test",
    "click-test-2",
    "click-test-transfer",
    "click-button",
    "click-link",
    "click-dialog",
    "click-dialog-2",
    "click-checkboxes",
    "click-checkboxes-large",
    "click-option",
    "click-tab",
    "click-widget",
    "click-button-sequence",
    "enter-text",
    "enter-text-dynamic",
    "enter-password",
    "login-user",
    "focus-text",
    "focus-text-2",
    "choose-list",
]

# The peer draws the page's seed from the seed it is given: seeds 0 and 1 give these two. All
# programs start the pages with them, so all get the same problems. `peer.py` checks it.
PEER_SEEDS = [0, 1]
PAGE_SEEDS = [985772, 128037]


class NoPlan(LookupError):
    """What the plan needs is not among the elements."""


def plan(task, goal, elements):
    """Everything that has to be done, in order."""
    page = Page(task, elements)
    goal = squeeze(goal)
    quoted = re.findall(r'"([^"]*)"', goal)
    match task:
        case "click-test":
            return [page.click("button")]
        case "click-test-2" | "click-test-transfer":
            return [page.click("button", between(goal, "Click button ", "."))]
        case "click-button":
            return [page.click("button", quoted[0])]
        case "click-link":
            return [page.click(None, quoted[0])]
        case "click-dialog":
            return [page.click("button", "Close")]
        case "click-dialog-2":
            return [page.click("button", "Close" if quoted[0] == "x" else quoted[0])]
        case "click-checkboxes" | "click-checkboxes-large":
            wanted = between(goal, "Select ", " and click Submit")
            names = [] if wanted == "nothing" else wanted.split(", ")
            return [page.click("checkbox", name) for name in names] + [page.submit()]
        case "click-option":
            name = between(goal, "Select ", " and click Submit")
            return [page.click("radio", name), page.submit()]
        case "click-tab":
            return [page.click("tab", between(goal, "Click on ", "."))]
        case "click-widget":
            return [page.widget(quoted[0])]
        case "click-button-sequence":
            return [page.click("button", "ONE"), page.click("button", "TWO")]
        case "enter-text" | "enter-text-dynamic":
            return [page.fill(0, quoted[0]), page.submit()]
        case "enter-password":
            return [page.fill(0, quoted[0]), page.fill(1, quoted[0]), page.submit()]
        case "login-user":
            return [page.fill(0, quoted[0]), page.fill(1, quoted[1]), page.click("button", "Login")]
        case "focus-text":
            return [("click", page.field(0)["id"])]
        case "focus-text-2":
            place = ["1st", "2nd", "3rd"].index(between(goal, "the ", " input"))
            return [("click", page.field(place)["id"])]
        case "choose-list":
            return page.choose(between(goal, "Select ", " from the list"))
    raise NoPlan(f"{task} is not one of the {len(TASKS)} tasks")


class Page:
    """The elements of the first observation, by role and name."""

    def __init__(self, task, elements):
        self.task = task
        self.elements = [dict(e, name=squeeze(e["name"])) for e in elements]

    def find(self, role, name=None):
        """The innermost element of a role (any role when none is given) with a name."""
        found = [
            e
            for e in self.elements
            if (role is None or e["role"] == role) and (name is None or e["name"] == name)
        ]
        if not found:
            seen = [(e["role"], e["name"]) for e in self.elements]
            raise NoPlan(f"{self.task}: no {role or 'element'} named {name!r} among {seen[:40]}")
        return found[-1]

    def click(self, role, name=None):
        return ("click", self.find(role, name)["id"])

    def submit(self):
        return self.click("button", "Submit")

    def field(self, place):
        fields = [e for e in self.elements if e["role"] == "textbox"]
        if place >= len(fields):
            raise NoPlan(f"{self.task}: {len(fields)} text fields, number {place + 1} is wanted")
        return fields[place]

    def fill(self, place, text):
        return ("fill", self.field(place)["id"], text)

    def widget(self, kind):
        if kind not in ("text", "textarea"):
            return self.click(kind)
        for element in self.elements:
            if element["role"] == "textbox" and element["multiline"] == (kind == "textarea"):
                return ("click", element["id"])
        raise NoPlan(f"{self.task}: no widget of kind {kind}")

    def choose(self, option):
        return [("select", self.find("combobox")["id"], option), self.submit()]


def squeeze(text):
    """Text with every run of white space as one blank."""
    return " ".join((text or "").split())


def between(text, before, after):
    """What stands between two phrases of a goal."""
    start = text.find(before)
    end = text.find(after, start + len(before))
    if start < 0 or end < 0:
        raise NoPlan(f"the goal {text!r} does not hold {before!r} and {after!r}")
    return text[start + len(before) : end]
