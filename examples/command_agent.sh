#!/usr/bin/env bash
# An agent in bash and jq: clicks the first link that it has not followed, then answers.
#
#   agentarena run --agent-cmd "bash examples/command_agent.sh" --task shop-001
set -euo pipefail

followed='[]'
while IFS= read -r message; do
  [ "$(jq -r .type <<<"$message")" = turn ] || break
  link=$(jq -c --argjson followed "$followed" \
    'first(.observation.nodes[] | select(.role == "link" and .bid != null)
       | select(.name as $name | $followed | index($name) | not)) // empty' <<<"$message")
  if [ -z "$link" ] || [ "$(jq .step <<<"$message")" -gt 3 ]; then
    jq -c '{tool: "send_msg_to_user", arguments: {text: .observation.title}}' <<<"$message"
  else
    followed=$(jq -c --argjson link "$link" '. + [$link.name]' <<<"$followed")
    jq -c '{tool: "click", arguments: {bid: .bid}, reasoning: "the first link that is new"}' <<<"$link"
  fi
done
