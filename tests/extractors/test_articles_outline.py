from extractors.articles.body import parse
from extractors.articles.outline import Outline

PAGE = """<html><head><link rel="Author" href="/lee"></head><body>
<header><h1>Stay <em>granted</em></h1></header><p class="byLine">By Ann Lee</p><p>Text.</p>
</body></html>"""


def test_what_stands_behind_a_headline_is_not_within_it():
    outline = Outline(parse(PAGE))

    behind = outline.behind(outline.headline())

    assert [element.tag for element in behind] == ["p", "p"]


def test_labels_are_found_without_regard_to_case():
    outline = Outline(parse(PAGE))

    assert outline.labelled("byline")
    assert outline.labelled("nobody", "author")
    assert not outline.labelled("lee")


def test_line_feeds_ask_for_a_whole_label():
    outline = Outline(parse(PAGE))

    assert outline.labelled("\nbyline\n")
    assert not outline.labelled("\nbyl\n")


def test_a_page_without_a_headline_has_none():
    assert Outline(parse("<p>Text.</p>")).headline() is None
