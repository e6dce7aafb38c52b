"""What was odd about a feed, counted: one line a kind, however often it occurs."""

from __future__ import annotations

from collections import Counter


class Notes:
    """Collects warnings while a feed is read. Each kind keeps its count and its first example."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, str] = {}

    def add(self, kind: str, example: str = "") -> None:
        """Count one more of *kind*; *example* is shown for the first of them."""
        self._counts[kind] += 1
        self._examples.setdefault(kind, example[:60])

    def lines(self) -> tuple[str, ...]:
        """Return one line a kind, in the order in which they were met."""
        return tuple(self._line(kind, count) for kind, count in self._counts.items())

    def _line(self, kind: str, count: int) -> str:
        times = f" ({count} times)" if count > 1 else ""
        example = self._examples[kind]
        return f"{kind}{times}" + (f": {example!r}" if example else "")
