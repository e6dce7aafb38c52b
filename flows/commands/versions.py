"""Show how an article was edited: its versions, and word by word what became of each.

What an edit took out is struck through, in brackets: [-so-]; what it put in is in braces: {+so+}.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from extractors.errors import UsageError

if TYPE_CHECKING:
    from rich.text import Text

_AROUND = 60  # characters of unchanged text to show before and after a change


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "article", help="its URL, or the beginning of its id or of one of its alerts' ids"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a version")


def run(args: argparse.Namespace) -> int:
    """Print the versions in their order, each with what changed in it."""
    import json

    from flows.settings import settings_from
    from flows.show import console
    from warehouse.evidence import change_rows, version_rows
    from warehouse.store import open_copy

    with open_copy(settings_from().copy) as db:
        article_id = _article_id(db, args.article)
        versions, changes = version_rows(db, article_id), change_rows(db, article_id)
    out = console()
    before: dict[str, Any] | None = None
    for version in versions:
        told = [c for c in changes if c["version_id"] == version["version_id"]]
        if args.json:
            print(json.dumps(_facts(before, version, told), default=str, ensure_ascii=False))
        else:
            for line in _lines(before, version, told):
                out.print(line, soft_wrap=True)
            out.print()
        before = version
    return 0


def _article_id(db: Any, typed: str) -> str:
    from warehouse.evidence import article_ids_of

    found = article_ids_of(db, typed)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"no article {typed!r}; `casewatch alerts` shows links and ids.")
    raise UsageError(f"{typed!r} means {len(found)} articles; type more of it.")


def _facts(
    before: dict[str, Any] | None, version: dict[str, Any], told: list[dict[str, Any]]
) -> dict[str, Any]:
    from extractors.diffs import diff_texts

    passages = diff_texts(before["text"], version["text"]) if before else ()
    return {
        **{k: v for k, v in version.items() if k != "text"},
        "changes": [{k: c[k] for k in ("kind", "subject_id", "before", "after")} for c in told],
        "diff": [
            [{"op": str(piece.op), "text": piece.text} for piece in passage.pieces]
            for passage in passages
            if not passage.is_same
        ],
    }


def _lines(
    before: dict[str, Any] | None, version: dict[str, Any], told: list[dict[str, Any]]
) -> list[Text]:
    from rich.text import Text

    head = f"Version {version['number']}  {version['fetched_at']:%d %b %Y %H:%M} UTC"
    now = "  stands now" if version["is_current"] else ""
    lines = [Text.assemble((head, "bold"), (now, "green"), (f"  {version['version_id']}", "dim"))]
    if before is None:
        return [*lines, Text(f"    {version['title']}"), Text(f"    {version['canonical_url']}")]
    if _is_ours(before, version):
        lines.append(Text("    The same page, read again by a later extractor: no edit.", "yellow"))
    lines += [Text(f"    {_in_words(change)}", "cyan") for change in told]
    return [*lines, *_diff(before["text"], version["text"])]


def _is_ours(before: dict[str, Any], version: dict[str, Any]) -> bool:
    places = [(v["warc_file"], v["warc_offset"]) for v in (before, version)]
    return places[0] == places[1]


def _in_words(change: dict[str, Any]) -> str:
    kind = change["kind"].replace("_", " ")
    doubt = "" if change["same_code"] else " (our code or registry changed too)"
    if change["subject_id"]:
        return f"{kind}: {change['display_name'] or change['subject_id']}{doubt}"
    return f"{kind}{doubt}"


def _diff(before: str, after: str) -> list[Text]:
    """Return one line a changed passage."""
    from rich.text import Text

    from extractors.diffs import Op, diff_texts

    lines = []
    for passage in diff_texts(before, after):
        if passage.is_same:
            continue
        line = Text("    ")
        for place, piece in enumerate(passage.pieces):
            words = " ".join(piece.text.split())
            if piece.op is Op.SAME:
                last = place == len(passage.pieces) - 1
                line.append(_cut(words, first=place == 0, last=last) + " ")
            elif words:
                open_, close, style = ("[-", "-]", "red strike")
                if piece.op is Op.ADDED:
                    open_, close, style = ("{+", "+}", "bold green")
                line.append(f"{open_}{words}{close}", style)
                line.append(" ")
        lines.append(line)
    return lines


def _cut(words: str, *, first: bool, last: bool) -> str:
    """Return unchanged *words*, only the part beside a change where they are long."""
    if len(words) <= 2 * _AROUND:
        return words
    if first:
        return f"… {words[-_AROUND:]}"
    if last:
        return f"{words[:_AROUND]} …"
    return f"{words[:_AROUND]} … {words[-_AROUND:]}"
