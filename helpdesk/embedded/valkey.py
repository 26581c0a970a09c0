"""One Valkey (or Redis) server in a folder of the checkout, reachable through a private socket."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

from helpdesk.embedded import accounts, addresses, binaries, processes
from helpdesk.embedded.errors import EmbeddedServerError
from helpdesk.embedded.places import Place

START_SECONDS = 20.0


class Valkey:
    """durable=False keeps nothing on disk: the test suite's."""

    def __init__(self, place: Place, *, durable: bool = True) -> None:
        self.place = place
        self.durable = durable

    @property
    def url(self) -> str:
        return addresses.redis_url(self.place)

    @property
    def data(self) -> Path:
        return self.place.data

    @property
    def socket(self) -> Path:
        return self.place.sockets / addresses.VALKEY_SOCKET

    def ensure(self) -> None:
        if self.answers():
            return
        if pid := self._stuck_pid():
            processes.end(pid, signal.SIGKILL, within=5.0)
        accounts.own_private_folder(self.place.sockets, os.geteuid())
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._start()

    def stop(self) -> None:
        pid = self.pid()
        if pid and not processes.end(pid, signal.SIGTERM, within=10.0):
            processes.end(pid, signal.SIGKILL, within=5.0)

    def answers(self) -> bool:
        return self._ask("PING").startswith("+PONG")

    def pid(self) -> int | None:
        match = re.search(r"process_id:(\d+)", self._ask("INFO server"))
        return int(match[1]) if match else self._stuck_pid()

    def _stuck_pid(self) -> int | None:
        """This folder's server if it runs and yet does not answer."""
        try:
            pid = int(self._pid_file.read_text())
        except (OSError, ValueError):
            return None
        ours = processes.alive(pid) and str(self.place.sockets) in processes.command(pid)
        return pid if ours else None

    @property
    def _pid_file(self) -> Path:
        return self.place.sockets / "valkey.pid"

    def _ask(self, command: str) -> str:
        """The beginning of the answer, as the server spells it; empty when there is none."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1.0)
                line.connect(str(self.socket))
                line.sendall(f"{command}\r\n".encode())
                return line.recv(8192).decode(errors="replace")
        except OSError:
            return ""

    def _start(self) -> None:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self._pid_file),
            "daemonize": "no",
            # A task is never thrown away for want of memory: a full server refuses instead.
            "maxmemory-policy": "noeviction",
            "appendonly": "yes" if self.durable else "no",
            "save": "",
        }
        self.place.log.parent.mkdir(parents=True, exist_ok=True)
        with self.place.log.open("wb") as log:
            process = subprocess.Popen(
                [
                    str(binaries.valkey_program()),
                    *(word for name, value in settings.items() for word in (f"--{name}", value)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )
        processes.remember(process)
        ready = processes.wait_until(
            lambda: process.poll() is not None or self.answers(), START_SECONDS
        )
        if process.poll() is not None or not ready:
            raise EmbeddedServerError(
                f"Valkey did not start; the end of {self.place.log}:\n"
                f"{processes.last_lines(self.place.log)}"
            )
