#!/usr/bin/env python3
"""An agent that is an MCP client: it knows nothing but the tools (docs/agent-protocol.md).

    export TOKEN=$(agentarena agents secret "my remote")
    python3 examples/mcp_agent.py http://127.0.0.1:8080/mcp
    python3 examples/mcp_agent.py agentarena mcp --url http://127.0.0.1:8080
"""
import asyncio
import os
import re
import sys

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

TOKEN = os.environ["TOKEN"]


def server():
    if not sys.argv[1].startswith("http"):
        return StdioServerParameters(command=sys.argv[1], args=sys.argv[2:], env={"TOKEN": TOKEN})
    http = httpx2.AsyncClient(headers={"authorization": f"Bearer {TOKEN}"})
    return streamable_http_client(sys.argv[1], http_client=http)


async def main():
    async with Client(server()) as client:
        while True:
            shown = await client.call_tool("observe", {})
            page = re.search(r'RootWebArea "(.*)" url=', shown.content[0].text)
            if page:
                await client.call_tool("finish", {"answer": page[1]})


asyncio.run(main())
