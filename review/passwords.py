"""The desk's password: kept as a scrypt hash, compared in constant time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from extractors.errors import UsageError

_N, _R, _P = 2**15, 8, 1  # 32 MiB and about 0.1 s a try
_MEMORY = 128 * _N * _R * 2
_LEAST = 8  # characters


def hash_password(password: str) -> str:
    """Return what to keep of *password*. Raises UsageError for one that is too short."""
    if len(password) < _LEAST:
        raise UsageError(f"the password has {len(password)} characters; take {_LEAST} at least.")
    salt = secrets.token_bytes(16)
    return f"scrypt${_N}${_R}${_P}${_text(salt)}${_text(_derive(password, salt, _N, _R, _P))}"


def is_password(password: str, kept: str) -> bool:
    """Return whether *kept* was made of *password*. Raises UsageError if it is no such hash."""
    n, r, p, salt, derived = _parts(kept)
    return hmac.compare_digest(_derive(password, salt, n, r, p), derived)


def check_hash(kept: str) -> str:
    """Return *kept*. Raises UsageError if it is not what `hash_password` returns."""
    _parts(kept)
    return kept


def _parts(kept: str) -> tuple[int, int, int, bytes, bytes]:
    try:
        name, n, r, p, salt, derived = kept.split("$")
        found = int(n), int(r), int(p), base64.b64decode(salt), base64.b64decode(derived)
    except ValueError:
        name, found = "", (0, 0, 0, b"", b"")
    if name != "scrypt" or found[:3] != (_N, _R, _P) or len(found[4]) != 32:
        raise UsageError(
            "CASEWATCH_DESK_PASSWORD_HASH is no hash of ours; `casewatch review --hash-password` "
            "makes one (quote it: it holds $)."
        )
    return found


def _derive(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=salt,
        n=n,
        r=r,
        p=p,
        maxmem=_MEMORY,
        dklen=32,
    )


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
