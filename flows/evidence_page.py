"""The page of an evidence folder: what is claimed, where it stands, how to check it.

Words of others are escaped wherever they stand, and the page's own policy forbids scripts, frames,
pictures and every request: hostile text stays text.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from extractors.mentions import explain
from extractors.model import Evidence as Term
from extractors.model import Mention, Tier
from extractors.sentences import snippet

if TYPE_CHECKING:
    from flows.evidence import Evidence

_CSS = Path(__file__).with_name("evidence.css")
_RANKS = {
    3: "An execution date, a stay or an execution that is news.",
    2: "An event in the case.",
    1: "A mention.",
}
_REVISITS = {200: "unchanged, byte for byte", 304: "unchanged, says the server"}


def evidence_page(evidence: Evidence) -> str:
    """Return the page as HTML that needs nothing beside itself."""
    style = _CSS.read_text("utf-8")
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = f"Evidence: {evidence.alert['display_name']}, {evidence.alert['outlet']}"
    parts = (
        _head(evidence),
        _mentions(evidence),
        _text(evidence),
        _captures(evidence),
        _versions(evidence),
        _verdicts(evidence),
        _outlets(evidence),
        _checking(evidence),
    )
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        + "\n".join(part for part in parts if part)
        + "\n</body>\n</html>\n"
    )


def _head(evidence: Evidence) -> str:
    alert, version = evidence.alert, evidence.version
    published = _day(alert["published_at"]) if alert["published_at"] else "undated"
    return (
        f'<header>\n<p class="kicker">Evidence of alert <span class="id">{_e(alert["alert_id"])}'
        f"</span></p>\n<h1>{_quoted(alert['display_name'])} in “{_quoted(version['title'])}”</h1>\n"
        f'<p class="where">{_quoted(alert["outlet"])}, {published}. '
        f"Fetched {_moment(version['fetched_at'])}.<br>{_link(alert['canonical_url'])}</p>\n"
        f'<p class="claim">{_e(_RANKS.get(alert["rank"], ""))} Raised on '
        f"{_moment(alert['raised_at'])} because: {_quoted(_sentence(alert['reason']))}</p>\n"
        f"<blockquote>{_quoted(alert['passage'])}</blockquote>\n{_chain(evidence)}\n</header>"
    )


def _chain(evidence: Evidence) -> str:
    last = evidence.verdicts[-1] if evidence.verdicts else None
    counted = _counted(evidence.mentions)
    version = evidence.version
    links = (
        ("Verdict", f"{last['verdict']} by {last['reviewer']}" if last else "not judged yet"),
        ("Alert", evidence.alert["alert_id"]),
        ("Mentions", f"{len(counted)} in the text"),
        ("Version", f"{version['number']} of {len(evidence.versions)}: {version['version_id']}"),
        ("Page", f"WARC record, {version['payload_digest'][:17]}…"),
    )
    cards = "".join(f"<li><b>{name}</b>{_quoted(said)}</li>" for name, said in links)
    return f'<ol class="chain" aria-label="The chain of evidence">{cards}</ol>'


def _mentions(evidence: Evidence) -> str:
    counted = _counted(evidence.mentions)
    refused = [m for m in evidence.mentions if m["tier"] == Tier.REJECTED]
    lines = ["<section>", "<h2>Where the text names the subject, and why it is believed</h2>"]
    lines += [_mention(evidence, row) for row in counted]
    if refused:
        lines.append(
            f"<details><summary>{len(refused)} more that were looked at and not counted</summary>"
        )
        lines += [_mention(evidence, row) for row in refused]
        lines.append("</details>")
    return "\n".join([*lines, "</section>"])


def _mention(evidence: Evidence, row: dict[str, Any]) -> str:
    text = evidence.version["text"]
    start, end = snippet(text, row["start_offset"], row["end_offset"])
    words = explain(_as_mention(row), evidence.names)
    terms = "".join(
        f'<tr><td>{_e(t["term"])}</td><td>{_quoted(t["text"])}</td><td class="number">'
        f'{_place(t)}</td><td class="number">{t["weight"]:+.2f}</td></tr>'
        for t in row["evidence"]
    )
    return (
        f'<article class="mention">\n<blockquote>{_marked(text, start, end, [row])}</blockquote>\n'
        f'<p class="sure"><meter min="0" max="1" value="{row["confidence"]:.3f}"></meter>'
        f"{_sure(row['confidence'])}: {_e(row['tier'])}; characters {row['start_offset']:,} to "
        f"{row['end_offset']:,}</p>\n<p>{_quoted(_sentence(words))}</p>\n"
        "<details><summary>Each term of the score</summary>\n<div class='wide'><table><thead><tr>"
        "<th>term</th><th>words</th><th>characters</th><th>log-odds</th></tr></thead>"
        f"<tbody>{terms}</tbody></table></div></details>\n</article>"
    )


def _sure(confidence: float) -> str:
    """Return a confidence in words; nothing is ever called certain."""
    if confidence > 0.99:
        return "more than 99% sure"
    return "less than 1% sure" if confidence < 0.01 else f"{confidence:.0%} sure"


def _place(term: dict[str, Any]) -> str:
    return f"{term['start']:,} to {term['end']:,}" if term["start"] is not None else ""


def _text(evidence: Evidence) -> str:
    text, alert = evidence.version["text"], evidence.alert
    rows = _counted(evidence.mentions)
    passage = (alert["start_offset"], alert["end_offset"])
    lines = [
        f"<p{' class=headline' if start == 0 and evidence.version['body_start'] > 0 else ''}>"
        f"{_marked(text, start, end, rows, passage)}</p>"
        for start, end in _paragraphs(text)
    ]
    return (
        "<section>\n<h2>The text, as it was read from the page</h2>\n"
        '<p class="soft">Names are marked; the passage of the alert has a ground of its own. The '
        'same words, without marks, are in <a href="text.txt">text.txt</a>.</p>\n'
        f'<div class="text" dir="auto">\n{"".join(lines)}\n</div>\n</section>'
    )


def _captures(evidence: Evidence) -> str:
    rows = "".join(
        f"<tr><td>{_moment(c['fetched_at'])}</td><td>{_e(_what(c))}<br>"
        f'<span class="id">{_e(c["payload_digest"])}<br>{_e(c["warc_file"])}, byte '
        f"{c['warc_offset']:,}</span></td></tr>"
        for c in evidence.captures
    )
    lost = "".join(
        f'<p class="warning">Left out: {_quoted(said)}</p>' for said in evidence.left_out
    )
    return (
        "<section>\n<h2>The page in the archive</h2>\n<p>Each time the page was asked for, and "
        'what came. These records are in <a href="page.warc.gz">page.warc.gz</a>, byte for byte as '
        "they were stored.</p>\n<table><thead><tr><th>when</th><th>what came, digest of its body, "
        f"file of the archive</th></tr></thead><tbody>{rows}</tbody></table>\n{lost}</section>"
    )


def _what(capture: dict[str, Any]) -> str:
    if capture["kind"] == "revisit":
        return _REVISITS.get(capture["status"], "unchanged")
    read = f", read as version {capture['version_number']}" if capture["version_number"] else ""
    return f"the whole page{read}"


def _versions(evidence: Evidence) -> str:
    if len(evidence.versions) < 2:
        return ""
    rows = "".join(
        f"<tr><td>{row['number']}</td><td>{_moment(row['fetched_at'])}</td>"
        f"<td>{_quoted(row['title'])}{_role(evidence, row)}</td></tr>"
        for row in evidence.versions
    )
    changes = "".join(f"<li>{_change(row)}</li>" for row in evidence.changes)
    return (
        "<section>\n<h2>The article was edited</h2>\n<table><thead><tr><th>version</th>"
        f"<th>fetched</th><th>headline</th></tr></thead><tbody>{rows}</tbody></table>\n"
        + (f"<ul>{changes}</ul>\n" if changes else "")
        + "</section>"
    )


def _role(evidence: Evidence, row: dict[str, Any]) -> str:
    is_this = row["version_id"] == evidence.version["version_id"]
    said = ("this evidence" if is_this else "", "stands now" if row["is_current"] else "")
    told = ", ".join(part for part in said if part)
    return f' <span class="soft">({told})</span>' if told else ""


def _change(row: dict[str, Any]) -> str:
    doubt = "" if row["same_code"] else " (our own code or registry changed too)"
    if row["kind"] == "headline_changed":
        said = f"headline changed: “{row['before']}” became “{row['after']}”"
    else:
        said = f"{row['kind'].replace('_', ' ')}: {row['display_name'] or row['subject_id']}"
    return f"{_moment(row['seen_at'])}: {_quoted(said + doubt)}"


def _verdicts(evidence: Evidence) -> str:
    if not evidence.verdicts:
        said = '<p class="soft">Nobody has judged this alert yet.</p>'
    else:
        rows = "".join(
            f"<tr><td>{_moment(v['judged_at'])}</td><td>{_e(v['verdict'].replace('_', ' '))}</td>"
            f"<td>{_quoted(v['reviewer'])}</td><td>{_quoted(v['note'] or '')}</td></tr>"
            for v in evidence.verdicts
        )
        said = (
            "<table><thead><tr><th>when</th><th>verdict</th><th>by</th><th>note</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )
    return f"<section>\n<h2>What people said of it</h2>\n{said}\n</section>"


def _outlets(evidence: Evidence) -> str:
    others = [url for url in evidence.alert["urls"] if url != evidence.alert["canonical_url"]]
    if not others:
        return ""
    links = "".join(f"<li>{_link(url)}</li>" for url in others)
    return (
        "<section>\n<h2>The same story elsewhere</h2>\n<p>Counted in the same alert; their pages "
        f"are not in this folder.</p>\n<ul>{links}</ul>\n</section>"
    )


def _checking(evidence: Evidence) -> str:
    version = evidence.version
    made = evidence.mentions[0] if evidence.mentions else {}
    return f"""<section>
