"""A webhook receiver and an SMTP server on 127.0.0.1 that fail in every way that real ones do."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseServer, StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread

TROUBLES = ("fail", "refuse", "hang", "drip", "drop")


@dataclass
class Behaviour:
    """What a server does with its next messages, one word each; then it takes everything.

    fail: a temporary error. refuse: a permanent one. hang: no answer. drip: an answer without an
    end. drop: the message is taken and the connection cut before the answer.
    """

    troubles: list[str] = field(default_factory=list)
    on_message: Callable[[int], None] = lambda _: None  # called before the answer, with its number
    closing: Event = field(default_factory=Event)
    arrived: int = 0

    def next(self) -> str:
        self.arrived += 1
        self.on_message(self.arrived)
        return self.troubles.pop(0) if self.troubles else "take"


@dataclass
class Call:
    """One call of the webhook."""

    path: str
    headers: dict[str, str]
    body: bytes


class Webhook(ThreadingHTTPServer):
    """Keeps every call whose body arrived whole, whatever it then answers."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.behaviour = Behaviour()
        self.calls: list[Call] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"webhook+http://{self.address}/hook/s3cret-path"

    def handle_error(self, request, client_address) -> None:
        """Say nothing: the other side hangs up, or is killed."""


class _Hook(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append(Call(self.path, dict(self.headers.items()), body))
        behaviour = self.server.behaviour
        trouble = behaviour.next()
        if trouble == "drop":
            return
        if trouble == "hang":
            behaviour.closing.wait(30)
            return
        if trouble == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not behaviour.closing.wait(0.1):
                self.wfile.write(b"X-Drip: drop\r\n")
            return
        self.send_response({"fail": 500, "refuse": 410}.get(trouble, 204))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


class Mailserver(ThreadingTCPServer):
    """Keeps every mail whose words arrived whole, whatever it then answers."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.behaviour = Behaviour()
        self.raw: list[bytes] = []
        self.recipients: list[list[str]] = []
        self.logins: list[str] = []

    @property
    def url(self) -> str:
        login, host = "wire:s3cret-word", f"127.0.0.1:{self.server_address[1]}"
        people = "from=Watch<watch@desk.example>&to=ann@desk.example,bo@desk.example"
        return f"mailto://{login}@{host}?{people}&mode=insecure"

    @property
    def mails(self) -> list[EmailMessage]:
        read = (message_from_bytes(raw, policy=default) for raw in self.raw)
        return [mail for mail in read if isinstance(mail, EmailMessage)]

    def handle_error(self, request, client_address) -> None:
        """Say nothing: the other side hangs up, or is killed."""


class _Smtp(StreamRequestHandler):
    server: Mailserver

    def handle(self) -> None:
        self._say("220 mail.example ready")
        people: list[str] = []
        while line := self.rfile.readline().decode().strip():
            word = line.partition(" ")[0].upper()
            if word == "EHLO":
                self._say("250-mail.example", "250 AUTH PLAIN")
            elif word == "AUTH":
                self.server.logins.append(base64.b64decode(line.split()[-1]).decode())
                self._say("235 welcome")
            elif word == "RCPT":
                people.append(line.partition("<")[2].partition(">")[0])
                self._say("250 fine")
            elif word == "DATA":
                self._say("354 go on")
                if not self._take(people):
                    return
            else:
                self._say("221 bye" if word == "QUIT" else "250 fine")

    def _take(self, people: list[str]) -> bool:
        """Read the mail and answer as the behaviour says; return whether to go on."""
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.raw.append(b"".join(lines))
        self.server.recipients.append(people)
        behaviour = self.server.behaviour
        trouble = behaviour.next()
        if trouble == "hang":
            behaviour.closing.wait(30)
        if trouble == "drip":
            while not behaviour.closing.wait(0.1):
                self._say("250-more")
        if trouble in {"hang", "drip", "drop"}:
            return False
        self._say(
            {"fail": "451 try again later", "refuse": "550 s3cret-word is no good"}.get(
                trouble, "250 taken"
            )
        )
        return True

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def running(server: Webhook | Mailserver) -> Iterator[None]:
    """Serve until the block ends."""
    thread = Thread(target=BaseServer.serve_forever, args=(server, 0.02), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.behaviour.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
