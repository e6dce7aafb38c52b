"""Scores against gold: what counts as right, how sure a share is, and what has fallen."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.evaluation import falls, score
from extractors.model import Event, Mention, Modality, Tagging, Tier
from extractors.scores import Count, Example, GoldEvent, GoldMention, Share, wilson

COOPER, REED = "kevin-cooper", "rodney-reed"


def mention(start, end, *, subject=COOPER, kind="full", confidence=0.95):
    tier = Tier.CONFIRMED if confidence >= 0.9 else Tier.LIKELY
    return Mention(subject, start, end, "x" * (end - start), kind, "form", confidence, tier)


def event(kind="stay", *, subject=COOPER, modality=Modality.HAPPENED, day=None):
    return Event(kind, subject, modality, 0, 4, "stay", day)


def tagging(*mentions, alerts=(), events=(), rejected=()):
    return Tagging(mentions, rejected, tuple(events), tuple(alerts))


def gold(*spans, alerts=(), events=None, language="en"):
    mentions = frozenset(GoldMention(start, end, COOPER) for start, end in spans)
    told = None if events is None else tuple(events)
    return Example("a", language, mentions, frozenset(alerts), told)


def test_a_span_off_by_one_is_wrong_strictly_and_right_in_part():
    scores = score([gold((0, 12))], [tagging(mention(0, 11))])

    assert scores.counts["mentions"] == Count(right=0, wrong=1, missed=1)
    assert scores.counts["overlapping"] == Count(right=1)


def test_one_claim_over_two_mentions_finds_one_of_them():
    scores = score([gold((0, 5), (6, 11))], [tagging(mention(0, 11))])

    assert scores.counts["overlapping"] == Count(right=1, missed=1)


def test_the_place_of_another_subject_is_no_overlap():
    scores = score([gold((0, 5))], [tagging(mention(0, 5, subject=REED))])

    assert scores.counts["overlapping"] == Count(wrong=1, missed=1)


def test_an_alert_that_is_only_likely_is_missed_at_nine_tenths():
    likely = tagging(mention(0, 5, confidence=0.7), alerts=[COOPER])
    scores = score([gold((0, 5), alerts=[COOPER])], [likely])

    assert scores.counts["alerts_0.5"] == Count(right=1)
    assert scores.counts["alerts_0.9"] == Count(missed=1)
    assert scores.counts["documents_0.9"] == Count(missed=1)


def test_a_document_counts_once_whoever_it_is_about():
    wrong_too = tagging(mention(0, 5), mention(6, 9, subject=REED), alerts=[COOPER, REED])
    scores = score([gold((0, 5), alerts=[COOPER])], [wrong_too])

    assert scores.counts["alerts_0.9"] == Count(right=1, wrong=1)
    assert scores.counts["documents_0.9"] == Count(right=1)


def test_precision_is_told_by_kind_and_recall_by_language():
    scores = score(
        [gold((0, 5)), gold((0, 5), language="de")],
        [tagging(mention(0, 5), mention(9, 12, kind="short")), tagging()],
    )

    assert scores.kinds == {"full": Share(1, 1), "short": Share(0, 1)}
    assert scores.languages == {"de": Share(0, 1), "en": Share(1, 1)}


def test_the_worst_name_has_the_lowest_measure():
    found = tagging(mention(0, 5), mention(6, 9, subject=REED), alerts=[COOPER])
    scores = score([gold((0, 5), (20, 25), alerts=[COOPER])], [found])

    assert scores.names[COOPER].mentions == Count(right=1, missed=1)
    assert scores.worst == REED


def test_without_a_fault_no_name_is_worst():
    scores = score([gold((0, 5), alerts=[COOPER])], [tagging(mention(0, 5), alerts=[COOPER])])

    assert scores.worst is None


def test_rejected_candidates_count_for_calibration():
    found = tagging(mention(0, 5, confidence=0.9), rejected=(mention(8, 9, confidence=0.1),))
    scores = score([gold((0, 5))], [found])

    assert [(one.candidates, one.confidence, one.share) for one in scores.bins] == [
        (1, 0.1, 0.0),
        (0, None, None),
        (0, None, None),
        (0, None, None),
        (1, 0.9, 1.0),
    ]
    assert scores.brier == pytest.approx(0.01)


def test_certainty_lies_in_the_last_bin():
    scores = score([gold((0, 5))], [tagging(mention(0, 5, confidence=1.0))])

    assert scores.bins[-1].candidates == 1


def test_an_event_needs_its_type_and_subject():
    labelled = gold(events=[GoldEvent("stay", COOPER), GoldEvent("pardoned", COOPER)])
    scores = score([labelled], [tagging(events=[event(), event("pardoned", subject=REED)])])

    assert scores.counts["events"] == Count(right=1, wrong=1, missed=1)


def test_gold_without_subjects_asks_for_the_type_alone():
    scores = score([gold(events=[GoldEvent("stay")])], [tagging(events=[event(subject=REED)])])

    assert scores.counts["events"] == Count(right=1)


def test_events_that_nobody_labelled_are_not_measured():
    scores = score([gold(events=None)], [tagging(events=[event()])])

    assert scores.counts["events"] == Count()
    assert scores.misses == ()


def test_modality_is_asked_of_the_events_that_were_found():
    labelled = [GoldEvent("stay", COOPER, "asked"), GoldEvent("pardoned", COOPER, "denied")]
    scores = score([gold(events=labelled)], [tagging(events=[event()])])

    assert scores.modality == Share(0, 1)


def test_a_gold_year_is_met_by_a_day_in_it():
    labelled = [GoldEvent("stay", COOPER, date="2004"), GoldEvent("executed", COOPER, date="2005")]
    found = [event(day=date(2004, 2, 9)), event("executed", day=date(2004, 2, 10))]
    scores = score([gold(events=labelled)], [tagging(events=found)])

    assert scores.dates == Share(1, 2)


def test_misses_say_what_and_where():
    scores = score([gold((0, 5), alerts=[COOPER])], [tagging(mention(8, 10), alerts=[REED])])

    assert [(one.what, one.subject, one.start) for one in scores.misses] == [
        ("missed mention", COOPER, 0),
        ("wrong mention", COOPER, 8),
        ("missed alert", COOPER, None),
        ("wrong alert", REED, None),
    ]


def test_a_text_without_a_tagging_is_refused():
    with pytest.raises(ValueError, match="zip"):
        score([gold()], [])


def test_the_interval_is_that_of_wilson():
    low, high = wilson(8, 10)  # 0.4902 and 0.9433, as in every table of it

    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_fall_is_more_than_half_a_thousandth():
    before = {"a": 0.98, "b": 0.98, "c": 0.98, "d": 0.98}

    assert falls({"a": 0.9795, "b": 0.9794, "c": 0.99}, before) == {
        "b": (0.98, 0.9794),
        "d": (0.98, None),
    }


@given(st.integers(0, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_holds_the_share_and_lies_between_0_and_1(counted):
    share = Share(*counted)
    low, high = share.interval

    assert 0 <= low <= high <= 1
    assert share.of == 0 or low <= share.value <= high


SUBJECTS = st.sampled_from([COOPER, REED, "julius-jones"])
SPANS = st.sets(st.tuples(st.integers(0, 90), st.integers(1, 12), SUBJECTS), max_size=8)
EVENTS = st.sets(
    st.tuples(st.sampled_from(["stay", "pardoned"]), SUBJECTS, st.sampled_from(list(Modality))),
    max_size=4,
)


@st.composite
def labelled(draw):
    """Draw an example, and the tagging that says just what it says."""
    mentions = [mention(a, a + n, subject=who, confidence=1.0) for a, n, who in draw(SPANS)]
    alerts = {one.subject for one in mentions if draw(st.booleans())}
    day = draw(st.dates())
    events = [event(kind, subject=who, modality=how, day=day) for kind, who, how in draw(EVENTS)]
    example = Example(
        "a",
        draw(st.sampled_from(["en", "de"])),
        frozenset(GoldMention(one.start, one.end, one.subject, one.quote) for one in mentions),
        frozenset(alerts),
        tuple(GoldEvent(e.type, e.subject, e.modality.value, day.isoformat()) for e in events),
    )
    return example, tagging(*mentions, alerts=sorted(alerts), events=events)


@given(st.lists(labelled(), max_size=4))
def test_gold_against_itself_is_right_throughout(pairs):
    scores = score([example for example, _ in pairs], [found for _, found in pairs])

    assert set(scores.measures().values()) == {1.0}
    assert scores.misses == ()
    assert scores.brier == 0.0
