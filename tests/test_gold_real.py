"""Real texts and pages of ../shared: the listed is found, what is raised was judged and right."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from benchmarks import real_pages, real_texts
from benchmarks.real_pages import Alert, PageVerdict
from benchmarks.real_texts import Extra, Gold, Label, Pairs, Raised, Remark
from extractors.mentions import Tagger
from extractors.model import Mention, Tier
from flows.seeds import read_seeds

STRICT_F1 = 0.995  # measured 2026-11-24: 0.9956, one wrong and one missed of 225
GIVEN_F1 = 0.996  # with 54 given names alone as well: 0.9964
NOT_WORTH = 2  # alerts of a true subject in a text with no crime, court or punishment
KINDS = frozenset({"full", "alias", "short", "solo", "org", "given"})
GOLD = real_texts.read_gold()
NOBODY = Gold(labels={}, extras={}, missed={}, disputed=(), unlisted=())
RAISED = Raised("doc", "kevin-cooper", 0.7, ((5, 17),))


@pytest.fixture(scope="module")
def registry():
    return read_seeds(real_texts.ROOT / "seeds")


@pytest.fixture(scope="module")
def tagger(registry):
    return Tagger(registry.subjects)


@pytest.fixture(scope="module")
def documents():
    return {one.id: one for one in real_texts.read_documents()}


@pytest.fixture(scope="module")
def taggings(documents, tagger):
    return {key: real_texts.tag_document(one, tagger) for key, one in documents.items()}


@pytest.fixture(scope="module")
def pairs(documents, taggings):
    return real_texts.compare_pairs(documents.values(), taggings.values())


@pytest.mark.shared
def test_every_listed_pair_is_found(pairs):
    """A reader found these subjects in these texts."""
    assert pairs.missed == ()
    assert len(pairs.found) == 190


@pytest.mark.shared
def test_what_else_the_texts_raise_was_judged_and_is_no_namesake(pairs):
    """A new alert must be read before it may stand."""
    assert real_texts.amiss(pairs, GOLD) == []


@pytest.mark.shared
def test_no_more_texts_than_two_pass_the_gate_for_a_word_used_in_another_sense(pairs):
    """Innocent people die in wars, too."""
    passed = real_texts.gate(pairs, GOLD)["none"]

    assert passed.right <= NOT_WORTH
    assert passed.of == 26


@pytest.mark.shared
def test_labelled_mentions_are_found_as_well_as_before(taggings):
    """279 mentions in 60 texts, labelled before the tagger read them."""
    scores = real_texts.score_labels(GOLD, taggings)

    assert scores["strict"].f1 >= STRICT_F1
    assert scores["overlapping"].f1 >= STRICT_F1
    assert scores["with given"].f1 >= GIVEN_F1


@pytest.mark.shared
def test_labels_are_words_of_their_documents(documents, registry):
    """A slip in an offset would count as a miss for ever."""
    subjects = {subject.id for subject in registry.subjects}
    labels = [(documents[key].text, one) for key, found in GOLD.labels.items() for one in found]

    assert len(labels) == 279
    for text, one in labels:
        assert not text[one.start - 1 : one.start].isalnum()
        assert text[one.start].isupper()
        assert text[one.end - 1].isalpha()
        assert not text[one.end].isalnum()
        assert one.subject in subjects
        assert one.kind in KINDS


@pytest.mark.shared
def test_thirty_of_the_labelled_texts_are_listed_and_thirty_are_not(documents):
    """Texts without a tracked subject tell of precision, the others of recall."""
    listed = Counter(bool(documents[key].subjects) for key in GOLD.labels)

    assert listed == {True: 30, False: 30}


@pytest.mark.shared
@pytest.mark.shared
def test_judged_spans_are_names(documents):
    """A slip in an offset would judge another mention."""
    remarks = [(one.id, span) for one in GOLD.extras.values() for span in one.spans]
    remarks += [(one.id, one.span) for one in (*GOLD.disputed, *GOLD.unlisted)]

    for document, (start, end) in remarks:
        text = documents[document].text
        assert text[start].isupper()
        assert text[end - 1].isalpha()
        assert not text[end].isalnum()


@pytest.mark.shared
def test_judgements_quote_no_text_of_others(documents):
    """Six words in a row would be theirs."""
    told = [(one.id, one.why) for one in (*GOLD.disputed, *GOLD.unlisted)]
    told += [(one.id, one.why) for one in GOLD.extras.values()]

    for document, why in told:
        words = why.casefold().split()
        text = " ".join(documents[document].text.casefold().split())
        assert not [n for n in range(len(words) - 5) if " ".join(words[n : n + 6]) in text]


@pytest.mark.shared
def test_pages_with_tracked_names_raise_what_a_reading_bears_out_and_nothing_else(registry, tagger):
    """Those with an alert, and 30 that name a tracked person, or another of that name, without."""
    judged, quiet = real_pages.page_verdicts(), real_pages.quiet_pages()
    wanted = quiet.keys() | {page for page, _ in judged}
    rows = [row for row in real_pages.all_rows() if real_pages.row_id(row) in wanted]

    read = list(real_pages.read_rows(rows))
    alerts = [one for page in read for one in real_pages.alerts_of(page, tagger, registry)]

    assert len(quiet) == 30
    assert {page.id for page in read} == wanted
    assert [page.id for page in read if page.failure] == []
    assert {one.key for one in alerts} == judged.keys()
    assert real_pages.amiss(alerts, judged) == []


def test_an_alert_that_nobody_judged_is_amiss():
    """Whether it is right, a person must say."""
    pairs = Pairs(frozenset(), frozenset(), (), (RAISED,))

    assert real_texts.amiss(pairs, NOBODY) == ["doc: kevin-cooper: raised, and not judged"]


def test_an_alert_for_a_namesake_is_amiss():
    """Having judged it does not make it right."""
    judged = Extra("doc", "kevin-cooper", "namesake", "main", ((5, 17),), "a striker")
    gold = replace(NOBODY, extras={RAISED.pair: judged})
    pairs = Pairs(frozenset(), frozenset(), (), (RAISED,))

    assert real_texts.amiss(pairs, gold) == ["doc: kevin-cooper: raised for a namesake: a striker"]


def test_a_judgement_holds_for_the_mentions_that_were_read():
    """Another mention in the same text may be of somebody else."""
    judged = Extra("doc", "kevin-cooper", "real", "main", ((90, 99),), "the prisoner")
    gold = replace(NOBODY, extras={RAISED.pair: judged})
    pairs = Pairs(frozenset(), frozenset(), (), (RAISED,))

    assert real_texts.amiss(pairs, gold) == [
        "doc: kevin-cooper: raised at other offsets than were judged"
    ]


def test_a_pair_that_a_reader_had_and_the_listing_had_not_may_be_found():
    """It was a miss that the listing does not know."""
    remark = Remark("doc", "kevin-cooper", (5, 17), "a list of speakers")
    pairs = Pairs(frozenset(), frozenset(), (), (RAISED,))

    assert real_texts.amiss(pairs, replace(NOBODY, unlisted=(remark,))) == []


def test_a_missed_pair_is_amiss_until_it_is_explained():
    """The listing is one reading."""
    pair = ("doc", "kevin-cooper")
    pairs = Pairs(frozenset({pair}), frozenset(), (pair,), ())

    assert real_texts.amiss(pairs, NOBODY) == ["doc: kevin-cooper: missed, and not explained"]
    assert real_texts.amiss(pairs, replace(NOBODY, missed={pair: "a namesake"})) == []


def test_a_page_s_alert_must_be_judged_and_borne_out():
    """Each page is judged by a reading of it."""
    alert = Alert("aed/1", "kevin-cooper", 0.9, "full name", ((0, 12),))
    judged = PageVerdict("aed/1", "kevin-cooper", borne_out=False, why="a menu")

    assert real_pages.amiss([alert], {}) == [(alert, "not judged")]
    assert real_pages.amiss([alert], {alert.key: judged}) == [(alert, "not borne out: a menu")]
    assert real_pages.amiss([alert], {alert.key: replace(judged, borne_out=True)}) == []


def test_a_given_name_alone_costs_nothing_claimed_or_not():
    """It is scored apart: a reader understands it, and a careful tagger may leave it out."""
    labels = (Label(0, 12, "kevin-cooper", "full"), Label(20, 25, "kevin-cooper", "given"))

    assert real_texts.strict(labels, [mention(0, 12)]).f1 == 1.0
    assert real_texts.strict(labels, [mention(0, 12), mention(20, 25)]).f1 == 1.0
    assert real_texts.strict(labels, [mention(0, 12), mention(30, 35)]).wrong == 1


def test_one_claim_over_two_labels_finds_one_of_them():
    """Else a claim over the whole text would find all."""
    labels = (Label(0, 12, "kevin-cooper", "full"), Label(14, 20, "kevin-cooper", "short"))

    count = real_texts.overlapping(labels, [mention(0, 20)])

    assert (count.right, count.wrong, count.missed) == (1, 0, 1)


def mention(start, end):
    return Mention("kevin-cooper", start, end, "x" * (end - start), "full", "", 0.9, Tier.CONFIRMED)
