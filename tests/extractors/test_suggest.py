"""Proposals from judged articles: words of the case, other names, a namesake's words."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.model import Advocate, Case, ContextTerm, Namesake, PersonName, Policy, Verdict
from extractors.names import name_runs, other_name
from extractors.phrases import keys_within, near, phrases
from extractors.suggest import ENOUGH, Passage, suggest, without

QUARRY = Case(
    id="ada-quarry",
    name=PersonName(given=("Ada",), family=("Quarry",)),
    display_name="Ada Quarry",
    policy=Policy.CONTEXT_REQUIRED,
    kind="person",
)
OTHERS = [
    f"Report {n}\n\nThe council of town {n} met on Monday. The death row inmate was not named. "
    "A library opened, and the county spent money on its roads."
    for n in range(40)
]
RIGHT, WRONG = Verdict.RELEVANT, Verdict.WRONG_PERSON


def passage(story: str, body: str, verdict: Verdict | None = RIGHT, **fields) -> Passage:
    text = f"Report on Ada Quarry\n\n{body}"
    spans = tuple(match.span() for match in re.finditer("Ada Quarry", text))
    url = f"https://news.example/{story}"
    return replace(Passage(story, url, "News", text, 22, spans, 0.95, verdict), **fields)


def judged(*bodies: str, verdict: Verdict = RIGHT) -> list[Passage]:
    return [passage(f"{verdict}-{n}", body, verdict) for n, body in enumerate(bodies)]


def proposed(kind: str, passages: list[Passage], subject=QUARRY, others=OTHERS, known=()):
    found = suggest(subject, passages, others, known).proposals
    return [proposal.text for proposal in found if proposal.kind == kind]


FIVE_RIGHT = judged(
    "Ada Quarry, held at Millbrook, spoke to Tessa Lorne, her lawyer.",
    "The lawyer Tessa Lorne asked that Ada Quarry leave Millbrook.",
    "From Millbrook came word that Ada Quarry is ill.",
    "A death row inmate, Ada Quarry, wrote a letter. Nobody from Amberton spoke.",
    "A court will hear Ada Quarry on a day in spring.",
)
TWO_WRONG = judged(
    "Ada Quarry, who paints in oils, opened her gallery in Amberton.",
    "The gallery of Ada Quarry in Amberton shows how she paints.",
    verdict=WRONG,
)


# --- words of the case ---------------------------------------------------------------------------


def test_names_in_right_stories_are_proposed_the_most_told_first():
    assert proposed("context", FIVE_RIGHT) == ["Millbrook", "Tessa Lorne"]


def test_a_proposal_comes_with_its_support_and_a_sentence_that_shows_it():
    (millbrook, _) = suggest(QUARRY, FIVE_RIGHT + TWO_WRONG, OTHERS).proposals[:2]
    passages = {one.url: one for one in FIVE_RIGHT}
    example = millbrook.example

    assert (millbrook.right, millbrook.wrong, millbrook.others) == (3, 0, 0)
    assert millbrook.log_odds > 4
    assert "Millbrook" in example.quote
    assert passages[example.url].text[example.start : example.end] == example.quote


def test_a_word_of_a_wrong_story_is_no_word_of_the_case():
    wrong = judged("Ada Quarry of Millbrook High scored twice.", verdict=WRONG)

    assert proposed("context", FIVE_RIGHT + wrong) == ["Tessa Lorne"]


def test_a_word_that_stands_everywhere_is_no_word_of_the_case():
    everywhere = [f"{text} It happened in Millbrook." for text in OTHERS]

    assert proposed("context", FIVE_RIGHT, others=everywhere) == ["Tessa Lorne"]


def test_what_the_tagger_weighs_for_every_case_is_not_proposed():
    bodies = ["Ada Quarry is on death row in Texas, Judge Jury said on Monday."] * 6

    assert proposed("context", judged(*bodies)) == ["Judge Jury"]


def test_ten_copies_of_one_report_say_a_thing_once():
    copies = [replace(FIVE_RIGHT[0], story="one", url=f"https://{n}.example/") for n in range(10)]

    assert proposed("context", [*copies, *FIVE_RIGHT[2:]]) == ["Millbrook"]


def test_what_the_registry_says_already_is_not_proposed():
    term = ContextTerm("lawyer", "Tessa Lorne", "s1")
    namesake = Namesake("a mill", ("Millbrook",))

    known = replace(QUARRY, context=(term,), namesakes=(namesake,))

    assert proposed("context", FIVE_RIGHT, known) == []


def test_names_of_others_whom_we_know_are_not_proposed():
    assert proposed("context", FIVE_RIGHT, known=["Tessa Lorne", "News"]) == ["Millbrook"]


def test_half_a_name_is_not_proposed():
    bodies = ["Ada Quarry was seen in San Morello."] * 2 + ["Ada Quarry."] * 3

    assert proposed("context", judged(*bodies)) == ["San Morello"]


def test_without_other_articles_nobody_knows_what_is_the_cases_own():
    assert proposed("context", FIVE_RIGHT, others=[]) == []


def test_a_word_in_small_letters_needs_more_stories_and_others_to_know_it_from():
    bodies = ["Ada Quarry said that the arsonist was."] * 3 + ["Ada Quarry."] * 2

    assert proposed("context", judged(*bodies)) == ["arsonist"]
    assert proposed("context", judged(*bodies[1:], "Ada Quarry.")) == []
    assert proposed("context", judged(*bodies), others=OTHERS[:10]) == []


def test_an_advocate_gets_proposals_too():
    advocate = Advocate(
        id="league",
        name=PersonName(),
        display_name="Ada Quarry League",
        policy=Policy.NAME_SUFFICIENT,
        kind="org",
    )

    assert proposed("context", FIVE_RIGHT, advocate) == ["Millbrook", "Tessa Lorne"]


# --- words of a namesake -------------------------------------------------------------------------


def test_words_beside_the_name_in_wrong_stories_are_a_namesakes():
    found = suggest(QUARRY, FIVE_RIGHT[:3] + TWO_WRONG, OTHERS).proposals
    cue = next(proposal for proposal in found if proposal.kind == "cue")

    assert (cue.text, cue.wrong, cue.right) == ("Amberton", 2, 0)


def test_a_word_that_also_stands_in_a_right_story_is_no_cue():
    assert proposed("cue", FIVE_RIGHT + TWO_WRONG) == []


def test_a_word_far_from_the_name_is_no_cue():
    filler = "Words that say little came and went. " * 10
    wrong = judged(*(f"Ada Quarry. {filler}In Amberton it rained." for _ in "12"), verdict=WRONG)

    assert proposed("cue", FIVE_RIGHT[:3] + wrong) == []


# --- other names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("Ada Mae-Quarry", "the same names"),
        ("Ada Quarrey", "the same names"),
        ("A. Quarry", "initial"),
    ],
)
def test_another_way_to_write_the_name_is_proposed(written, note):
    bodies = [f"Ada Quarry is here. A friend calls her {written}, as {n} do." for n in range(5)]
    (alias,) = [p for p in suggest(QUARRY, judged(*bodies), OTHERS).proposals if p.kind == "alias"]

    assert (alias.text, alias.right) == (written, 5)
    assert alias.note.startswith(note)


def test_a_married_name_is_proposed_where_the_given_name_is_rare():
    rare = replace(QUARRY, name=PersonName(given=("Cyntoia",), family=("Quarry",)))
    bodies = ["Ada Quarry here. Today she is called Cyntoia Long, they say."] * 5

    assert proposed("alias", judged(*bodies), rare) == ["Cyntoia Long"]


def test_a_relative_is_seen_and_not_proposed():
    bodies = ["Ada Quarry is here. Her brother Thomas Quarry wept."] * 5
    found = suggest(QUARRY, judged(*bodies), OTHERS)

    assert [p.text for p in found.proposals if p.kind == "alias"] == []
    assert found.seen == (("Thomas Quarry", 5),)


def test_a_name_in_a_wrong_story_is_not_proposed():
    right = judged(*["Ada Quarry, whom a friend calls A. Quarry, is here."] * 5)
    wrong = judged("Ada Quarry paints as A. Quarry.", verdict=WRONG)

    assert proposed("alias", right + wrong) == []


def test_what_a_mention_holds_is_no_other_name():
    text = "Report\n\nMs. Ada Mae Quarry spoke. Ada Quarrey did not."
    found = [text.index("Ada Mae"), text.index(" spoke")]

    runs = list(name_runs(text, 8, QUARRY.name, [(found[0], found[1])]))

    assert [run.text for run in runs] == ["Ada Quarrey"]


@pytest.mark.parametrize(
    ("key", "is_other"),
    [("ada quarry", True), ("ada may quarry", True), ("bob quarry", False), ("ada smith", False)],
)
def test_one_common_part_alone_makes_no_other_name(key, is_other):
    common = PersonName(given=("Ada", "Mary"), family=("Quarry",))

    assert (other_name(key.replace("ada", "mary"), common) is not None) is is_other


# --- how sure it is ------------------------------------------------------------------------------


def test_with_too_few_verdicts_it_says_so_and_asks_the_unjudged():
    unjudged = [replace(one, verdict=None) for one in FIVE_RIGHT]
    found = suggest(QUARRY, unjudged, OTHERS)

    assert (found.weak, found.judged, found.unjudged) == (True, 0, 5)
    assert [proposal.text for proposal in found.proposals] == ["Millbrook", "Tessa Lorne"]


def test_the_unjudged_are_not_asked_where_the_tagger_is_unsure():
    unsure = [replace(one, verdict=None, confidence=0.6) for one in FIVE_RIGHT]

    assert suggest(QUARRY, unsure, OTHERS).proposals == ()


def test_with_enough_verdicts_the_unjudged_say_nothing():
    unjudged = [passage(f"u{n}", "Ada Quarry met Vera Blume.", None) for n in range(5)]
    found = suggest(QUARRY, FIVE_RIGHT + unjudged, OTHERS)

    assert (found.weak, found.judged) == (False, ENOUGH)
    assert [proposal.text for proposal in found.proposals] == ["Millbrook", "Tessa Lorne"]


def test_unsure_and_not_an_article_are_no_verdicts_about_the_person():
    odd = [
        passage("a", "Ada Quarry.", Verdict.UNSURE),
        passage("b", "Ada.", Verdict.NOT_AN_ARTICLE),
    ]

    assert suggest(QUARRY, FIVE_RIGHT + odd, OTHERS).judged == 5


def test_nothing_known_is_nothing_proposed():
    found = suggest(QUARRY, [])

    assert (found.proposals, found.weak) == ((), True)


def test_what_a_person_does_not_want_is_left_out():
    found = without(suggest(QUARRY, FIVE_RIGHT, OTHERS), ["MILLBROOK"])

    assert [proposal.text for proposal in found.proposals] == ["Tessa Lorne"]


def test_the_order_of_articles_changes_nothing():
    forth = suggest(QUARRY, FIVE_RIGHT + TWO_WRONG, OTHERS)
    back = suggest(QUARRY, [*reversed(FIVE_RIGHT + TWO_WRONG)], OTHERS[::-1])

    assert [(p.kind, p.text, p.right, p.wrong) for p in forth.proposals] == [
        (p.kind, p.text, p.right, p.wrong) for p in back.proposals
    ]


# --- whatever the text ---------------------------------------------------------------------------


@given(text=st.text(), title_end=st.integers(0, 20))
def test_a_phrase_is_found_where_it_says(text, title_end):
    for phrase in phrases(text, [(0, len(text))], title_end):
        assert 0 <= phrase.start < phrase.end <= len(text)
        assert phrase.key in keys_within(text[phrase.start : phrase.end], {phrase.key})


@given(
    spans=st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)).map(sorted).map(tuple)),
    reach=st.integers(0, 30),
)
def test_stretches_hold_their_spans_and_do_not_touch(spans, reach):
    found = near(spans, reach, 100)

    assert all(any(a <= start and end <= b for a, b in found) for start, end in spans)
    assert all(left[1] < right[0] for left, right in pairwise(found))


@given(bodies=st.lists(st.text(), max_size=6))
def test_no_text_is_too_odd(bodies):
    passages = [passage(str(n), f"Ada Quarry {body}") for n, body in enumerate(bodies)]
    texts = {one.url: one.text for one in passages}

    for proposal in suggest(QUARRY, passages, bodies).proposals:
        example = proposal.example
        assert texts[example.url][example.start : example.end] == example.quote
