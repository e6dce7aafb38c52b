"""Stories and alerts: one report is one story, one subject in it one alert, raised once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from extractors.model import Event, Modality, stable_id
from warehouse.articles import save_visits
from warehouse.intake import save_registry
from warehouse.stories import cluster, raise_alerts

REPORT = (
    "Ada Byron asked the appeals court on Tuesday for a new hearing. Her lawyers filed forty pages "
    "about a witness who was never called. The state has until the end of October to answer, and "
    "a panel of three judges will then decide whether the matter is heard at all. No date has been "
    "set. The witness, a night porter, wrote in March that nobody had ever asked him anything."
)
CUT = REPORT.partition(" The state has")[0]
OTHER = (
    "A museum in the harbour opens its doors this weekend after two years of repairs. Ada Byron "
    "paid for the roof, the director said, and for half of the new staircase. Visitors enter free "
    "on both days, and the cafe beside the old crane will stay open until midnight for once."
)
OUTLETS = ("wire", "gazette", "herald")


@pytest.fixture
def save(warehouse, versions):
    def saving(*visits: Any) -> None:
        with warehouse.transaction() as db:
            save_visits(db, visits, versions)

    return saving


@pytest.fixture
def settle(warehouse, make_registry, noon):
    """Cluster what is stored and raise alerts, as a run's last step does; return how many."""
    with warehouse.transaction() as db:
        save_registry(db, make_registry())

    def settling(run_id: str = "run-1") -> int:
        with warehouse.transaction() as db:
            cluster(db)
            return raise_alerts(db, run_id, noon, history_after=timedelta(days=14))

    return settling


@pytest.fixture
def ask(warehouse):
    def asking(sql: str) -> list[tuple[Any, ...]]:
        with warehouse.transaction() as db:
            rows: list[tuple[Any, ...]] = db.execute(sql).fetchall()
        return rows

    return asking


def stories(ask: Any) -> dict[str, set[str]]:
    """Return the outlets of each story, by the outlet it began with."""
    rows = ask(
        "select f.outlet, list(a.outlet) from article a join story using (story_id) "
        "join article f on f.article_id = first_article_id group by all"
    )
    return {first: set(outlets) for first, outlets in rows}


@pytest.fixture
def wire_copy(make_visit, noon):
    """Return what three outlets made of one report, an hour apart, the last one cut short."""
    bodies = (REPORT, f"{REPORT} The Gazette will follow the case.", CUT)
    return [
        make_visit("one", body, outlet=outlet, published_at=noon + timedelta(hours=hour))
        for hour, (outlet, body) in enumerate(zip(OUTLETS, bodies, strict=True))
    ]


# --- stories -------------------------------------------------------------------------------------


def test_one_report_in_three_outlets_is_one_story(save, settle, ask, wire_copy):
    save(*wire_copy)
    settle()

    assert stories(ask) == {"wire": set(OUTLETS)}
    assert ask("select relation, count(*) from story_article group by all order by all") == [
        ("copy", 2),
        ("first", 1),
    ]


def test_another_report_of_the_same_day_is_another_story(save, settle, ask, make_visit):
    save(make_visit("one", REPORT), make_visit("one", OTHER, outlet="gazette"))
    settle()

    assert stories(ask) == {"wire": {"wire"}, "gazette": {"gazette"}}


@pytest.mark.parametrize(("days", "told_as"), [(14, 1), (15, 2)])
def test_the_same_words_after_more_than_fourteen_days_are_another_story(
    save, settle, ask, make_visit, noon, days, told_as
):
    save(
        make_visit("one", REPORT),
        make_visit("one", REPORT, outlet="gazette", published_at=noon + timedelta(days=days)),
    )
    settle()

    assert len(stories(ask)) == told_as


def test_an_article_without_a_date_stands_on_the_day_it_was_first_seen(
    save, settle, ask, make_visit, noon
):
    later = make_visit(
        "one", REPORT, outlet="gazette", published_at=None, at=noon + timedelta(days=20)
    )
    save(make_visit("one", REPORT), later)
    settle()

    assert len(stories(ask)) == 2


def test_an_article_of_a_few_words_is_a_story_of_its_own(save, settle, ask, make_visit):
    save(
        make_visit("one", "Ada Byron.", outlet="wire"),
        make_visit("one", "Ada Byron.", outlet="gazette"),
    )
    settle()

    assert len(stories(ask)) == 2


def test_a_story_begins_with_what_was_published_first_whatever_was_stored_first(
    save, settle, ask, wire_copy
):
    save(*reversed(wire_copy))
    settle()

    assert stories(ask) == {"wire": set(OUTLETS)}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_run_that_was_killed_between_batches_ends_with_the_same_stories(
    save, settle, ask, wire_copy, order
):
    for number in order:  # each batch its own transaction; the last step comes after all of them
        save(wire_copy[number])
    settle()
    first, second, third = (visit.reading.article.id for visit in wire_copy)
    story = stable_id(first)

    assert set(ask("select article_id, story_id, relation, containment from story_article")) == {
        (first, story, "first", 1.0),
        (second, story, "copy", 1.0),
        (third, story, "copy", 1.0),
    }


