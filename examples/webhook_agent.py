#!/usr/bin/env python3
"""An agent behind an address: each turn is a signed POST (docs/agent-protocol.md).

    SECRET=$(agentarena agents secret "my webhook") python3 examples/webhook_agent.py 9000
"""
import base64
import hashlib
import hmac
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = base64.b64decode(os.environ.get("SECRET", "").removeprefix("whsec_"))


class Agent(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
        tag = base64.b64encode(hmac.digest(SECRET, signed, hashlib.sha256)).decode()
        if SECRET and not hmac.compare_digest(f"v1,{tag}", self.headers["webhook-signature"]):
            return self.answer(401, {"error": "the signature is wrong"})
        message = json.loads(body)
        if message["type"] == "end":
            return self.answer(200, {})
        self.answer(200, {"action": f"send_msg_to_user({message['observation']['title']!r})"})

    def answer(self, status, reply):
        body = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Agent).serve_forever()
