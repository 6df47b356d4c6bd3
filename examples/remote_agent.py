#!/usr/bin/env python3
"""An agent that calls the arena, from behind any firewall (docs/agent-protocol.md).

    TOKEN=$(agentarena agents secret "my remote") \
        python3 examples/remote_agent.py http://127.0.0.1:8080
"""
import json
import os
import sys
import urllib.request
import uuid

BASE = sys.argv[1].rstrip("/") + "/api/v1/remote"
WORKER = uuid.uuid4().hex


def call(method, path, reply=None):
    """What the arena answers, or None when there was nothing in time."""
    request = urllib.request.Request(
        BASE + path,
        method=method,
        data=None if reply is None else json.dumps(reply).encode(),
        headers={"authorization": "Bearer " + os.environ["TOKEN"]},
    )
    with urllib.request.urlopen(request, timeout=90) as response:
        return None if response.status == 204 else json.load(response)


def decide(turn):
    return {"action": f"send_msg_to_user({turn['observation']['title']!r})"}


while True:
    handed = call("POST", f"/claim?wait=30&worker={WORKER}")
    while handed and handed["message"]["type"] == "turn":
        episode, turn = f"/episodes/{handed['episode']}", handed["turn"]
        handed = call("POST", f"{episode}/turns/{turn}?wait=30", decide(handed["message"]))
        while handed is None:
            handed = call("GET", f"{episode}?after={turn}&wait=30")
