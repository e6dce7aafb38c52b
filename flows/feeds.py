"""Read the bodies of feeds: small ones here, large ones in worker processes with limits.

The worst body of 256 kB that we could think of takes 1.4 s, a common one 10 ms; a feed of 3 MB
with 10,000 entries takes 4 to 7 s.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.errors import FeedError
from extractors.feeds import parse_feed
from extractors.model import Page, ParsedFeed
from flows.workers import SECONDS, Lost, stream

SMALL = 256_000  # bytes

Unread = tuple[Page, str]  # the body's page and the feed's id


def read_feeds(
    bodies: Sequence[Unread], *, workers: int, seconds: float = SECONDS
) -> list[ParsedFeed | FeedError]:
    """Return the feed or the failure of each of *bodies*, in their order.

    Failures are those of `parse_feed`, "timeout" after *seconds* on a large body, and "crashed"
    where its reader died. With no *workers*, all are read here.
    """
    large = [body for body in bodies if len(body[0].body) > SMALL]
    elsewhere = stream(_read, large, workers=min(workers, len(large)), seconds=seconds)
    return [
        _or_error(next(elsewhere) if len(body[0].body) > SMALL else _read(body)) for body in bodies
    ]


def _read(unread: Unread) -> ParsedFeed | Lost:
    """Return the feed, or kind and message of the failure: exceptions do not cross safely."""
    page, feed_id = unread
    try:
        return parse_feed(
            page.body,
            url=page.final_url,
            feed_id=feed_id,
            content_type=page.header("Content-Type"),
        )
    except FeedError as error:
        return Lost(error.kind, str(error))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the boundary: any feed, any library below
        return Lost("parse", f"{type(error).__name__}: {error}")


def _or_error(read: ParsedFeed | Lost) -> ParsedFeed | FeedError:
    return FeedError(read.kind, read.message) if isinstance(read, Lost) else read
