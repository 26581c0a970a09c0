"""A little server that speaks as the agents' systems and a supplier do: it answers as the demo does,
unless a test says otherwise."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from agents_ops.connectors.demo import DemoAccounts, DemoSource, DemoSuppliers
from agents_ops.connectors.records import SYSTEMS, Complaint, Question

TOKEN = "kunci-uji"


class Server(ThreadingHTTPServer):
    """`answer` may say something else; `asked` holds every (path, headers, body)."""

    daemon_threads = True
    answer: Callable[[Any], None] | None = None

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def paths(self) -> list[str]:
        return [path for path, _headers, _body in self.asked]


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), body))
        if self.server.answer is not None:
            self.server.answer(self)
        elif self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.say(401, {})
        else:
            self.say(200, told(self.path.removeprefix("/v1/"), body))

    def say(self, status: int, body: Any, **headers: str) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body, default=str).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_words: object) -> None:
        """Quiet."""


def told(name: str, body: dict[str, Any]) -> Any:
    """What the demo tells, as JSON has it."""
    asked = {**body, **({"at": datetime.fromisoformat(body["at"])} if body.get("at") else {})}
    if name in SYSTEMS:
        found = asdict(DemoSource(name).find(Question(**asked)))
    elif name == "blocks":
        found = asdict(DemoAccounts().block(body["agent_code"], key=body["key"]))
    elif name == "logins":
        found = {"logins": [asdict(each) for each in DemoAccounts().logins(body["agent_code"])]}
    elif name == "transactions":
        since, until = (datetime.fromisoformat(body[each]) for each in ("since", "until"))
        rows = DemoAccounts().transactions(body["agent_code"], since, until)
        found = {"transactions": [asdict(each) for each in rows]}
    else:
        found = asdict(DemoSuppliers().send(Complaint(**asked)))
    return json.loads(json.dumps(found, default=lambda at: at.isoformat()))


@contextmanager
def agent_systems() -> Iterator[Server]:
    found = Server()
    threading.Thread(
        target=found.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    try:
        yield found
    finally:
        found.shutdown()
        found.server_close()
