"""The command line. Each command is a module under `flows.commands`, imported only when called."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from extractors.errors import CasewatchError, UsageError
from flows.inert import inert_terminal

DONE, FAILED, WRONG_USE = 0, 1, 2

# Command (words as typed) -> what it does, in the order of `casewatch --help`.
COMMANDS: dict[str, str] = {
    "demo": "watch the bundled news site once, and show what comes of it",
    "run": "poll the feeds once, read what is new, raise alerts",
    "serve": "keep the daily schedule on this machine",
    "alerts": "show alerts, worst first, with sentence and reason",
    "case": "show one case or advocate: coverage, events, days ahead, who speaks for it",
    "judge": "say what an alert was worth",
    "review": "open the desk: a web page to read and judge alerts",
    "audit": "judge a sample of what was rejected, and see how much is missed",
    "digest": "send what is new since the last digest",
    "outbox": "show what could not be sent yet, and send what is due",
    "atom": "write the alerts as a feed that any reader takes",
    "calendar": "write execution dates and hearings ahead as a calendar (ICS)",
    "health": "say which feeds and pages fail, and which cases nobody writes of",
    "versions": "show how an article was edited, word by word",
    "verify": "walk from verdict to WARC record, and name every break",
    "export": "write one alert's evidence as a folder that anybody can check",
    "backfill": "read coverage of the past: WARC files, saved pages, lists, sitemaps, OPML",
    "feeds": "exchange feeds as OPML, and find those of a site",
    "reextract": "read archived pages again after an upgrade",
    "retag": "search what is stored for new or changed subjects, or tag it anew after an upgrade",
    "sql": "ask the warehouse in SQL",
    "schema": "say what the warehouse holds, table by table",
    "publish": "bring this machine's read copy up to date",
    "migrate-warehouse": "move the warehouse from a file to a lake, or back",
    "doctor": "say whether this installation is well, and what to do where it is not",
    "backup": "make one whole backup of the home, while runs go on",
    "restore": "bring a backup back, or check that it could be",
    "compact": "write the warehouse's file anew, without the room of what is gone",
    "retain": "discard old raw pages that nobody speaks of; without --yes it only says which",
    "feed": "read feed files and print their entries, one JSON line a feed",
    "extract": "read saved pages and print their articles, one JSON line a page",
    "tag": "find tracked people in texts, one JSON line a text",
    "evaluate": "measure the tagger on a gold file: precision, recall, every miss",
    "seeds": "check the registry, or ask what verdicts propose for it: `seeds suggest CASE`",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 something failed, 2 wrong use."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help", "help"}:
        print(_overview())
        return DONE
    name = words[0]
    if name not in COMMANDS:
        print(f"casewatch: no command {name!r}. `casewatch --help` lists them.", file=sys.stderr)
        return WRONG_USE
    module = import_module(f"flows.commands.{name.replace('-', '_')}")
    parser = argparse.ArgumentParser(prog=f"casewatch {name}", description=module.__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    module.configure(parser)
    args = parser.parse_args(words[1:])
    with inert_terminal():
        return _run(module.run, args)


def _run(command: object, args: argparse.Namespace) -> int:
    assert callable(command)  # noqa: S101 - tells mypy what import_module cannot
    try:
        return int(command(args))
    except UsageError as error:
        print(f"casewatch: {error}", file=sys.stderr)
        return WRONG_USE
    except CasewatchError as error:
        print(f"casewatch: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("casewatch: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `casewatch ... | head`
        sys.stderr.close()
        return DONE


def _overview() -> str:
    width = max(map(len, COMMANDS))
    lines = (f"  {name:<{width}}  {purpose}" for name, purpose in COMMANDS.items())
    return "\n".join(
        (
            "casewatch watches the news for tracked cases and their advocates.",
            "",
            *lines,
            "",
            "`casewatch COMMAND --help` says more. Exit codes: 0 done, 1 failed, 2 wrong use.",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
