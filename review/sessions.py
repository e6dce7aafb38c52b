"""Who sits at the desk: a signed cookie. It outlives the desk, so that no key press is lost."""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

COOKIE = "casewatch_desk"
LASTS = 14 * 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Session:
    """A browser. *name* is who judges there; *known* says whether the password was given."""

    id: str
    name: str
    known: bool
    until: int  # seconds since 1970


class Sessions:
    """Signs and reads cookies, and the tokens of forms, with a secret of its own."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def begin(self, name: str, *, known: bool, now: float) -> Session:
        """Return a session for a browser that has none."""
        return Session(secrets.token_urlsafe(16), name, known, int(now) + LASTS)

    def cookie(self, session: Session) -> str:
        """Return *session* as text for a cookie."""
        facts = json.dumps(asdict(session), ensure_ascii=True, separators=(",", ":"))
        body = base64.urlsafe_b64encode(facts.encode()).decode().rstrip("=")
        return f"{body}.{self._sign('cookie', body)}"

    def read(self, cookie: str, now: float) -> Session | None:
        """Return the session in *cookie*, or None where it is not ours or too old."""
        body, _, signature = cookie.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign("cookie", body).encode()):
            return None
        session = Session(**json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
        return session if session.until > now else None

    def token(self, session: Session) -> str:
        """Return what every form of that session must bring back."""
        return self._sign("form", session.id)

    def is_token(self, session: Session, token: str) -> bool:
        """Return whether *token* is that session's."""
        return hmac.compare_digest(self.token(session).encode(), token.encode("utf-8", "replace"))

    def _sign(self, purpose: str, words: str) -> str:
        return hmac.new(self._secret, f"{purpose}\x1f{words}".encode(), sha256).hexdigest()


def read_secret(folder: Path, extra: str = "") -> bytes:
    """Return the secret below *folder*, made at the first call, mixed with *extra*.

    *extra* is the password's hash: with another password, every cookie is worth nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secret"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "wb") as fresh:
            fresh.write(secrets.token_bytes(32))
            fresh.flush()
            os.fsync(fresh.fileno())
    return sha256(file.read_bytes() + extra.encode()).digest()
