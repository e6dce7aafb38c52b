"""What outlets changed in articles that a channel was told of: once a channel, in a digest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import duckdb

from extractors.model import stable_id
from warehouse.rows import insert_missing, named_rows

# A page is read some time before its run stores it: a digest that was packed in between must not
# hide the change. What was told is never told again, so looking back further costs nothing.
_A_RUN = timedelta(days=1)

_CHANGES = """
with refuted as (
    select alert_id from verdict group by alert_id
    having max_by(verdict, judged_at) in ('wrong_person', 'not_an_article')
),
told as (
    select al.article_id, min(m.packed_at) as told_at,
        list(distinct s.display_name order by s.display_name) as names
    from outbox o
    join outbox_message m using (message_id)
    join alert al using (alert_id)
    join subject s using (subject_id)
    where o.channel = $channel and o.told
    and al.alert_id not in (select alert_id from refuted)
    group by al.article_id
),
found as (
    -- where our code changed as well, it may be our own change
    select change_id, article_id, version_id, seen_at, kind, subject_id, before, after
    from article_change where seen_at > $since and same_code
    union all by name
    select v.version_id as change_id, v.article_id, v.version_id, v.fetched_at as seen_at,
        'edited' as kind
    from article_version v
    join article_version b on b.article_id = v.article_id and b.number = v.number - 1
    anti join article_change c on c.version_id = v.version_id
    where v.fetched_at > $since and v.extractor_version = b.extractor_version
    union all by name
    select left(sha256('vanished' || chr(31) || p.article_id), 16) as change_id, p.article_id,
        p.last_fetched_at as seen_at, 'vanished' as kind
    from page p
    join article a on a.article_id = p.article_id and a.url = p.url -- not its AMP or print twin
    where p.state = 'failed' and p.status in (404, 410) and p.last_fetched_at > $since
)
select f.change_id, f.article_id, f.seen_at, f.kind, f.before, f.after, s.display_name, t.names,
    v.title, a.outlet, a.canonical_url, a.language
from found f
join told t using (article_id)
join article a using (article_id)
join article_version v on v.version_id = a.version_id
left join subject s on s.subject_id = f.subject_id
where f.seen_at > t.told_at
    and f.change_id not in (select change_id from change_told where channel = $channel)
order by f.seen_at, f.article_id, f.kind, s.display_name, f.change_id
"""


def changes_to_tell(
    db: duckdb.DuckDBPyConnection, channel: str, last_digest: datetime | None
) -> list[dict[str, Any]]:
    """Return what changed since *last_digest* in articles that *channel* was told of before.

    In the order in which it was seen. *kind* is that of article_change, or edited (something else
    in the text), or vanished (the page is gone for good). Each row has the article as it stands.
    """
    if last_digest is None:
        return []
    return named_rows(db, _CHANGES, {"channel": channel, "since": last_digest - _A_RUN})


def save_told(
    db: duckdb.DuckDBPyConnection, channel: str, message_id: str, change_ids: Iterable[str]
) -> None:
    """Write that *message_id* tells *channel* of these changes."""
    rows = [
        {
            "told_id": stable_id(change_id, channel),
            "change_id": change_id,
            "channel": channel,
            "message_id": message_id,
        }
        for change_id in change_ids
    ]
    insert_missing(db, "change_told", rows)
