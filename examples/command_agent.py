#!/usr/bin/env python3
"""An agent as a program: one line of JSON in, one line of JSON out (docs/agent-protocol.md).

    agentarena run --agent-cmd "python3 examples/command_agent.py" --task shop-001
"""
import json
import re
import sys


def words(text):
    return set(re.findall(r"\w{3,}", text.lower()))


def decide(turn, seen):
    """Follows the link or button that shares most words with the goal; answers when none is new."""
    goal = words(turn["goal"])
    choices = [
        (len(goal & words(node.get("name", ""))), node)
        for node in turn["observation"]["nodes"]
        if node["role"] in ("link", "button") and "bid" in node
    ]
    choices = [(score, node) for score, node in choices if score and node["name"] not in seen]
    if not choices:
        return {"tool": "send_msg_to_user", "arguments": {"text": turn["observation"]["title"]}}
    score, node = max(choices, key=lambda choice: choice[0])
    seen.add(node["name"])
    return {
        "tool": "click",
        "arguments": {"bid": node["bid"]},
        "reasoning": f"{node['name']!r} shares {score} words with the goal",
    }


seen = set()
for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "end":
        break
    print(json.dumps(decide(message, seen)), flush=True)
