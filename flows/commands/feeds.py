"""Exchange and find feeds: the watched ones as OPML, another reader's OPML as YAML, a site's own.

`feeds export` writes OPML to standard output. `feeds import FILE` prints what seeds/feeds.yaml
lacks of an OPML file, as YAML to look through and append. `feeds discover ADDRESS` asks a site for
its feeds, tries each, and prints those that answer in the same form.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractors.model import Registry


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--seeds", help="folder of the registry (default: seeds)")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("export", help="print the watched feeds as OPML")
    taken = actions.add_parser("import", help="print what an OPML file adds, as YAML")
    taken.add_argument("file", metavar="FILE")
    asked = actions.add_parser("discover", help="print the feeds of a site, as YAML")
    asked.add_argument("address", metavar="ADDRESS")


def run(args: argparse.Namespace) -> int:
    """Print OPML or YAML; 1 when a site names no feed that answers."""
    from pathlib import Path

    from flows.seeds import default_seeds_dir, read_seeds

    registry = read_seeds(Path(args.seeds) if args.seeds else default_seeds_dir())
    if args.action == "export":
        return _export(registry)
    if args.action == "import":
        return _import(registry, Path(args.file))
    return _discover(registry, args.address)


def _export(registry: Registry) -> int:
    from extractors.feeds.opml import write_opml

    sys.stdout.buffer.write(write_opml(registry.feeds, "Feeds that casewatch watches"))
    return 0


def _import(registry: Registry, file: object) -> int:
    from pathlib import Path

    from extractors.errors import FeedError, UsageError
    from extractors.feeds.opml import read_opml
    from flows.discovery import feed_yaml, unwatched

    try:
        read = read_opml(Path(str(file)).read_bytes())
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    except FeedError as error:
        raise UsageError(f"{file}: {error}") from error
    new = unwatched(registry, read)
    print(f"# {file}: {len(read)} feeds, {len(new)} of them not watched yet")
    print(feed_yaml(new, registry), end="")
    return 0


def _discover(registry: Registry, address: str) -> int:
    from flows.discovery import discover, feed_yaml, unwatched
    from flows.settings import settings_from

    url = address if "://" in address else f"https://{address}"
    found, problems = discover(settings_from(), url)
    for problem in problems:
        print(f"# {problem}")
    new = unwatched(registry, found)
    print(f"# {url}: {len(found)} feeds answered, {len(new)} of them not watched yet")
    print(feed_yaml(new, registry), end="")
    return 0 if found else 1
