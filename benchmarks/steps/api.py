"""As little of the Bot API as can be: every call is answered as a message that was sent.

`GET /sent` tells how many there were.
"""

import asyncio
import json
import re
import sys

BODY = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
END = b"\r\n\r\n"
ME = {"id": 1_000_001, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
MESSAGE = {
    "date": 1_790_000_000,
    "chat": {"id": 7_000_001, "type": "private", "first_name": "Maria"},
    "from": ME,
    "text": "Thank you.",
}


class Api(asyncio.Protocol):
    sent = 0

    def __init__(self) -> None:
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        while (head_ends := self._got.find(END)) >= 0:
            length = BODY.search(self._got, 0, head_ends)
            ends = head_ends + len(END) + (int(length[1]) if length else 0)
            if len(self._got) < ends:
                return
            head, self._got = self._got[:head_ends], self._got[ends:]
            self._line.write(_answer(head.split(b" ", 2)[1]))  # type: ignore[attr-defined]


def _answer(path: bytes) -> bytes:
    if path == b"/sent":
        return _told(Api.sent)
    if path.endswith(b"/getMe"):
        return _told({"ok": True, "result": ME})
    Api.sent += 1
    return _told({"ok": True, "result": {"message_id": Api.sent, **MESSAGE}})


def _told(said: object) -> bytes:
    body = json.dumps(said).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Api, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve())
