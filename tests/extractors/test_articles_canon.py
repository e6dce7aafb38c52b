import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.articles.canon import canonical_text

FRAGMENTS = (
    *("&", "amp;", "lt;", "&lt;b&gt;", "<b", "<i>", "</b>", ">", "<br/>", "&#38;", "&#x26;"),
    *("\r\n", "\n", " ", "\xa0", "\u200b", "\xad", "e", "\u0301", "\u037e", "#60;", "\ud800"),
)
PIECES = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=6)).map("".join)


@given(PIECES)
def test_the_canonical_form_of_a_canonical_form_is_itself(text):
    once = canonical_text(text)

    assert canonical_text(once) == once


@given(PIECES)
def test_a_canonical_text_can_be_stored_and_is_tidy(text):
    stored = canonical_text(text)

    assert stored.encode("utf-8").decode("utf-8") == stored
    assert unicodedata.is_normalized("NFC", stored)
    assert "\n\n\n" not in stored
    assert "  " not in stored
    assert stored == stored.strip()


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Cooper&amp;amp;#39;s lawyers", "Cooper's lawyers"),
        ("AT&T and ?a=1&copy=2", "AT&T and ?a=1&copy=2"),
        ("a &notit; b", "a &notit; b"),
        ("Kevin <b class='x'>Cooper</b> said", "Kevin Cooper said"),
        ("one<br />two", "one\ntwo"),
        ("1 < 2 and <b and c> d", "1 < 2 and <b and c> d"),
        ("San\xa0Quen\xadtin\u200b", "San Quentin"),
        ("\u202eright\u202c to left", "right to left"),
        ("Jose\u0301", "José"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a \n \n\n \n b", "a\n\nb"),
        ("  \n x \n ", "x"),
        ("", ""),
    ],
)
def test_a_text_has_one_stored_form(text, stored):
    assert canonical_text(text) == stored


def test_an_entity_escaped_without_end_is_read_in_no_time():
    assert canonical_text("&" + "amp;" * 500_000 + "lt;") == "<"
