"""How a message gets to people: printed, mailed, posted to a webhook of ours, or by Apprise.

Each carrier answers whether the message was taken, and if not why, without any secret. None waits
for ever, whatever the other side does.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import logging
import queue
import re
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from threading import Thread
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from extractors.errors import UsageError
from flows.addresses import Guard, guard_of, guarded_connections
from flows.digests import json_of, text_of, with_notes
from flows.mail import mail_of, mailbox_of, quiet_apprise, send_mail
from flows.settings import Settings
from warehouse.outbox import Message

STDOUT = "stdout"
_MAIL = frozenset({"mailto", "mailtos"})
_WEBHOOK = "webhook+"  # webhook+https://desk.example/hook
_WITH_HOST = frozenset({"mailto", "json", "xml", "form", "http", f"{_WEBHOOK}http"})
_SECONDS = 60.0  # for one message, all in all


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a channel took a message; *failure* says why not.

    *hung*: it let us wait in vain, so that further messages would only wait as long.
    """

    taken: bool
    failure: str = ""
    hung: bool = False


Carry = Callable[[str, Message], Answer]  # (address, message) -> what became of it
Now = Callable[[], float]  # seconds since 1970


def channel_name(url: str) -> str:
    """Return a name for an Apprise URL that gives none of its secrets away."""
    scheme, told, _ = url.partition("://")  # not urlsplit: it refuses a password with a bracket
    return f"{scheme if told else 'channel'}:{sha256(url.encode()).hexdigest()[:8]}"


def carrier(settings: Settings, *, seconds: float = _SECONDS) -> Carry:
    """Return what carries a message to an address; a try that takes *seconds* has failed.

    Raises UsageError where a webhook is to be signed and no secret is set.
    """
    if not settings.webhook_secret and any(u.startswith(_WEBHOOK) for u in settings.notify):
        raise UsageError("CASEWATCH_WEBHOOK_SECRET is not set; a webhook's calls are signed by it.")

    def carry(url: str, message: Message) -> Answer:
        if url == STDOUT:
            print(text_of(message.content))  # noqa: T201
            return Answer(taken=True)
        return _in_time(lambda: _carry(url, message, settings), url, seconds)

    return carry


def signature_headers(secret: str, message_id: str, body: bytes, timestamp: int) -> dict[str, str]:
    """Return the headers by which a receiver knows that a call is ours, fresh, and which one it is.

    They follow the Standard Webhooks specification: HMAC-SHA256 over `id.timestamp.body`, base64. A
    secret that begins with whsec_ is base64 itself.
    """
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return {
        "Idempotency-Key": message_id,
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def post_webhook(url: str, message: Message, settings: Settings, *, now: Now = time.time) -> Answer:
    """Post *message* as signed JSON. Only a 2xx is a yes; redirects are not followed."""
    parts = urlsplit(url.removeprefix(_WEBHOOK))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return Answer(taken=False, failure="no address: write webhook+https://host/path")
    body = json_of(message.content, message.id)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": settings.user_agent,
        **_login(parts),
        **signature_headers(settings.webhook_secret, message.id, body, int(now())),
    }
    with guarded_connections(guard_of(settings.allow)):
        status = _post(parts, body, headers)
    return Answer(200 <= status < 300, "" if 200 <= status < 300 else f"HTTP {status}")


def post_by_apprise(url: str, message: Message, guard: Guard) -> Answer:
    """Send *message* as a chat message, as long as the service takes it, with its key at the end.

    It connects only where *guard* permits, on each redirect as well: a webhook must not become a
    way into our own network.
    """
    apprise = quiet_apprise()
    with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as said:
        service: Any = apprise.Apprise.instantiate(url)
        if service is None:
            return Answer(taken=False, failure="no address that Apprise knows")
        key = f"casewatch message {message.id}"
        most = int(service.body_maxlen) - len(key) - 2
        text = text_of(message.content, fits=lambda words: len(words) <= most)
        with guarded_connections(guard):
            taken = service.notify(title=message.content["title"], body=with_notes(text, key))
        words = " ".join(said.getvalue().split())
    return Answer(taken=True) if taken else Answer(taken=False, failure=words or "refused")


def without_secrets(words: str, url: str) -> str:
    """Return *words* without any part of *url* that could be a secret: all but a real host."""
    found = {url, *re.split(r"[/?&=:@#]+", url.partition("://")[2])}
    found |= {unquote(part) for part in found}
    for secret in sorted(found - {_host(url)}, key=len, reverse=True):
        if len(secret) >= 4 and not (secret.isdecimal() and len(secret) <= 5):  # a port is none
            words = words.replace(secret, "***")
    return words[:300]


def _carry(url: str, message: Message, settings: Settings) -> Answer:
    if url.startswith(_WEBHOOK):
        return post_webhook(url, message, settings)
    if url.partition("://")[0].lower() in _MAIL:
        mailbox = mailbox_of(url)  # who names a mail server means it: no guard
        if mailbox is None:
            return Answer(taken=False, failure="no mail address that can be read")
        send_mail(mailbox, mail_of(message, mailbox))
        return Answer(taken=True)
    return post_by_apprise(url, message, guard_of(settings.allow))


def _in_time(send: Callable[[], Answer], url: str, seconds: float) -> Answer:
    """Return what *send* answers, or a failure after *seconds*.

    A try that is left behind may still arrive: the next one has the same key.
    """
    answers: queue.Queue[Answer] = queue.Queue()

    def run() -> None:
        try:
            answers.put(send())
        except Exception as error:  # noqa: BLE001 - whatever a library raises costs this try only
            answers.put(Answer(taken=False, failure=f"{type(error).__name__}: {error}"))

    Thread(target=run, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        return Answer(taken=False, failure=f"no answer within {seconds:g} s", hung=True)
    return Answer(answer.taken, without_secrets(answer.failure, url))


def _post(parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> int:
    """Post *body* and return the status of the answer. Raises OSError or HTTPException."""
    assert parts.hostname  # noqa: S101 - post_webhook has looked
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=_SECONDS / 3, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=_SECONDS / 3)
    try:
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        connection.request("POST", target, body, dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def _login(parts: SplitResult) -> dict[str, str]:
    if not parts.username:
        return {}
    told = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {base64.b64encode(told.encode()).decode()}"}


def _key(secret: str) -> bytes:
    if secret.startswith("whsec_"):
        return base64.b64decode(secret.removeprefix("whsec_"))
    return secret.encode()


def _host(url: str) -> str:
    """Return the host of *url*, "" where Apprise keeps a token in its place (slack://TOKEN/...)."""
    if url.partition("://")[0].rstrip("s") not in _WITH_HOST:
        return ""
    rest = re.split(r"[/?#]", url.partition("://")[2])[0]
    return rest.rpartition("@")[2].partition(":")[0]
