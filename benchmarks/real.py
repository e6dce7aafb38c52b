"""Measure the tagger on real texts and pages of ../shared, each alert beside a reader's judgement.

    python -m benchmarks.real texts [--seeds DIR]
    python -m benchmarks.real pages [--seeds DIR] [--cache DIR] [--workers N]

texts: the pairs of document and subject that are listed there, found and missed; what else is
raised, as judged in gold/texts.yaml; strict and overlapping precision, recall and F1 against the
mentions labelled there. pages: every page is read as a run reads it, and each alert is printed
beside its judgement in gold/pages.yaml. The exit code is 1 where an alert is wrong or nobody has
judged it, or a listed pair is missed and not explained. With --cache, pages that the same extractor
has read before are not read again.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks import real_pages, real_texts
from benchmarks.real_texts import Document, Extra, Gold, Pairs, Raised
from extractors.mentions import Tagger
from extractors.model import Tagging
from extractors.scores import Count, Share
from flows.seeds import default_seeds_dir, read_seeds


def main() -> int:
    """Print what was measured; return 1 if something is wrong or not judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", choices=("texts", "pages"))
    parser.add_argument("--seeds", type=Path, default=default_seeds_dir())
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "casewatch-pages"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    args = parser.parse_args()
    faults = texts(args.seeds) if args.what == "texts" else pages(args)
    for fault in faults:
        print(f"amiss: {fault}", file=sys.stderr)
    return int(bool(faults))


def texts(seeds: Path) -> list[str]:
    """Print how the texts stand, and return what is amiss."""
    documents, gold = real_texts.read_documents(), real_texts.read_gold()
    tagger = Tagger(read_seeds(seeds).subjects)
    taggings = [real_texts.tag_document(one, tagger) for one in documents]
    pairs = real_texts.compare_pairs(documents, taggings)
    _print_pairs(pairs, gold)
    _print_labels(gold, documents, taggings)
    return real_texts.amiss(pairs, gold)


def pages(args: argparse.Namespace) -> list[str]:
    """Print every alert of the pages, and return what is amiss."""
    registry = read_seeds(args.seeds)
    tagger, judged = Tagger(registry.subjects), real_pages.page_verdicts()
    read = real_pages.cached_pages(args.cache, workers=args.workers)
    alerts = [alert for page in read for alert in real_pages.alerts_of(page, tagger, registry)]
    kinds = Counter(page.failure or page.kind.value for page in read)
    print(f"{len(read)} pages: {', '.join(f'{n} {kind}' for kind, n in kinds.most_common())}")
    print(f"alerts at {real_pages.LEAST}: {len(alerts)}")
    for alert in alerts:
        verdict = judged.get(alert.key)
        print(f"  {alert.page}  {alert.subject}  {alert.confidence:.3f}  {alert.reason}")
        print(f"    {_borne_out(verdict)}")
    _print_quiet(read, tagger)
    return [
        f"{alert.page}: {alert.subject}: {why}" for alert, why in real_pages.amiss(alerts, judged)
    ]


def _borne_out(verdict: real_pages.PageVerdict | None) -> str:
    if verdict is None:
        return "not judged"
    return f"{'borne out' if verdict.borne_out else 'NOT borne out'}: {verdict.why}"


def _print_quiet(read: Iterable[real_pages.ReadPage], tagger: Tagger) -> None:
    """Print who is mentioned without an alert: the gate, or the kind of page, held it back."""
    for page in read:
        tagging = real_pages.tag_page(page, tagger)
        for subject in sorted({one.subject for one in tagging.mentions} - set(tagging.alerts)):
            print(f"  {page.id}  {subject}: mentioned, no alert")


def _print_pairs(pairs: Pairs, gold: Gold) -> None:
    print(f"pairs listed {len(pairs.listed)}, found {len(pairs.found)}, missed {len(pairs.missed)}")
    for document, subject in pairs.missed:
        print(f"  missed: {document}  {subject}: {gold.missed.get((document, subject), '?')}")
    print(f"raised besides: {len(pairs.extra)}")
    for one in pairs.extra:
        print(f"  {one.id}  {one.subject}  {one.confidence:.3f}  {_spans(one)}")
        judged = gold.extras.get(one.pair)
        print(f"    {_judged(judged)}")
    _print_precision(pairs, gold)
    for about, share in real_texts.gate(pairs, gold).items():
        print(f"gate, not listed, justice is {about}: raised {_share(share)}")
    for remark in gold.disputed:
        print(f"disputed: {remark.id}  {remark.subject}  {remark.span}: {remark.why}")
    for remark in gold.unlisted:
        print(f"unlisted, a reader has it: {remark.id}  {remark.subject}: {remark.fault}")


def _judged(judged: Extra | None) -> str:
    return f"{judged.verdict}, justice {judged.justice}: {judged.why}" if judged else "not judged"


def _spans(one: Raised) -> str:
    return ", ".join(f"{start}-{end}" for start, end in one.spans)


def _print_precision(pairs: Pairs, gold: Gold) -> None:
    judged = [gold.extras[one.pair] for one in pairs.extra if one.pair in gold.extras]
    meant = [one for one in judged if one.verdict == "real"]
    worth = sum(one.justice != "none" for one in meant)
    disputed = sum((one.id, one.subject) in pairs.found for one in gold.disputed)
    right, every = len(pairs.found) - disputed, len(pairs.found) + len(pairs.extra)
    print(f"besides: the subject is meant {_share(Share(len(meant), len(pairs.extra)))}")
    print(f"besides: worth an alert by the policy {_share(Share(worth, len(pairs.extra)))}")
    print(f"all alerts: the subject is meant {_share(Share(right + len(meant), every))}")
    print(f"all alerts: worth an alert by the policy {_share(Share(right + worth, every))}")


def _share(share: Share) -> str:
    low, high = share.interval
    return f"{share.right}/{share.of} = {share.value:.4f} ({low:.3f}-{high:.3f})"


def _print_labels(gold: Gold, documents: list[Document], taggings: list[Tagging]) -> None:
    tagged = {one.id: tagging for one, tagging in zip(documents, taggings, strict=True)}
    labels = sum(map(len, gold.labels.values()))
    print(f"labelled: {labels} mentions in {len(gold.labels)} documents")
    scores = real_texts.score_labels(gold, tagged)
    for name, count in scores.items():
        print(f"  {name:<12}{_row(count)}")
    for kind, share in real_texts.found_by_kind(gold, tagged).items():
        print(f"  {kind:<12}found {_share(share)}")
    for fault in real_texts.label_faults(gold, tagged):
        print(f"  {fault}")


def _row(count: Count) -> str:
    counts = f"right {count.right}, wrong {count.wrong}, missed {count.missed}"
    return f"{counts}  P {count.precision:.4f} R {count.recall:.4f} F1 {count.f1:.4f}"


if __name__ == "__main__":
    sys.exit(main())
