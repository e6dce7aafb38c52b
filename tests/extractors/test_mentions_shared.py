"""The seed article, read from where every developer has it: who is named, and what happened."""

from datetime import date
from pathlib import Path

import pytest

from extractors.mentions import Tagger
from tests.extractors.people import EVERYBODY

SEED = Path(__file__).resolve().parents[2].parent / "shared" / "seed" / "article.txt"


@pytest.fixture(scope="module")
def tagging():
    return Tagger(EVERYBODY).tag(
        SEED.read_text(encoding="utf-8"), published=date(2019, 6, 2), language="en"
    )


@pytest.mark.shared
def test_the_seed_article_names_its_case_and_its_advocate(tagging):
    found = [(m.subject, m.start, m.end) for m in tagging.mentions]

    assert found == [
        ("kim-kardashian", 0, 19),
        ("kevin-cooper", 130, 142),
        ("kim-kardashian", 309, 324),
        ("kevin-cooper", 385, 391),
        ("kim-kardashian", 475, 490),
        ("kevin-cooper", 542, 554),
        ("kevin-cooper", 738, 750),
        ("kim-kardashian", 929, 948),
        ("kim-kardashian", 979, 994),
        ("kevin-cooper", 1041, 1047),
        ("kevin-cooper", 1217, 1222),
        ("kevin-cooper", 1284, 1289),
        ("kim-kardashian", 1412, 1431),
        ("kevin-cooper", 1491, 1496),
        ("kevin-cooper", 1558, 1563),
        ("kevin-cooper", 1695, 1701),
        ("kim-kardashian", 1817, 1832),
        ("kevin-cooper", 1895, 1901),
        ("kim-kardashian", 2027, 2042),
        ("alice-marie-johnson", 2125, 2144),
    ]
    assert tagging.alerts == ("alice-marie-johnson", "kevin-cooper", "kim-kardashian")
    assert tagging.rejected == ()


@pytest.mark.shared
def test_the_seed_article_tells_what_happened(tagging):
    assert [(e.type, e.subject) for e in tagging.events] == [
        ("dna_testing_ordered", "kevin-cooper"),
        ("commuted", "alice-marie-johnson"),
    ]


@pytest.mark.shared
def test_the_seed_article_tells_who_met_whom(tagging):
    acts = {(a.advocate, a.case, a.act) for a in tagging.advocacy}

    assert ("kim-kardashian", "kevin-cooper", "met") in acts
