"""Check the registry, or ask what judged alerts propose for it.

`casewatch seeds check` names each problem with file, line and fix; then what is allowed but risky.
`casewatch seeds suggest kevin-cooper` proposes words of the case, other names and namesakes' words,
each with its support, and prints them as a diff. It changes nothing; apply what is true:

    casewatch seeds suggest kevin-cooper > kevin-cooper.diff
    git apply kevin-cooper.diff        # or: patch -p1 < kevin-cooper.diff
    casewatch seeds check
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.errors import UsageError

if TYPE_CHECKING:
    from extractors.model import Registry
    from flows.suggestions import Proposed

_HOW = """\
#
# Nothing is applied. To apply all of it: save this and run `git apply FILE` or `patch -p1 < FILE`,
# then `casewatch seeds check`. To leave a line out: `--skip WORDS`. A word of type `other` counts
# little: where you know what it is, write victim, lawyer, prison, crime_place, ... in its place.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("action", choices=("check", "suggest"), help="check every file; or suggest")
    parser.add_argument("subject", nargs="?", help="a case or advocate, such as kevin-cooper")
    parser.add_argument("--seeds", type=Path, help="folder of the registry (default: seeds)")
    parser.add_argument(
        "--skip", action="append", default=[], metavar="WORDS", help="leave a proposal out"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Check: problems to stderr and 1, or a summary and warnings and 0. Suggest: a diff and 0."""
    from extractors.errors import RegistryError
    from flows.seeds import default_seeds_dir, read_seeds

    seeds = args.seeds or default_seeds_dir()
    if args.action == "check" and args.subject:
        raise UsageError("`casewatch seeds check` checks every file; leave the name out.")
    if args.action == "suggest":
        return _suggest(args, seeds)
    try:
        registry = read_seeds(seeds)
    except RegistryError as error:
        return _say_problems(error.problems, as_json=args.json)
    return _say_all_is_well(registry, as_json=args.json)


def _suggest(args: argparse.Namespace, seeds: Path) -> int:
    from flows.seeds import read_seeds
    from flows.settings import settings_from
    from flows.suggestions import propose, subject_called, told

    if not args.subject:
        raise UsageError("name a case or advocate, such as `casewatch seeds suggest kevin-cooper`.")
    registry = read_seeds(seeds)
    subject = subject_called(registry, args.subject)
    proposed = propose(settings_from(), seeds, subject, registry, args.skip)
    if args.json:
        print(json.dumps(_facts(proposed), ensure_ascii=False))
        return 0
    for line in told(proposed):
        print(f"# {line}".rstrip())
    _print_patch(proposed, seeds)
    return 0


def _print_patch(proposed: Proposed, seeds: Path) -> None:
    """Print the diff last: what stands before it, `patch` and `git apply` pass over."""
    if proposed.patch is None:
        print(f"#\n# {seeds}: the file is written in a way that we cannot edit. Add by hand:\n")
        print(proposed.by_hand, end="")
    elif proposed.patch:
        print(_HOW)
        print(proposed.patch, end="")


def _facts(proposed: Proposed) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(proposed.suggestions) | {"diff": proposed.patch}


def _say_problems(problems: tuple[str, ...], *, as_json: bool) -> int:
    """Print problems as they are: editors jump to a line that starts with file:line."""
    if as_json:
        print(json.dumps({"problems": problems, "warnings": []}, ensure_ascii=False))
        return 1
    for problem in problems:
        print(problem, file=sys.stderr)
    count = len(problems)
    print(f"casewatch: {count} problem{'s' if count > 1 else ''} in the registry", file=sys.stderr)
    return 1


def _say_all_is_well(registry: Registry, *, as_json: bool) -> int:
    from extractors.registry import registry_warnings

    counts = {name: len(getattr(registry, name)) for name in ("cases", "advocates", "feeds")}
    warnings = registry_warnings(registry)
    if as_json:
        found = {"problems": [], "warnings": warnings, **counts, "version": registry.version}
        print(json.dumps(found, ensure_ascii=False))
        return 0
    said = (f"{count} {name if count != 1 else name[:-1]}" for name, count in counts.items())
    print(f"{', '.join(said)}: no problems")
    for warning in warnings:
        print(f"warning: {warning}")
    return 0
