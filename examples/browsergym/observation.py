"""BrowserGym's observation, made from a turn of the arena (docs/agent-protocol.md).

The accessibility tree and the DOM snapshot have the shape of Chromium's, so that
`browsergym.utils.obs` reads them; both are rebuilt from what the arena's agents see, so elements
that have no role are not in them.
"""
import base64
import io
import time

import numpy as np

# Roles that Chromium's own tree calls something else.
CHROMIUM_ROLES = {"text": "StaticText", "img": "image", "clickable": "generic"}

# The tag that best shows what an element of a role is.
TAGS = {
    "link": "a", "button": "button", "textbox": "input", "searchbox": "input", "spinbutton": "input",
    "checkbox": "input", "radio": "input", "combobox": "select", "listbox": "select", "img": "img",
    "heading": "h2", "list": "ul", "listitem": "li", "table": "table", "row": "tr", "cell": "td",
    "columnheader": "th", "paragraph": "p", "form": "form", "main": "main", "navigation": "nav",
}
CLICKABLE = {"link", "button", "checkbox", "radio", "combobox", "clickable", "tab", "menuitem", "option"}


def children(nodes):
    """For each node its children; the last list are those of the page itself."""
    found, path = [[] for _ in range(len(nodes) + 1)], []
    for index, node in enumerate(nodes):
        del path[node["depth"]:]
        found[path[-1] if path else -1].append(index)
        path.append(index)
    return found


def properties(node, focus):
    """States such as `checked` or `level=2` as Chromium's properties."""
    for state in node.get("states", []):
        name, _, value = state.partition("=")
        if name == "collapsed":
            name, value = "expanded", False
        elif value == "":
            value = True
        yield {"name": name, "value": {"value": value}}
    if focus is not None and node.get("bid") == focus:
        yield {"name": "focused", "value": {"value": True}}


def axtree_object(observation):
    """Like `Accessibility.getFullAXTree`, with `browsergym_id`."""
    nodes, below = observation["nodes"], children(observation["nodes"])
    tree = [{
        "nodeId": "0", "ignored": False, "role": {"value": "RootWebArea"},
        "name": {"value": observation["title"]}, "properties": [],
        "childIds": [str(child + 1) for child in below[-1]],
    }]
    for index, node in enumerate(nodes):
        made = {
            "nodeId": str(index + 1), "ignored": False,
            "role": {"value": CHROMIUM_ROLES.get(node["role"], node["role"])},
            "name": {"value": node.get("name", "")},
            "properties": list(properties(node, observation["focus"])),
            "childIds": [str(child + 1) for child in below[index]],
        }
        if node.get("value") is not None:
            made["value"] = {"value": node["value"]}
        if "bid" in node:
            made["browsergym_id"] = node["bid"]
        tree.append(made)
        # The options of a list box stand with it here, and as nodes of their own in Chromium.
        for number, option in enumerate(node.get("options", [])):
            made["childIds"].append(f"{index + 1}.{number}")
            tree.append({
                "nodeId": f"{index + 1}.{number}", "ignored": False, "role": {"value": "option"},
                "name": {"value": option}, "childIds": [],
                "properties": [{"name": "selected", "value": {"value": option == node.get("value")}}],
            })
    return {"nodes": tree}


def dom_object(observation):
    """Like `DOMSnapshot.captureSnapshot`: one document of elements and texts."""
    strings, made = {}, {"nodeName": [], "nodeType": [], "nodeValue": [], "parentIndex": [], "attributes": []}

    def number(text):
        return -1 if text is None else strings.setdefault(text, len(strings))

    def add(parent, kind, name, value=None, attributes=()):
        made["parentIndex"].append(parent)
        made["nodeType"].append(kind)
        made["nodeName"].append(number(name))
        made["nodeValue"].append(number(value))
        made["attributes"].append([number(text) for pair in attributes for text in pair])
        return len(made["nodeName"]) - 1

    body = add(add(add(-1, 9, "#document"), 1, "HTML"), 1, "BODY")
    at = {-1: body}
    below = children(observation["nodes"])

    def walk(parent):
        for index in below[parent]:
            node = observation["nodes"][index]
            if node["role"] == "text":
                add(at[parent], 3, "#text", node.get("name", ""))
                continue
            given = [("bid", node["bid"])] if "bid" in node else []
            given += [("role", node["role"])]
            given += [("aria-label", node["name"])] if node.get("name") else []
            given += [("value", node["value"])] if node.get("value") is not None else []
            given += [state.split("=", 1) if "=" in state else (state, "") for state in node.get("states", [])]
            at[index] = add(at[parent], 1, TAGS.get(node["role"], "div").upper(), None, given)
            walk(index)

    walk(-1)
    made["contentDocumentIndex"] = {"index": [], "value": []}
    return {"documents": [{"nodes": made}], "strings": list(strings)}


def extra_element_properties(observation):
    """Per element its box, whether it is seen and whether a click does something."""
    return {
        node["bid"]: {
            "visibility": 1.0 if node.get("in_view") else 0.0,
            "bbox": node.get("bbox"),
            "clickable": node["role"] in CLICKABLE,
            "set_of_marks": node["role"] in CLICKABLE and bool(node.get("in_view")),
        }
        for node in observation["nodes"] if "bid" in node
    }


def screenshot(png):
    """The picture as BrowserGym has it: height, width, red green blue."""
    from PIL import Image

    return np.array(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"))


def make(turn, started):
    """The observation for a turn; `started` is when the episode began."""
    seen = turn["observation"]
    # BrowserGym's agents read the goal only, so the rules have to stand in it.
    goal = f"{turn['goal']}\n\n{turn['instructions']}"
    last = turn.get("last_action")
    active = [index for index, tab in enumerate(seen["tabs"]) if tab["active"]]
    error = turn.get("error") or ("" if last is None or last["ok"] else last["message"])
    observation = {
        "goal": goal,
        "goal_object": ({"type": "text", "text": goal},),
        "chat_messages": ({"role": "user", "timestamp": started, "message": goal},),
        "open_pages_urls": tuple(tab["url"] for tab in seen["tabs"]),
        "open_pages_titles": tuple(tab["title"] for tab in seen["tabs"]),
        "active_page_index": np.asarray([active[0] if active else 0]),
        "url": seen["url"],
        "axtree_object": axtree_object(seen),
        "dom_object": dom_object(seen),
        "extra_element_properties": extra_element_properties(seen),
        "focused_element_bid": seen["focus"] or "",
        "last_action": last["action"] if last else "",
        "last_action_error": error,
        "elapsed_time": np.asarray([time.time() - started]),
    }
    if "screenshot" in turn:
        observation["screenshot"] = screenshot(turn["screenshot"])
    return observation
