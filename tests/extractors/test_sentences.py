"""Sentences end where a reader stops, and no snippet cuts a name."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from extractors.sentences import snippet, split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def test_a_point_after_a_title_or_an_initial_ends_nothing():
    text = "Gov. Kevin Stitt met Dr. A. B. Smith. He left."

    assert sentences(text) == ["Gov. Kevin Stitt met Dr. A. B. Smith.", "He left."]


def test_a_case_caption_is_one_sentence():
    assert sentences("In Glossip v. Gross the court ruled. It was 2015.") == [
        "In Glossip v. Gross the court ruled.",
        "It was 2015.",
    ]


def test_a_quotation_ends_behind_its_quote():
    assert sentences("“I am innocent.” He wept. “Why?” she asked.") == [
        "“I am innocent.”",
        "He wept.",
        "“Why?” she asked.",
    ]


def test_a_german_day_is_no_sentence():
    assert sentences("Er starb am 20. November 2019. Sie schwieg.") == [
        "Er starb am 20. November 2019.",
        "Sie schwieg.",
    ]


def test_a_headline_is_a_sentence_and_a_wrapped_line_is_none():
    text = "Stay for Lucio\n\nThe court stopped\nthe execution. She wept."

    assert sentences(text) == ["Stay for Lucio", "The court stopped\nthe execution.", "She wept."]


def test_numbers_keep_their_point():
    assert sentences("It cost 1.5 million. Nobody paid.") == [
        "It cost 1.5 million.",
        "Nobody paid.",
    ]


@given(st.text(alphabet="aB .!?\n“”’v.Mr", max_size=200))
def test_sentences_cover_all_but_space_in_order(text):
    spans = split_sentences(text)

    assert all(start < end for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(
    before=st.text(alphabet="ab. \n", max_size=900),
    after=st.text(alphabet="ab. \n", max_size=900),
)
def test_a_snippet_holds_the_whole_name_and_at_most_400_characters(before, after):
    text = f"{before}Kevin Cooper{after}"

    start, end = snippet(text, len(before), len(before) + 12)

    assert "Kevin Cooper" in text[start:end]
    assert end - start <= 400


def test_a_short_sentence_is_widened_to_160_characters():
    text = "One two three four. " * 10 + "Cooper wept. " + "Five six seven eight. " * 10
    at = text.index("Cooper")

    start, end = snippet(text, at, at + 6)

    assert 160 <= end - start <= 400
    assert text[start:end].startswith("One two")
