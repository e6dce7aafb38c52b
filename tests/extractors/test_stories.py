"""Copies of one report, found by shared shingles; no order of looking changes what is found."""

import random
import re
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.stories import Overlap, StoryLink, link_stories, sketch

ARTICLES = [f"article-{n}" for n in range(6)]


def words(count: int, *, seed: int = 0) -> str:
    """Return a text of *count* words without a repeated run of five."""
    choose = random.Random(seed)
    return " ".join(f"w{choose.randrange(10_000)}" for _ in range(count))


def overlap(
    article: str, other: str, shared: int = 40, size: int = 50, theirs: int = 50
) -> Overlap:
    return Overlap(article, other, shared, size, theirs)


# --- sketches ------------------------------------------------------------------------------------


def test_a_sketch_is_sorted_without_doubles_and_fits_64_bits():
    found = sketch(words(1000))

    assert list(found) == sorted(set(found))
    assert all(0 <= value < 2**64 for value in found)


def test_about_one_shingle_in_eight_of_a_long_text_is_kept():
    found = sketch(words(2000))

    assert 200 < len(found) < 300  # 1996 / 8 = 249.5
    assert all(value % 8 == 0 for value in found)


def test_a_short_text_keeps_every_shingle():
    assert len(sketch(words(30))) == 26


@pytest.mark.parametrize("body", ["", "   ", "Ada Byron won", "…—“”", "a b c d"])
def test_a_text_of_fewer_than_five_words_has_no_sketch(body):
    assert sketch(body) == ()


def test_case_punctuation_and_line_breaks_do_not_count():
    plain = "the court heard the case of the porter on tuesday"

    assert sketch("The court heard the case\n\nof “the porter”, on TUESDAY.") == sketch(plain)


def test_the_words_of_other_scripts_count():
    assert len(sketch("Суд отменил приговор по делу Иванова")) == 2
    assert sketch("Суд отменил приговор по делу") != sketch("Суд оставил приговор по делу")


@given(st.text())
def test_whatever_the_text_its_sketch_is_the_same_again(body):
    assert sketch(body) == sketch(body)


@given(
    st.lists(
        st.one_of(st.sampled_from(["ΣΟΦΟΣ", "İstanbul", "ß", "a_b", "…", "'", "\u00ad"]), st.text())
    )
)
def test_a_sketch_is_of_the_hashes_of_five_lower_case_words_each(pieces):
    """Stored sketches stay comparable: whatever is made faster, the numbers are the same."""
    body = " ".join(pieces)
    lower = [word.lower() for word in re.findall(r"\w+", body)]
    shingles = {" ".join(lower[n : n + 5]).encode() for n in range(len(lower) - 4)}
    numbers = {int.from_bytes(blake2b(s, digest_size=8).digest(), "big") for s in shingles}
    kept = {number for number in numbers if number % 8 == 0}

    assert sketch(body) == tuple(sorted(kept if len(kept) >= 12 else numbers))


# --- copies --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shared", "size", "other_size", "is_copy"),
    [
        (60, 100, 100, True),
        (59, 100, 100, False),
        (60, 100, 5000, True),  # the smaller one stands in the larger
        (60, 5000, 100, True),
        (4, 4, 100, True),
        (3, 3, 100, False),  # three shingles are an idiom, not a report
    ],
)
def test_a_copy_shares_six_tenths_of_the_smaller_sketch(shared, size, other_size, is_copy):
    assert overlap("a", "b", shared, size, other_size).is_copy is is_copy


# --- stories -------------------------------------------------------------------------------------


def test_an_article_that_copies_nothing_is_its_own_story():
    assert link_stories(["a"], [], {}) == [StoryLink("a", "a", 1.0)]


def test_a_copy_joins_the_article_that_came_before_it():
    links = link_stories(["a", "b"], [overlap("b", "a")], {})

    assert links == [StoryLink("a", "a", 1.0), StoryLink("b", "a", 0.8, "copy")]


def test_the_article_that_comes_first_waits_for_no_copy():
    assert link_stories(["a", "b"], [overlap("a", "b")], {})[0] == StoryLink("a", "a", 1.0)


def test_what_shares_too_little_is_another_story():
    links = link_stories(["a", "b"], [overlap("b", "a", shared=29)], {})

    assert [link.story_of for link in links] == ["a", "b"]


def test_a_copy_of_a_known_article_joins_the_story_that_one_is_in():
    links = link_stories(["c"], [overlap("c", "b")], {"b": "a"})

    assert links == [StoryLink("c", "a", 0.8, "copy")]


def test_a_copy_of_a_copy_is_in_the_story_of_the_first():
    links = link_stories(["a", "b", "c"], [overlap("b", "a"), overlap("c", "b")], {})

    assert [link.story_of for link in links] == ["a", "a", "a"]


def test_of_two_stories_an_article_joins_the_one_it_shares_most_with():
    overlaps = [overlap("c", "a", shared=35), overlap("c", "b", shared=45)]

    assert link_stories(["a", "b", "c"], overlaps, {})[2] == StoryLink("c", "b", 0.9, "copy")


OVERLAPS = st.lists(
    st.tuples(st.sampled_from(ARTICLES), st.sampled_from(ARTICLES), st.integers(4, 50)).filter(
        lambda pair: pair[0] < pair[1]
    ),
    unique_by=lambda pair: pair[:2],
    max_size=15,
)


@given(pairs=OVERLAPS, known=st.integers(0, 3), luck=st.randoms(use_true_random=False))
def test_the_order_of_overlaps_changes_no_story(pairs, known, luck):
    overlaps = [overlap(*pair) for pair in pairs]
    before = dict.fromkeys(ARTICLES[:known], ARTICLES[0])
    shuffled = [
        luck.choice([o, Overlap(o.other, o.article, o.shared, o.other_size, o.size)])
        for o in luck.sample(overlaps, len(overlaps))
    ]
    newcomers = ARTICLES[known:]

    assert link_stories(newcomers, shuffled, before) == link_stories(newcomers, overlaps, before)


@given(pairs=OVERLAPS)
def test_every_newcomer_gets_one_story_which_began_no_later_than_itself(pairs):
    links = link_stories(ARTICLES, [overlap(*pair) for pair in pairs], {})

    assert [link.article for link in links] == ARTICLES
    assert all(link.story_of <= link.article for link in links)
    began = {link.article: link.story_of for link in links}
    assert all(began[link.story_of] == link.story_of for link in links)