def test_clustering_again_finds_nothing_to_do(warehouse, save, settle, ask, wire_copy):
    save(*wire_copy)
    settle()
    before = ask("from story_article order by all"), ask("from story order by all")
    with warehouse.transaction() as db:
        assert cluster(db) == []

    assert (ask("from story_article order by all"), ask("from story order by all")) == before


def test_an_article_of_a_later_run_joins_the_story_that_is_there(save, settle, ask, wire_copy):
    save(*wire_copy[:2])
    settle("run-1")
    save(wire_copy[2])
    settle("run-2")

    assert stories(ask) == {"wire": set(OUTLETS)}


def test_an_earlier_article_that_comes_in_later_joins_the_story_that_is_there(
    save, settle, ask, wire_copy
):
    save(*wire_copy[1:])
    settle("run-1")
    save(wire_copy[0])
    settle("run-2")

    assert stories(ask) == {"gazette": set(OUTLETS)}


def test_an_edit_leaves_an_article_in_its_story(save, settle, ask, wire_copy, make_visit):
    save(*wire_copy)
    settle("run-1")
    save(make_visit("one", OTHER, outlet="herald"))
    settle("run-2")

    assert stories(ask) == {"wire": set(OUTLETS)}


# --- alerts --------------------------------------------------------------------------------------


def test_one_story_raises_one_alert_that_lists_its_outlets(save, settle, ask, wire_copy):
    save(*wire_copy)

    assert settle() == 1
    assert ask("select subject_id, outlets, articles, outlet from alerts") == [
        ("ada-byron", sorted(OUTLETS), 3, "wire")
    ]


def test_an_alert_is_raised_once(save, settle, ask, wire_copy):
    save(*wire_copy)
    settle("run-1")

    assert settle("run-2") == 0
    assert ask("select run_id from alert") == [("run-1",)]


def test_another_article_of_a_known_story_raises_nothing_and_adds_its_outlet(
    save, settle, ask, wire_copy
):
    save(*wire_copy[:2])
    settle("run-1")
    save(wire_copy[2])

    assert settle("run-2") == 0
    assert ask("select run_id, outlets from alerts") == [("run-1", sorted(OUTLETS))]


def test_two_subjects_of_one_story_are_two_alerts(save, settle, make_visit):
    named = {"ada-byron": "Ada Byron", "night-porter": "night porter"}
    save(make_visit("one", REPORT, named=named))

    assert settle() == 2


def test_a_claim_that_is_not_worth_an_alert_raises_none(save, settle, ask, make_visit):
    save(make_visit("one", REPORT, alerts=False))

    assert settle() == 0
    assert ask("select count(*) from claim") == [(1,)]


def test_an_alert_is_raised_by_the_gravest_article_of_its_story(
    save, settle, ask, make_visit, noon
):
    save(
        make_visit("one", REPORT, rank=1),
        make_visit("one", REPORT, outlet="gazette", rank=3, published_at=noon + timedelta(hours=1)),
    )
    settle()

    assert ask("select outlet, rank, outlets from alerts") == [("gazette", 3, ["gazette", "wire"])]


def test_a_name_that_an_edit_adds_raises_an_alert(save, settle, make_visit, ask):
    save(make_visit("one", REPORT))
    settle("run-1")
    named = {"ada-byron": "Ada Byron", "night-porter": "night porter"}
    save(make_visit("one", f"{REPORT} He lives in Kent.", named=named))

    assert settle("run-2") == 1
    assert ask("select subject_id from alert where run_id = 'run-2'") == [("night-porter",)]


def test_a_name_that_a_correction_takes_out_leaves_its_alert_with_no_article(
    save, settle, ask, make_visit
):
    save(make_visit("one", REPORT))
    settle()
    save(make_visit("one", REPORT.replace("Ada Byron", "She"), named={"someone": "She"}))

    assert ask("select subject_id, articles, outlets, passage from alerts") == [
        ("ada-byron", 0, ["wire"], "one\n\nAda B")
    ]


def test_the_id_of_an_alert_is_the_hash_of_subject_and_story(save, settle, ask, make_visit):
    save(make_visit("one", REPORT))
    settle()
    alert_id, subject, story = ask("select alert_id, subject_id, story_id from alert")[0]

    assert alert_id == stable_id(subject, story)


def test_nothing_stored_raises_nothing(settle):
    assert settle() == 0


# --- history -------------------------------------------------------------------------------------


def history(ask: Any) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = ask("select history from alerts")
    return rows


@pytest.mark.parametrize(("days", "is_history"), [(13, False), (15, True)])
def test_what_was_long_published_when_first_seen_is_history(
    save, settle, ask, make_visit, noon, days, is_history
):
    save(make_visit(published_at=noon - timedelta(days=days)))
    settle()

    assert history(ask) == [(is_history,)]


