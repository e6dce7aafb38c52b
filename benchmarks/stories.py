"""Measure stories: 60 clusters cut and edited from real reports, and the speed of clustering.

    python -m benchmarks.stories [--articles 100000] [--batch 5000]

A cluster is one report of ../shared/data/texts as five outlets would run it (fixed seed): whole
with a footer of the outlet's own, cut to 45 and 70 %, with one word in 25 changed, under a local
lead of another report. All of it goes through a real warehouse. Pairwise precision and recall
count. Then made-up articles of 3 kB are sketched and clustered in daily batches on one core.
Exits with 1 below precision 0.98, recall 0.95 or 1,000 articles a second of CPU.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.size_stock import sentences
from extractors.model import stable_id
from extractors.stories import sketch
from warehouse.rows import append, as_list
from warehouse.store import Warehouse
from warehouse.stories import cluster

TEXTS = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "texts"
CLUSTERS = 60
PRECISION, RECALL, A_SECOND = 0.98, 0.95, 1000.0
DAY = date(2026, 11, 2)
_FOOTERS = [
    f"Outlet number {n} keeps its readers up to date around the clock. Sign up for the letter that "
    f"our editors write each morning, follow desk {n} on every channel, and tell us what you saw."
    for n in range(5)
]


@dataclass(frozen=True, slots=True)
class Piece:
    """One article: which report it is, who ran it, when, and its words."""

    report: str
    outlet: str
    day: date
    body: str

    @property
    def article_id(self) -> str:
        """Return the id under which it is stored."""
        return stable_id(self.report, self.outlet)


def main() -> int:
    """Print two tables; return 1 if a floor is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=5_000)
    args = parser.parse_args()
    with TemporaryDirectory(prefix="casewatch-stories-") as folder:
        precision, recall = pairs(Path(folder) / "pairs.duckdb")
        rate = speed(Path(folder) / "speed.duckdb", args.articles, args.batch)
    fine = precision >= PRECISION and recall >= RECALL and rate >= A_SECOND
    return 0 if fine else 1


def pairs(path: Path) -> tuple[float, float]:
    """Cluster the 60 reports' pieces; print and return pairwise precision and recall."""
    pieces = list(edited(reports(CLUSTERS * 2)))
    with Warehouse(path).transaction() as db:
        store(db, pieces)
        cluster(db)
        found = dict(db.execute("select article_id, story_id from article").fetchall())
    same = wrong = missed = 0
    for one, other in combinations(pieces, 2):
        together = found[one.article_id] == found[other.article_id]
        same += together and one.report == other.report
        wrong += together and one.report != other.report
        missed += not together and one.report == other.report
    precision, recall = same / (same + wrong), same / (same + missed)
    print(f"{CLUSTERS} reports, {len(pieces)} pieces: {same} pairs right, {wrong} wrong, ", end="")
    print(f"{missed} missed: precision {precision:.4f}, recall {recall:.4f}")
    return precision, recall


def reports(most: int) -> list[str]:
    """Return *most* of the real reports, of 150 words and more, drawn with a fixed seed."""
    chance = random.Random(11)
    texts = [
        json.loads(line)["text"]
        for file in sorted(TEXTS.glob("**/docs.jsonl.gz"))
        for line in gzip.decompress(file.read_bytes()).decode("utf-8").splitlines()
    ]
    return chance.sample([text for text in texts if len(text.split()) >= 150], most)


def edited(texts: Sequence[str]) -> Iterator[Piece]:
    """Yield five pieces of each of the first CLUSTERS *texts*; the others lend their leads."""
    chance = random.Random(12)
    for number, text in enumerate(texts[:CLUSTERS]):
        lead = " ".join(texts[CLUSTERS + number].split()[:40])
        words = text.split()
        bodies = (
            text,
            " ".join(words[: int(len(words) * 0.7)]),
            " ".join(words[: int(len(words) * 0.45)]),
            " ".join(w if chance.random() > 0.04 else w[::-1] for w in words),
            f"{lead} {text}",
        )
        for outlet, body in enumerate(bodies):
            day = DAY + timedelta(days=chance.randint(0, 3))
            yield Piece(f"report{number}", f"outlet{outlet}", day, f"{body}\n\n{_FOOTERS[outlet]}")


def speed(path: Path, articles: int, batch: int) -> float:
    """Sketch and cluster *articles* on one core; print and return articles a second of CPU.

    Every fourth is another outlet's copy; a batch is a day's.
    """
    said = sentences(20_000, seed=1)
    warehouse = Warehouse(path)
    spent = 0.0
    for number in range(0, articles, batch):
        day = DAY + timedelta(days=number // batch)
        pieces = list(_made_up(said, number, min(batch, articles - number), day))
        with warehouse.transaction() as db:
            db.execute("set threads = 1")
            begun = time.process_time()
            store(db, pieces)
            cluster(db)
            spent += time.process_time() - begun
    rate = articles / spent
    print(
        f"{articles:,} articles of 3 kB in batches of {batch:,}: {rate:,.0f} a second of one core"
    )
    return rate


def _made_up(said: Sequence[str], first: int, how_many: int, day: date) -> Iterator[Piece]:
    chance = random.Random(first)
    bodies: list[str] = []
    for number in range(first, first + how_many):
        copied = chance.choice(bodies) if bodies and number % 4 == 0 else None
        body = copied or " ".join(chance.choices(said, k=30))
        bodies.append(body)
        yield Piece(f"r{number}", f"outlet{number % 50}", day, body)


def store(db: duckdb.DuckDBPyConnection, pieces: Iterable[Piece]) -> None:
    """Store *pieces* as articles with their sketches, as a run does."""
    pieces = list(pieces)
    append(db, "article", [_article(piece) for piece in pieces])
    sketches = [
        {"day": p.day, "article_id": p.article_id, "shingles": as_list(sketch(p.body))}
        for p in pieces
    ]
    append(db, "sketch", sketches)


def _article(piece: Piece) -> dict[str, object]:
    at = datetime(piece.day.year, piece.day.month, piece.day.day, 8, tzinfo=UTC)
    return {
        "article_id": piece.article_id,
        "canonical_url": f"https://{piece.outlet}.example/{piece.report}",
        "url": f"https://{piece.outlet}.example/{piece.report}",
        "host": f"{piece.outlet}.example",
        "outlet": piece.outlet,
        "page_kind": "article",
        "authors": [],
        "published_at": at,
        "published_day": piece.day,
        "first_seen_at": at,
        "version_id": piece.article_id,
        "versions": 1,
    }


if __name__ == "__main__":
    raise SystemExit(main())
