"""Judge what was rejected, so that you can know how much is missed.

5 % of the rejected candidates are offered, chosen by their id once and for good. Without arguments
those that nobody judged are listed, the likeliest first. Then say for each:

    casewatch audit CANDIDATE missed             it does name the person
    casewatch audit CANDIDATE rightly_rejected   it does not
    casewatch audit CANDIDATE unsure             it stays in the list

`casewatch audit --recall` says what that makes of recall. Verdicts are a log, as those of alerts.
"""

from __future__ import annotations

import argparse
import getpass
import os
from typing import TYPE_CHECKING, Any

from extractors.errors import UsageError
from extractors.model import CandidateVerdict

if TYPE_CHECKING:
    from rich.console import Console

    from flows.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("candidate", nargs="?", help="a subject, or a candidate's id to judge it")
    parser.add_argument("verdict", nargs="?", help=", ".join(CandidateVerdict))
    parser.add_argument("--all", action="store_true", help="those outside the sample, and judged")
    parser.add_argument("--recall", action="store_true", help="the estimate of recall")
    parser.add_argument("--note", help="a note for whoever comes next")
    parser.add_argument(
        "--reviewer", help="who judges (default: CASEWATCH_REVIEWER, else the user)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """List candidates, or take a verdict in, or print the estimate of recall."""
    from flows.settings import settings_from

    settings = settings_from()
    if args.recall:
        return _recall(settings, as_json=args.json)
    if args.verdict:
        return _judge(args, settings)
    return _list(args, settings)


def _list(args: argparse.Namespace, settings: Settings) -> int:
    from flows.show import console
    from warehouse.feedback import candidate_rows, overlay_candidates
    from warehouse.inbox import waiting_audits
    from warehouse.store import open_copy

    subject = args.candidate.lower() if args.candidate else None
    with open_copy(settings.copy) as db:
        whole = candidate_rows(db, subject=subject, everything=True)
    if subject and not whole:
        raise UsageError(f"{subject!r} is no subject with rejected candidates; `casewatch audit`.")
    rows = overlay_candidates(whole, waiting_audits(settings.inbox))
    shown = rows if args.all else [row for row in rows if _is_open(row)]
    if args.json:
        _print_json(shown)
        return 0
    out = console()
    for row in shown:
        _print_candidate(out, row)
    out.print(_footer(rows, len(shown)))
    return 0


def _is_open(row: dict[str, Any]) -> bool:
    return bool(row["in_sample"]) and row["verdict"] in {None, CandidateVerdict.UNSURE}


def _print_json(rows: list[dict[str, Any]]) -> None:
    import json

    for row in rows:
        facts = {name: value for name, value in row.items() if name != "text"}
        facts["passage"] = _passage(row)[2]
        print(json.dumps(facts, default=str, ensure_ascii=False))


def _print_candidate(out: Console, row: dict[str, Any]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from flows.show import day

    start, _, passage = _passage(row)
    at = row["start_offset"] - start
    words = Text(f"“{passage}”")
    words.stylize("bold", at + 1, at + 1 + row["end_offset"] - row["start_offset"])
    out.print(
        Text.assemble((row["display_name"], "bold"), f"?  {row['kind']}, {row['confidence']:.2f}")
    )
    out.print(Padding(words, (0, 0, 0, 4)))
    out.print(Padding(Text(_why(row), style="green"), (0, 0, 0, 4)))
    where = f"{row['mention_id'][:8]}  {row['outlet']}, {day(row['published_at'])}, at "
    out.print(
        Padding(Text(f"{where}{row['start_offset']} to {row['end_offset']}", "dim"), (0, 0, 0, 4))
    )
    if row["verdict"]:
        out.print(
            Padding(Text(f"judged {row['verdict']} by {row['reviewer']}", "magenta"), (0, 0, 0, 4))
        )
    out.print(Text(f"    {row['canonical_url']}\n", style="dim"), soft_wrap=True)


def _passage(row: dict[str, Any]) -> tuple[int, int, str]:
    """Return where the sentence of the candidate stands, and its words on one line."""
    from extractors.sentences import snippet

    start, end = snippet(row["text"], row["start_offset"], row["end_offset"])
    return start, end, row["text"][start:end].replace("\n", " ")


def _why(row: dict[str, Any]) -> str:
    from extractors.mentions import explain_rejection
    from extractors.model import Evidence, Mention, Tier

    evidence = tuple(Evidence(**term) for term in row["evidence"])
    mention = Mention(
        row["subject_id"], row["start_offset"], row["end_offset"], row["quote"], row["kind"],
        row["form"], row["confidence"], Tier.REJECTED, evidence,
    )  # fmt: skip
    return f"rejected: {explain_rejection(mention, {})}"


def _footer(rows: list[dict[str, Any]], shown: int) -> str:
    sampled = [row for row in rows if row["in_sample"]]
    judged = sum(row["verdict"] in {"missed", "rightly_rejected"} for row in sampled)
    text = (
        f"{shown} shown; {len(sampled)} of {len(rows)} rejected candidates are in the sample, "
        f"{judged} of them judged. "
    )
    if not sampled:
        return text + "`casewatch audit --all` shows the others; they do not count for recall."
    return text + "Judge: casewatch audit CANDIDATE missed | rightly_rejected"


def _judge(args: argparse.Namespace, settings: Settings) -> int:
    from extractors.errors import WarehouseBusyError
    from flows.job import utc_now
    from warehouse.inbox import CandidateJudgement, drain, put
    from warehouse.lake import open_warehouse
    from warehouse.publish import publish

    verdict = _verdict(args.verdict)
    found = _candidate(settings, args.candidate.lower())
    reviewer = args.reviewer or os.environ.get("CASEWATCH_REVIEWER") or getpass.getuser()
    judged = CandidateJudgement(found["mention_id"], verdict, reviewer, utc_now(), args.note)
    put(settings.inbox, judged)
    said = f"{judged.mention_id[:8]}: {verdict}, by {reviewer}"
    warehouse = open_warehouse(settings, patience=1.0)
    try:
        drained = drain(warehouse, settings.inbox)
        publish(warehouse, settings.copy)
        drained.forget()
    except WarehouseBusyError:
        said += " (a run is writing; it will take it in)"
    print(said if found["in_sample"] else f"{said}; outside the sample, so not counted for recall")
    return 0


def _verdict(typed: str) -> CandidateVerdict:
    try:
        return CandidateVerdict(typed)
    except ValueError as error:
        listed = ", ".join(CandidateVerdict)
        raise UsageError(f"no verdict {typed!r} of a candidate; there are: {listed}.") from error


def _candidate(settings: Settings, typed: str) -> dict[str, Any]:
    from warehouse.feedback import candidates_like
    from warehouse.store import open_copy

    with open_copy(settings.copy) as db:
        found = candidates_like(db, typed)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"no rejected candidate {typed!r}; `casewatch audit --all` lists them.")
    raise UsageError(f"{typed!r} begins {len(found)} candidates; type more of it.")


def _recall(settings: Settings, *, as_json: bool) -> int:
    import json

    from flows.show import console, rows_table
    from warehouse.feedback import recall_rows
    from warehouse.store import open_copy

    with open_copy(settings.copy) as db:
        rows = recall_rows(db)
    if as_json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
        return 0
    out = console()
    names = (
        "display_name",
        "found",
        "rejected",
        "sampled",
        "audited",
        "missed",
        "recall",
        "low",
        "high",
    )
    out.print(rows_table(rows, names))
    out.print(
        "\nlow and high: 95 % interval of Wilson. Names that were no candidates are not in it."
    )
    return 0
