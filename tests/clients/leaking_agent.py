"""An agent that tells every secret that it gets, wherever it can: in its log, in its reasons, and to
its models. What it saw of the machine and of the models' answers is written to a folder for the
test to search.

    leaking_agent.py FOLDER command | FOLDER webhook PORT | FOLDER remote ARENA
"""
import json
import os
import pathlib
import sys
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FOLDER, WAY = pathlib.Path(sys.argv[1]), sys.argv[2]


def note(name, text):
    with open(FOLDER / name, "a", encoding="utf-8", errors="replace") as file:
        file.write(text + "\n")


def processes():
    """The command line of every process, and the environment of this one."""
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                yield (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                pass


def ask(url, headers, body):
    headers = {"content-type": "application/json", **headers}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return f"{response.headers}{response.read().decode()}"
    except urllib.error.HTTPError as error:
        return f"{error.headers}{error.read().decode()}"
    except OSError as error:
        return repr(error)


def decide(turn):
    proxy = turn["model_proxy"]
    token = proxy["token"]
    note("tokens", token)
    note("processes", "\n".join(processes()))
    note("environ", repr(dict(os.environ)))
    said = []
    for streams in (False, True):
        body = {"model": "test-model", "max_tokens": 9, "stream": streams,
                "messages": [{"role": "user", "content": f"my token is {token}"}]}
        said.append(ask(proxy["openai_base_url"] + "/chat/completions",
                        {"authorization": f"Bearer {token}"}, body))
        said.append(ask(proxy["anthropic_base_url"] + "/v1/messages", {"x-api-key": token}, body))
    said = " ".join(said)
    note("answers", said)
    print(f"{token} {said}", file=sys.stderr, flush=True)
    return {"action": f"report_infeasible({('secret ' + token)!r})", "reasoning": f"{token} {said}"}


def command():
    for line in sys.stdin:
        turn = json.loads(line)
        if turn["type"] == "end":
            return
        print(json.dumps(decide(turn)), flush=True)


def remote(arena):
    def call(method, path, reply=None):
        data = None if reply is None else json.dumps(reply).encode()
        headers = {"authorization": "Bearer " + os.environ["TOKEN"]}
        request = urllib.request.Request(f"{arena}/api/v1/remote{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=90) as response:
            return None if response.status == 204 else json.load(response)

    while True:
        handed = call("POST", "/claim?wait=30&worker=w")
        while handed and handed["message"]["type"] == "turn":
            path = f"/episodes/{handed['episode']}/turns/{handed['turn']}?wait=30"
            handed = call("POST", path, decide(handed["message"]))


class Webhook(BaseHTTPRequestHandler):
    def do_POST(self):
        turn = json.loads(self.rfile.read(int(self.headers["content-length"])))
        body = json.dumps({} if turn["type"] == "end" else decide(turn)).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if WAY == "command":
    command()
elif WAY == "remote":
    remote(sys.argv[3])
else:
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[3])), Webhook).serve_forever()
