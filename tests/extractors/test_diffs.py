"""What an edit did, as a reader would tell it: sentences kept, reworded, put in, taken out."""

import re

from hypothesis import given
from hypothesis import strategies as st

from extractors.diffs import Op, diff_texts

BEFORE = "The court met on Monday. It denied the stay. Counsel spoke."
words = st.lists(st.sampled_from(["Ada", "court", "stay.", "On", "the", "\n\n", "1.5", "–", "ß"]))
texts = st.one_of(st.text(), words.map(" ".join))


def told(before: str, after: str) -> list[list[tuple[str, str]]]:
    """Return the changed passages as (operation, words)."""
    return [
        [(str(piece.op), piece.text.strip()) for piece in passage.pieces]
        for passage in diff_texts(before, after)
        if not passage.is_same
    ]


def joined(before: str, after: str, left_out: Op) -> str:
    pieces = (piece for passage in diff_texts(before, after) for piece in passage.pieces)
    return "".join(piece.text for piece in pieces if piece.op is not left_out)


def test_equal_texts_are_one_passage():
    passages = diff_texts(BEFORE, BEFORE)

    assert [passage.is_same for passage in passages] == [True]


def test_a_changed_word_is_told_within_its_sentence():
    assert told(BEFORE, BEFORE.replace("Monday", "Tuesday")) == [
        [
            ("same", "The court met on"),
            ("removed", "Monday"),
            ("added", "Tuesday"),
            ("same", "."),
        ]
    ]


def test_a_sentence_put_in_is_told_as_a_whole():
    assert told(BEFORE, BEFORE.replace("Counsel", "Two judges dissented. Counsel")) == [
        [("added", "Two judges dissented.")]
    ]


def test_a_sentence_taken_out_is_told_as_a_whole():
    assert told(BEFORE, BEFORE.replace("It denied the stay. ", "")) == [
        [("removed", "It denied the stay.")]
    ]


def test_sentences_that_have_little_in_common_are_not_mixed():
    assert told(BEFORE, BEFORE.replace("It denied the stay.", "Snow fell in the north.")) == [
        [("removed", "It denied the stay.")],
        [("added", "Snow fell in the north.")],
    ]


def test_a_line_break_that_moved_is_no_change():
    assert told(BEFORE, BEFORE.replace(". It", ".\n\nIt")) == []


def test_an_empty_text_becomes_all_added():
    assert told("", "One. Two.") == [[("added", "One.")], [("added", "Two.")]]


def test_a_rewritten_text_of_many_sentences_is_still_compared():
    before = " ".join(f"Number {n} stood here." for n in range(400))
    after = " ".join(f"Quite another {n * 7} fell there instead." for n in range(400))

    assert len(told(before, after)) == 800


@given(before=texts, after=texts)
def test_what_was_not_removed_is_the_text_after(before, after):
    assert joined(before, after, Op.REMOVED) == after


@given(before=texts, after=texts)
def test_what_was_not_added_is_the_text_before_but_for_white_space(before, after):
    kept = joined(before, after, Op.ADDED)

    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", before)
