"""Serves the folder of the pages from memory, for the peer and the raw loop: `pages.py FOLDER`.

Prints its port. Runs beside what is measured, so no program pays for it. (The arena serves its
own pages and pays.)
"""

import asyncio
import mimetypes
import pathlib
import sys
import urllib.parse


class Pages:
    """Answers GET over connections that stay open."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve(strict=True)
        self.answers = {}

    def answer(self, target):
        path = urllib.parse.unquote(target.partition("?")[0]).lstrip("/")
        if path not in self.answers:
            self.answers[path] = self._read(path)
        return self.answers[path]

    def _read(self, path):
        file = (self.folder / path).resolve()
        if not file.is_relative_to(self.folder) or not file.is_file():
            return self._whole("404 Not Found", "text/plain", b"there is no such file")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        return self._whole("200 OK", kind + charset, file.read_bytes())

    @staticmethod
    def _whole(status, kind, body):
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(self.answer(head.split(b" ", 2)[1].decode()))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # The browser closed the connection.
        finally:
            writer.close()


async def main():
    pages = Pages(sys.argv[1])
    server = await asyncio.start_server(pages.serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