def test_what_no_feed_brought_is_history(save, settle, ask, make_visit):
    visit = make_visit()
    page = replace(visit.page, entry=replace(visit.page.entry, feed_id=""))
    save(replace(visit, page=page))
    settle()

    assert history(ask) == [(True,)]


def test_an_old_report_of_a_day_still_to_come_is_news(save, settle, ask, make_visit, noon):
    visit = make_visit(published_at=noon - timedelta(days=90))
    ahead = Event(
        subject="ada-byron",
        type="hearing_set",
        modality=Modality.HAPPENED,
        start=0,
        end=10,
        quote="Ada Byron ",
        date=noon.date() + timedelta(days=3),
    )
    reading = visit.reading
    tagging = replace(reading.tagging, events=(ahead,))
    save(replace(visit, reading=replace(reading, tagging=tagging)))
    settle()

    assert history(ask) == [(False,)]


def test_a_name_that_is_added_to_an_old_report_is_news(save, settle, ask, make_visit, noon):
    old = noon - timedelta(days=90)
    save(make_visit(published_at=old, alerts=False))
    settle()
    save(make_visit(body="Ada Byron asked again, says a correction.", published_at=old))
    settle()

    assert history(ask) == [(False,)]


# --- a story that goes on ------------------------------------------------------------------------


def telling(visit: Any, *types: str, on: date | None = None) -> Any:
    """Return *visit* whose article tells of events of Ada Byron, each on the day *on*."""
    events = tuple(
        Event(kind, "ada-byron", Modality.HAPPENED, n, n + 10, "words", date=on)
        for n, kind in enumerate(types)
    )
    tagging = replace(visit.reading.tagging, events=events)
    return replace(visit, reading=replace(visit.reading, tagging=tagging))


def test_the_same_event_in_other_words_joins_the_story_and_raises_nothing(
    save, settle, ask, make_visit, noon
):
    day = noon.date()
    save(telling(make_visit("one", REPORT), "stay", on=day))
    assert settle() == 1
    save(telling(make_visit("one", OTHER, outlet="gazette"), "stay", on=day))

    assert settle() == 0
    assert stories(ask) == {"wire": {"wire", "gazette"}}
    assert ask("select relation from story_article order by 1") == [("event",), ("first",)]


def test_an_event_of_another_day_is_another_story(save, settle, ask, make_visit, noon):
    day = noon.date()
    save(
        telling(make_visit("one", REPORT), "stay", on=day),
        telling(make_visit("one", OTHER, outlet="gazette"), "stay", on=day + timedelta(days=1)),
    )

    assert settle() == 2


def test_a_copy_that_tells_of_another_event_raises_again_once(
    save, settle, ask, make_visit, noon, wire_copy
):
    first, second, third = wire_copy
    save(telling(first, "hearing_set"))
    assert settle() == 1
    save(telling(second, "hearing_set", "stay"), third)

    assert settle() == 1
    assert settle() == 0
    assert ask("select event_types from alert order by len(event_types), 1") == [
        (["hearing_set"],),
        (["stay"],),
    ]


def test_a_retold_event_raises_nothing_again(save, settle, make_visit, wire_copy):
    first, second, _ = wire_copy
    save(first)
    settle()
    told = telling(second, "stay")
    event = replace(told.reading.tagging.events[0], retold=True)
    tagging = replace(told.reading.tagging, events=(event,))
    save(replace(told, reading=replace(told.reading, tagging=tagging)))

    assert settle() == 0


def test_what_two_articles_add_at_once_is_one_alert(save, settle, ask, wire_copy):
    first, second, third = wire_copy
    save(first)
    settle()
    save(telling(second, "stay"), telling(third, "hearing_set"))

    assert settle() == 1
    assert settle() == 0
    assert ask("select event_types from alert where len(event_types) > 0") == [
        (["hearing_set", "stay"],)
    ]


@pytest.mark.parametrize(("days", "told_as"), [(1, 1), (5, 2)])
def test_an_update_with_some_of_the_words_joins_the_story_within_three_days(
    save, settle, ask, make_visit, noon, days, told_as
):
    update = f"{CUT} {OTHER}"
    later = noon + timedelta(days=days)
    save(make_visit("one", REPORT), make_visit("one", update, outlet="gazette", published_at=later))
    settle()

    assert ask("select count(distinct story_id) from article") == [(told_as,)]


FOOTER = (
    " Sign up for our newsletter to get the stories that matter in your inbox every morning before "
    "breakfast, and tell us what you think of our coverage by writing to the editors at any time "
    "of the day or night, because we read every letter that reaches our desk by post or by mail."
)


def test_what_an_outlet_writes_under_each_report_makes_no_copies(save, settle, ask, make_visit):
    leads = (
        "Rain is expected.", "The mayor spoke.", "A bridge was opened.", "A dog was found.",
        "Shares fell.", "The choir sang.",
    )  # fmt: skip
    save(*[make_visit(f"n{n}", lead + FOOTER) for n, lead in enumerate(leads)])
    settle()

    assert ask("select count(distinct story_id) from article") == [(len(leads),)]
