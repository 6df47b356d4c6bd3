"""A model server in OpenAI's shape that replies from a script, for agents under test.

    python3 scripted_model.py '["click({link 'Orders'})", "send_msg_to_user('4')"]'

`{role 'name'}` in a reply becomes the id, in quotes, that the prompt shows for such an element, so
a reply can only be right when the page reached the prompt. Prints its port, then serves.
"""
import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SCRIPT = json.loads(sys.argv[1])


def prompt_of(body):
    """All texts of a request."""
    texts = []
    for message in body["messages"]:
        content = message["content"]
        parts = content if isinstance(content, list) else [{"type": "text", "text": content}]
        texts += [part["text"] for part in parts if part["type"] == "text"]
    return "\n".join(texts)


def resolved(step, prompt):
    """The step with the ids of this prompt."""

    def bid(found):
        shown = re.findall(rf"\[(\d+)\] {re.escape(found[1])}", prompt)
        return repr(shown[-1]) if shown else "'the prompt does not show it'"

    return re.sub(r"\{(.*?)\}", bid, step)


class Model(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        action = resolved(SCRIPT.pop(0), prompt_of(body)) if SCRIPT else "noop()"
        text = f"<think>\nas the script says\n</think>\n<action>\n{action}\n</action>"
        message = {"role": "assistant", "content": text}
        reply = json.dumps({
            "id": "scripted", "object": "chat.completion", "created": 0, "model": body["model"],
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
print(server.server_port, flush=True)
server.serve_forever()