<h2>How to check this without casewatch</h2>
<ol class="steps">
<li><b>No file was changed.</b> In this folder:
<pre>sha256sum -c SHA256SUMS</pre>
To show later that nothing was changed since today, keep the one line that
<code>sha256sum SHA256SUMS</code> prints somewhere that others can vouch for.</li>
<li><b>The page.</b> <code>page.warc.gz</code> is WARC 1.1 (ISO 28500), which web archives use.
Any tool for it opens the file; so does
<pre>zcat page.warc.gz | less</pre>
Each answer stands before the request that it answered. WARC-Payload-Digest is the SHA-1 of the
body in base32; <code>{_e(version["payload_digest"])}</code> is the page that this text was read
from.</li>
<li><b>Text, offsets and digests.</b> With Python alone:
<pre>python3 check.py</pre>
It is short; read it first. By hand, this prints each mention with the words that stand at its
offsets:
<pre>import json
text = open("text.txt", encoding="utf-8", newline="").read()
for m in json.load(open("mentions.json", encoding="utf-8")):
    print(m["quote"] == text[m["start_offset"]:m["end_offset"]], m["quote"])</pre></li>
<li><b>The claim.</b> Read the passages above. Each term of the score is in
<code>mentions.json</code>; confidence is 1 / (1 + exp(-sum of the weights)).</li>
</ol>
<h3>What this does not show</h3>
<p>That the outlet's server sent these bytes: the records say what we were sent and from which
address, at the time of our own clock; no third party signed them. Bodies are stored without the
compression that they came in. Where a page loads more by script, that is not in it.</p>
</section>
<footer>Text read by casewatch's extractor {_e(version["extractor_version"])}, names found by tagger
{_e(made.get("tagger_version", "unknown"))} with registry
<span class="id">{_e(made.get("registry_version", "unknown"))}</span>. All times are UTC. Neither
the alert nor this page says whether anybody is guilty or innocent.</footer>"""


def _marked(
    text: str,
    start: int,
    end: int,
    rows: Iterable[dict[str, Any]],
    passage: tuple[int, int] | None = None,
) -> str:
    """Return *text* from *start* to *end*, with the mentions of *rows* marked."""
    spans = [(row["start_offset"], row["end_offset"]) for row in rows]
    both = [*spans, *([passage] if passage else [])]
    cuts = {start, end, *(cut for span in both for cut in span if start < cut < end)}
    edges = sorted(cuts)
    return "".join(
        _piece(text[a:b], marked=_within(a, b, spans), told=_within(a, b, [passage or (0, 0)]))
        for a, b in pairwise(edges)
    )


def _within(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(a <= start and end <= b for a, b in spans)


def _piece(words: str, *, marked: bool, told: bool) -> str:
    shown = _e(words)
    if marked:
        shown = f"<mark>{shown}</mark>"
    return f'<span class="passage">{shown}</span>' if told else shown


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _counted(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["tier"] != Tier.REJECTED]


def _as_mention(row: dict[str, Any]) -> Mention:
    terms: Sequence[dict[str, Any]] = row["evidence"]
    return Mention(
        subject=row["subject_id"],
        start=row["start_offset"],
        end=row["end_offset"],
        quote=row["quote"],
        kind=row["kind"],
        form=row["form"],
        confidence=row["confidence"],
        tier=Tier(row["tier"]),
        evidence=tuple(Term(**term) for term in terms),
    )


def _e(words: object) -> str:
    return escape(str(words))


def _quoted(words: object) -> str:
    """Return words of others, escaped, that cannot turn the direction of what surrounds them."""
    return f"<bdi>{_e(words)}</bdi>"


def _link(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        return _quoted(url)
    return f'<a href="{_e(url)}" rel="noopener noreferrer nofollow">{_quoted(url)}</a>'


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _moment(moment: datetime) -> str:
    return f"<time datetime='{moment.isoformat()}'>{_day(moment)}, {moment:%H:%M} UTC</time>"
