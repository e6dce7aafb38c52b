"""One alert's evidence as a folder that a third party can check without casewatch.

    page.warc.gz   the records of the article's pages, byte for byte as they stand in the archive
    text.txt       the version that raised the alert: all offsets count its code points
    mentions.json  where it names the subject, with each term of the evidence
    verdicts.json  what people said of the alert
    alert.json     alert, article, version, captures, and the versions of code and registry
    index.html     all of it for a reader
    check.py       checks the folder; the standard library is enough
    SHA256SUMS     for `sha256sum -c`

Nothing in it depends on when it was written: two exports of one alert are equal, byte for byte.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb

from extractors.errors import RecordError, UsageError, WarehouseError
from flows import evidence_check
from flows.evidence_page import evidence_page
from warehouse import evidence as stored
from warehouse.captures import discarding
from warehouse.chain import Break, alert_breaks
from warehouse.inbox import Judgement
from warehouse.records import Record, member_bytes, read_record

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of one alert, as rows."""

    alert: dict[str, Any]
    article: dict[str, Any]
    version: dict[str, Any]  # the one that raised the alert, with its text
    mentions: Rows  # rejected candidates too
    events: Rows
    verdicts: Rows
    captures: Rows  # each record once
    versions: Rows  # of the article, without their texts
    changes: Rows
    names: dict[str, str]  # subject id -> name to show
    left_out: tuple[str, ...] = ()  # records that could not be read, in words


def gather(
    db: duckdb.DuckDBPyConnection, archive: Path, waiting: Sequence[Judgement], alert_id: str
) -> Evidence:
    """Return the evidence of an alert; verdicts that are still *waiting* in the inbox count.

    Raises WarehouseError, naming every break, where the alert does not lead to its page.
    """
    breaks = list(alert_breaks(db, archive, alert_id))
    if breaks:
        raise WarehouseError(_refusal(alert_id, breaks))
    alert = stored.alert_row(db, alert_id)
    captures, left_out = _sound(archive, stored.capture_rows(db, alert["article_id"]))
    return Evidence(
        alert=alert,
        article=stored.article_row(db, alert["article_id"]),
        version=stored.version_row(db, alert["version_id"]),
        mentions=stored.mention_rows(db, alert["version_id"], alert["subject_id"]),
        events=stored.event_rows(db, alert["version_id"], alert["subject_id"]),
        verdicts=_verdicts(stored.verdict_rows(db, alert_id), waiting, alert_id),
        captures=captures,
        versions=[_but(row, "text") for row in stored.version_rows(db, alert["article_id"])],
        changes=stored.change_rows(db, alert["article_id"]),
        names=dict(db.execute("select subject_id, display_name from subject").fetchall()),
        left_out=left_out,
    )


def write_evidence(evidence: Evidence, archive: Path, folder: Path) -> None:
    """Write the folder, whole or not at all. Raises UsageError where *folder* is there already."""
    if folder.exists():
        raise UsageError(f"{folder} is there already; remove it, or name another with --out.")
    fresh = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    fresh.mkdir(parents=True)
    try:
        _write_files(evidence, archive, fresh)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write_files(evidence: Evidence, archive: Path, folder: Path) -> None:
    with (folder / "page.warc.gz").open("wb") as file:
        file.writelines(_members(archive, evidence.captures))
    (folder / "text.txt").write_bytes(evidence.version["text"].encode("utf-8"))
    check = Path(evidence_check.__file__).read_bytes()
    (folder / "check.py").write_bytes(check)
    _dump(folder / "mentions.json", evidence.mentions)
    _dump(folder / "verdicts.json", evidence.verdicts)
    _dump(folder / "alert.json", _facts(evidence))
    page = evidence_page(evidence)
    (folder / "index.html").write_bytes(page.encode("utf-8"))
    sums = [f"{_sum(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / "SHA256SUMS").write_bytes("".join(sums).encode())


def _members(archive: Path, captures: Sequence[dict[str, Any]]) -> Iterator[bytes]:
    """Yield the gzip members to copy: for each file its warcinfo, then answers with requests."""
    told: set[str] = set()
    for capture in captures:
        file = capture["warc_file"]
        if file not in told:
            told.add(file)
            about = read_record(archive, file, 0)
            if about.kind == "warcinfo":
                yield member_bytes(archive, file, about)
        for record in _exchange(archive, file, capture["warc_offset"]):
            yield member_bytes(archive, file, record)


def _exchange(archive: Path, file: str, offset: int) -> Iterator[Record]:
    """Yield the answer at *offset*, and the request that follows it if it is the answer's own."""
    answer = read_record(archive, file, offset)
    yield answer
    if answer.end >= (archive / file).stat().st_size:
        return
    try:
        following = read_record(archive, file, answer.end)
    except RecordError:  # a killed run spoils what comes last; the answer before it is whole
        return
    if following.header("WARC-Concurrent-To") == answer.header("WARC-Record-ID"):
        yield following


def _sound(archive: Path, captures: Rows) -> tuple[Rows, tuple[str, ...]]:
    """Return the captures whose records can be read, each once, and what became of the others."""
    sound: dict[tuple[str, int], dict[str, Any]] = {}
    lost: list[str] = []
    for capture in captures:
        place = capture["warc_file"], capture["warc_offset"]
        if capture["discarded_at"]:
            lost.append(
                f"the record of {capture['fetched_at']:%Y-%m-%d %H:%M} UTC: {discarding(capture)}"
            )
            continue
        try:
            read_record(archive, *place)
            sound.setdefault(place, capture)
        except RecordError as error:
            lost.append(f"the record of {capture['fetched_at']:%Y-%m-%d %H:%M} UTC: {error}")
    return list(sound.values()), tuple(lost)


def _refusal(alert_id: str, breaks: Sequence[Break]) -> str:
    lines = [f"  {b.link} {b.id}: {b.problem}: {b.said}\n    {b.advice}" for b in breaks]
    return "\n".join(
        [f"the chain of alert {alert_id} is broken, so it proves nothing; nothing written.", *lines]
    )


def _verdicts(rows: Rows, waiting: Sequence[Judgement], alert_id: str) -> Rows:
    known = {row["verdict_id"] for row in rows}
    more = [
        {"verdict_id": j.id, **asdict(j), "verdict": str(j.verdict)}
        for j in waiting
        if j.alert_id == alert_id and j.id not in known
    ]
    return sorted(rows + more, key=lambda row: row["judged_at"])


def _facts(evidence: Evidence) -> dict[str, Any]:
    return {
        "alert": evidence.alert,
        "article": evidence.article,
        "version": _but(evidence.version, "text"),
        "versions": evidence.versions,
        "changes": evidence.changes,
        "events": evidence.events,
        "captures": evidence.captures,
        "left_out": evidence.left_out,
        "hashes": {
            "text_hash": "first 16 hexadecimal digits of the SHA-256 of text.txt",
            "version_id": "the same of article_id, the byte 1F, text_hash",
            "payload_digest": "SHA-1 of the page's body in base32, as WARC files have it",
        },
    }


def _but(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def _dump(path: Path, facts: object) -> None:
    text = json.dumps(facts, ensure_ascii=False, indent=2, default=_as_json)
    path.write_bytes(f"{text}\n".encode("utf-8", "replace"))


def _as_json(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _sum(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
