"""What an outlet changed after we told of it stands in the next digest, once a channel."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from extractors.delivery import Chosen
from flows.carriers import Answer
from flows.digests import content_of, html_of, text_of
from flows.outbox import preview, send_digests, send_due
from flows.settings import Settings
from warehouse.store import Warehouse

CHAT, MAIL = "chat://room", "mail://desk"
HEAD = "Changed after you read it"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER, TOMORROW = NOON + timedelta(hours=1), NOON + timedelta(days=1)


class Takes:
    """Takes every message in place of a real channel."""

    def __init__(self) -> None:
        self.messages: list[Any] = []

    def __call__(self, _url, message):
        self.messages.append(message)
        return Answer(taken=True)

    def changed(self):
        """Return what each message says of changed articles: kinds by the article's id."""
        return [
            {
                one["article_id"]: [what["kind"] for what in one["what"]]
                for one in m.content["changed"]
            }
            for m in self.messages
        ]


@pytest.fixture
def settings(home) -> Settings:
    """Return settings with one channel that was told yesterday of all that was open."""
    found = Settings(home=home, notify=(CHAT,))
    send_digests(found, carry=Takes(), clock=lambda: NOON)
    return found


@pytest.fixture
def do(settings):
    def doing(sql, **values):
        with Warehouse(settings.warehouse).transaction() as db:
            return db.execute(sql, values).fetchall()

    return doing


@pytest.fixture
def told(do):
    """Return the ids of two articles that the channel was told of."""
    rows = do(
        "select al.article_id from alert al join outbox o using (alert_id) where o.told "
        "group by 1 having count(*) = 1 order by 1 limit 2"
    )
    return [row[0] for row in rows]


@pytest.fixture
def change(do):
    """Return a function that stores a change of an article's headline."""

    def changing(article, *, seen_at=LATER, kind="headline_changed", same_code=True):
        do(
            "insert into article_change (change_id, article_id, from_version_id, version_id, kind, "
            "before, after, same_code, seen_at) select $kind || article_id, article_id, "
            "version_id, version_id, $kind, 'Old words', 'New words', $same, $at "
            "from article where article_id = $id",
            id=article, kind=kind, same=same_code, at=seen_at,
        )  # fmt: skip

    return changing


def digest(settings, at=TOMORROW):
    takes = Takes()
    send_digests(settings, carry=takes, clock=lambda: at)
    return takes


def test_a_change_is_told_once_a_channel_even_where_nothing_else_is_new(settings, change, told):
    change(told[0])
    first, second = digest(settings), digest(settings, TOMORROW + timedelta(hours=1))

    assert first.changed() == [{told[0]: ["headline_changed"]}]
    assert first.messages[0].content["title"] == "casewatch: 1 article changed"
    assert "Headline: “Old words” became “New words”" in text_of(first.messages[0].content)
    assert second.messages == []


def test_what_was_changed_before_it_was_told_of_is_no_news(settings, change, told):
    change(told[0], seen_at=NOON - timedelta(minutes=1))

    assert digest(settings).messages == []


def test_a_channel_that_was_told_of_nothing_hears_of_no_change(settings, change, told):
    change(told[0])
    other = digest(replace(settings, notify=(MAIL,)))

    assert all(changed == {} for changed in other.changed())


def test_what_may_be_our_own_change_is_not_told(settings, change, told):
    change(told[0], same_code=False)

    assert digest(settings).messages == []


def test_changes_of_what_was_judged_to_be_of_somebody_else_are_not_told(settings, change, told, do):
    change(told[0])
    change(told[1])
    do(
        "insert into verdict (verdict_id, alert_id, verdict, reviewer, judged_at) "
        "select 'v', alert_id, 'wrong_person', 'ida', $at from alert where article_id = $id",
        id=told[0], at=NOON,
    )  # fmt: skip

    assert digest(settings).changed() == [{told[1]: ["headline_changed"]}]


