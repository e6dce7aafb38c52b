"""The fold keeps every offset."""

from hypothesis import example, given
from hypothesis import strategies as st

from extractors.mentions import Tagger
from extractors.mentions.fold import fold, fold_key
from extractors.mentions.view import readable
from tests.extractors.people import EVERYBODY

ANY_TEXT = st.text(alphabet=st.characters(codec=None))
TAGGER = Tagger(EVERYBODY)
# Names between anything at all, so that most examples have something to quote.
NAMED_TEXT = st.lists(
    st.one_of(
        ANY_TEXT,
        st.sampled_from(
            [
                "Kevin Cooper",
                "Cooper, Kevin",
                "KEVIN\nCOOPER",
                "Ke\u00advin Coo\u200bper",
                "Kevin&nbsp;Cooper &#8217;s",
                "Marcellus “Khaliifah” Williams",
                "Glossip v. Gross",
                "Kim Kardashian met him",
                " was granted a stay of execution on death row in San Quentin. ",
            ]
        ),
    ),
    max_size=8,
).map(" ".join)


@given(ANY_TEXT)
@example("İstanbul ǅ ﬁ ß ẞ ½ ﷺ \ud800 \u0130")
@example("".join(map(chr, range(0x80, 0x400))))
def test_the_fold_has_the_length_of_its_text(text):
    assert len(fold(text)) == len(text)


@given(ANY_TEXT)
def test_a_fold_folded_again_is_the_same(text):
    assert fold(fold(text)) == fold(text)


def test_case_accents_and_punctuation_are_folded():
    assert fold("Peñalver, Abu-Jamal’s") == "penalver  abu jamal s"
    assert fold("Łódź Straße Øster Æ") == "lodz strase oster a"
    assert fold_key(" Khloé  Kardashian-West ") == "khloe kardashian west"


def test_letters_of_other_scripts_stay_letters():
    assert fold("Пётр И. Cooper") == "петр и  cooper"


def test_few_and_many_strange_letters_fold_alike():
    letters = "".join(map(chr, range(0xC0, 0x180)))

    assert fold(letters) == "".join(fold(letter) for letter in letters)


def test_a_canonical_text_is_its_own_view():
    text = "Kevin Cooper’s appeal — denied"

    assert readable(text).text is text


def test_a_view_drops_what_nobody_sees_and_knows_the_way_back():
    text = "Kevin\u00a0Coo\u00adper &amp; co"

    view = readable(text)

    assert view.text == "Kevin\u00a0Cooper & co"
    assert view.span(0, 12) == (0, 13)
    assert text[slice(*view.span(13, 14))] == "&amp;"


@given(ANY_TEXT)
@example("a&#8217;s  \u00ad b&nope; &#x110000;")
def test_every_span_of_a_view_is_a_span_of_its_text(text):
    view = readable(text)
    start, end = view.span(0, len(view.text))

    assert 0 <= start <= end <= len(text)
    if view.starts is not None:
        assert len(view.starts) == len(view.ends) == len(view.text)
        assert list(view.starts) == sorted(view.starts)


@given(title=NAMED_TEXT, text=NAMED_TEXT)
@example(title="Kevin\u00adCooper", text="İ ﬁ Kevin  Cooper\ud800, on death row; Cooper’s stay")
def test_whatever_is_claimed_is_quoted_from_the_text(title, text):
    for tagging in (TAGGER.tag(text), TAGGER.tag(text, title=title, language="en")):
        places = [(one.start, one.end, one.quote) for one in (*tagging.mentions, *tagging.rejected)]
        places += [(one.start, one.end, one.quote) for one in tagging.events]
        places += [(one.start, one.end, one.quote) for one in tagging.advocacy]
        assert all(text[start:end] == quote for start, end, quote in places)
        for term in (term for one in tagging.mentions for term in one.evidence):
            assert term.start is None or 0 <= term.start <= (term.end or 0) <= len(text)
