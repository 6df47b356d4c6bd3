#!/usr/bin/env python3
"""Lets an agent that was written for BrowserGym play in the arena, unchanged, as a remote agent.

    TOKEN=$(agentarena agents secret "my remote") \
        python3 examples/browsergym/adapter.py http://127.0.0.1:8080 my_agents:make_agent

`my_agents:make_agent` makes an agent with `get_action(obs)` and perhaps `obs_preprocessor(obs)`,
one for each episode; it may also be AgentLab's agent arguments, which have `make_agent()`.
Agents that look at pictures need `"screenshots": true` in the settings of the remote agent.
"""
import importlib
import json
import os
import sys
import time
import urllib.request
import uuid

import observation as observations

WORKER = uuid.uuid4().hex


def call(base, method, path, reply=None):
    """What the arena answers, or None when there was nothing in time."""
    request = urllib.request.Request(
        base + path,
        method=method,
        data=None if reply is None else json.dumps(reply).encode(),
        headers={"authorization": "Bearer " + os.environ["TOKEN"]},
    )
    with urllib.request.urlopen(request, timeout=90) as response:
        return None if response.status == 204 else json.load(response)


def maker(name):
    """What makes an agent: `module:name`."""
    module, _, attribute = name.partition(":")
    sys.path.insert(0, os.getcwd())
    found = getattr(importlib.import_module(module), attribute)
    return getattr(found, "make_agent", found)


def decide(agent, turn, started):
    """The agent's action for a turn, as a reply."""
    seen = observations.make(turn, started)
    if hasattr(agent, "obs_preprocessor"):
        seen = agent.obs_preprocessor(seen)
    action, info = agent.get_action(seen)
    # No action at all is no readable action here: the agent is asked again.
    reply = {"action": action or ""}
    think = getattr(info, "think", None) or (info.get("think") if isinstance(info, dict) else None)
    return reply | {"reasoning": str(think)} if think else reply


def play(base, make, handed):
    """One episode from its first turn to its end."""
    agent, started = make(), time.time()
    while handed["message"]["type"] == "turn":
        path, turn = f"/episodes/{handed['episode']}", handed["turn"]
        reply = decide(agent, handed["message"], started)
        handed = call(base, "POST", f"{path}/turns/{turn}?wait=30", reply)
        while handed is None:
            handed = call(base, "GET", f"{path}?after={turn}&wait=30")


def main():
    base, make = sys.argv[1].rstrip("/") + "/api/v1/remote", maker(sys.argv[2])
    while True:
        handed = call(base, "POST", f"/claim?wait=30&worker={WORKER}")
        if handed:
            play(base, make, handed)


if __name__ == "__main__":
    main()