def test_a_silent_edit_and_a_page_that_is_gone_are_told(settings, told, do):
    do(
        "insert into article_version by name select * replace ('v2' as version_id, "
        "number + 1 as number, $at as fetched_at) from article_version where article_id = $id "
        "order by number desc limit 1",
        id=told[0], at=LATER,
    )  # fmt: skip
    do(
        "update page set state = 'failed', status = 410, last_fetched_at = $at "
        "where url = (select url from article where article_id = $id)",
        id=told[1], at=LATER + timedelta(hours=1),
    )  # fmt: skip
    found = digest(settings)
    text = text_of(found.messages[0].content)

    assert found.changed() == [{told[1]: ["vanished"], told[0]: ["edited"]}]  # the last seen first
    assert text.index("The page is gone") < text.index("The text was edited")


def test_what_an_article_of_a_run_under_way_shows_is_told_after_the_digest_in_between(
    settings, change, told
):
    """The page was read before that digest, and stored after it."""
    change(told[0])
    digest(settings, LATER + timedelta(minutes=5))
    change(told[1], seen_at=LATER + timedelta(minutes=4))

    assert digest(settings).changed() == [{told[1]: ["headline_changed"]}]


def test_changes_wait_for_a_digest(settings, change, told):
    change(told[0])
    takes = Takes()
    send_due(settings, carry=takes, clock=lambda: TOMORROW)

    assert takes.messages == []
    assert HEAD in text_of(preview(settings, clock=lambda: TOMORROW))


def make_change(number, **fields):
    return {
        "change_id": f"{number}",
        "article_id": f"{number:016x}",
        "seen_at": LATER + timedelta(minutes=number),
        "kind": "headline_changed",
        "before": "Old",
        "after": "New",
        "display_name": None,
        "names": ["Ada Quarry"],
        "title": f"Report {number}",
        "outlet": "The Herald",
        "canonical_url": f"http://herald.example/{number}",
        "language": "en",
    } | fields


def content(*changes):
    return content_of(CHAT, Chosen((), ()), (), "digest", TOMORROW, Settings().zone, changes)


def test_text_and_page_say_what_changed_in_words():
    told = content(
        make_change(1, kind="name_added", before=None, after="Mr. Q", display_name="Ada Quarry"),
        make_change(1, kind="name_removed", before="Mr. Ro", after=None, display_name="Bo Ro"),
        make_change(1, kind="edited", before=None, after=None),
        make_change(1, kind="edited", before=None, after=None),
    )

    for words in (text_of(told), html_of(told)):
        assert f"{HEAD} (1)" in words
        assert "Ada Quarry: Report 1" in words
        assert "Ada Quarry is named now: “Mr. Q”" in words
        assert "Bo Ro is named no more: “Mr. Ro”" in words
        assert words.count("The text was edited") == 1
        assert "casewatch versions 00000000" in words


def test_many_changes_are_counted_and_what_does_not_fit_is_too():
    told = content(*(make_change(number) for number in range(20)))
    small = text_of(told, fits=lambda text: len(text) < 200)

    assert "and 8 more: casewatch sql" in text_of(told)
    assert "and 8 more: <code" in html_of(told)
    assert f"{HEAD} (20)" in small
    assert "and 20 more: casewatch sql" in small


def test_hostile_headlines_are_inert():
    hostile = "<img src=x onerror=alert(1)>\x1b[31m\u202e"
    told = content(make_change(1, before=hostile, after=hostile, title=hostile, names=[hostile]))
    no_link = content(make_change(1, canonical_url="javascript:alert(1)"))

    assert "<img" not in html_of(told)
    assert not {"\x1b", "\u202e"} & set(text_of(told) + html_of(told))
    assert "javascript:" not in html_of(no_link)


def test_what_an_older_casewatch_packed_says_nothing_of_changes():
    older = {k: v for k, v in content().items() if k != "changed"}

    assert HEAD not in text_of(older) + html_of(older)
