"""What others wrote, made inert for a terminal: no escape sequence, no words turned around.

Names, titles, addresses and messages come from the web and the registry. A terminal obeys what it
is shown: ESC and the C1 controls move its cursor, set its title or fill its keyboard buffer, and
bidi overrides show a link as another one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO, cast

_CONTROLS = (chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t")
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_DROPPED = str.maketrans(dict.fromkeys((*_CONTROLS, *_BIDI)))


def inert(text: str) -> str:
    """Return *text* without control characters, but for tab and line feed, and bidi overrides."""
    return text.translate(_DROPPED)


class InertStream:
    """A terminal's stream that takes words only. It says that it is no terminal: no colours then.

    `terminal` is the stream itself, for who strips on its own (`flows.show.console`).
    """

    def __init__(self, terminal: TextIO) -> None:
        self.terminal = terminal

    def write(self, text: str) -> int:
        """Write *text*, inert."""
        self.terminal.write(inert(text))
        return len(text)

    def isatty(self) -> bool:
        """Return False."""
        return False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.terminal, name)


@contextmanager
def inert_terminal() -> Iterator[None]:
    """Keep what is printed while the block lasts inert where stdout or stderr is a terminal.

    What goes to a file or a program stays as it is, byte for byte.
    """
    with ExitStack() as redirected:
        if sys.stdout.isatty():
            redirected.enter_context(redirect_stdout(cast("TextIO", InertStream(sys.stdout))))
        if sys.stderr.isatty():
            redirected.enter_context(redirect_stderr(cast("TextIO", InertStream(sys.stderr))))
        yield
