"""Plays one task over MCP with the official client, from a script, and prints what it saw as JSON.

    TOKEN=... python3 mcp_player.py MODE '["fill({searchbox 'Search the shop'}, 'pan')", ...]' TARGET...

MODE is how the client begins: `auto` (no session, protocol of 2026) or `legacy` (initialize).
TARGET is an address, or a command that speaks over standard input and output. A step is
`[tool, arguments]`; `{role "name"}` in an argument becomes the id that the last page shows for it.
The step `vanish` ends the client at once, without a word.
"""
import asyncio
import json
import os
import re
import sys

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

MODE, SCRIPT, TARGET = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:]
TOKEN = os.environ["TOKEN"]


def server():
    if not TARGET[0].startswith("http"):
        return StdioServerParameters(command=TARGET[0], args=TARGET[1:], env={"TOKEN": TOKEN})
    http = httpx2.AsyncClient(headers={"authorization": f"Bearer {TOKEN}"})
    return streamable_http_client(TARGET[0], http_client=http)


def resolved(value, page):
    def bid(found):
        shown = re.findall(rf"\[(\d+)\] {re.escape(found[1])}", page)
        return shown[0] if shown else f"no {found[1]}"

    return re.sub(r"\{(.*?)\}", bid, value) if isinstance(value, str) else value


def seen(tool, result):
    kinds = [content.type for content in result.content]
    return {
        "tool": tool, "text": result.content[0].text, "kinds": kinds, "isError": result.is_error,
        "standing": result.meta["agentarena/standing"],
    }


async def main():
    report = {"calls": []}
    async with Client(server(), mode=MODE) as client:
        report["protocol"] = client.protocol_version
        report["instructions"] = client.instructions
        report["tools"] = [tool.name for tool in (await client.list_tools()).tools]
        page = ""
        for step in SCRIPT:
            if step == "vanish":
                os._exit(9)
            tool, arguments = step
            arguments = {name: resolved(value, page) for name, value in arguments.items()}
            result = await client.call_tool(tool, arguments)
            page = result.content[0].text
            report["calls"].append(seen(tool, result))
            print(f"{tool}: {page[:200]!r}", file=sys.stderr, flush=True)
    print(json.dumps(report))


asyncio.run(main())
