"""The words of a page at a glance: whatever name a reader would see is among them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.articles.glance import words_at_a_glance


@pytest.mark.parametrize(
    "html",
    [
        "<p>Then Ada Quarry spoke.</p>",
        "<p>Then <b>Ada</b> <i>Quarry</i> spoke.</p>",
        "<p>Then Ada Qua<wbr>rry spoke.</p>",
        "<p>Then Ada Qua\u00adrry spoke.</p>",
        "<p>Then <a href='/x'>Ada Quarry</a> spoke.</p>",
        "<p>Then Ada&#32;Quarry spoke.</p>",
        "<P>Then <SPAN class=x>Ada Quarry</SPAN> spoke.</P>",
        "<title>Ada Quarry</title><p>Words.</p>",
        "<template><p>Ada Quarry</p></template>",
    ],
)
def test_a_name_is_whole_however_it_is_marked_up(html):
    assert "Ada Quarry" in words_at_a_glance(html)


def test_words_of_two_blocks_do_not_make_one_name():
    assert words_at_a_glance("<p>wrote Ada</p><p>Quarry stones</p>").split("\n") == [
        *("", "wrote Ada", "Quarry stones", "")
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<script>var a = '<p>Ada Quarry</p>'</script>",
        "<style>/* Ada Quarry */</style>",
        "<!-- Ada Quarry -->",
        '<img alt="Ada Quarry">',
    ],
)
def test_what_no_reader_sees_is_not_there(html):
    assert "Ada" not in words_at_a_glance(f"<p>Words.</p>{html}")


def test_a_script_that_never_ends_hides_nothing():
    assert "Ada Quarry" in words_at_a_glance("<script>x()<p>Ada Quarry</p>")


@given(words=st.text(alphabet=st.characters(exclude_characters="<>&\u00ad", categories=["L", "N"])))
def test_plain_words_come_through_whole(words):
    assert words in words_at_a_glance(f"<div><p>{words}</p></div>")
