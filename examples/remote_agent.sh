#!/usr/bin/env bash
# A remote agent in bash, curl and jq: answers every task with the title of its first page.
#
#   TOKEN=$(agentarena agents secret "my remote") bash examples/remote_agent.sh http://127.0.0.1:8080
set -euo pipefail

base="$1/api/v1/remote"
call() { curl --silent --show-error --fail --max-time 90 -H "authorization: Bearer $TOKEN" "$@"; }

while true; do
  handed=$(call -X POST "$base/claim?wait=30&worker=$$")
  while [ -n "$handed" ] && [ "$(jq -r .message.type <<<"$handed")" = turn ]; do
    episode=$(jq -r .episode <<<"$handed")
    turn=$(jq .turn <<<"$handed")
    reply=$(jq -c '{tool: "send_msg_to_user", arguments: {text: .message.observation.title}}' <<<"$handed")
    handed=$(call --data "$reply" "$base/episodes/$episode/turns/$turn?wait=30")
    while [ -z "$handed" ]; do handed=$(call "$base/episodes/$episode?after=$turn&wait=30"); done
  done
done
