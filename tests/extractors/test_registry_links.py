"""What the files of the registry say of each other is checked, whatever else is wrong with them."""

from __future__ import annotations

import pytest

from extractors.errors import RegistryError
from extractors.registry import parse_registry
from tests.extractors.registry_files import CASE, FEEDS, files


def problems_of(changed: dict[str, str]) -> list[str]:
    with pytest.raises(RegistryError) as raised:
        parse_registry(changed)
    return list(raised.value.problems)


def problems_in_case(old: str, new: str) -> list[str]:
    assert old in CASE
    return problems_of(files(case=CASE.replace(old, new)))


def test_one_wrong_key_hides_no_broken_link():
    """A person who puts one file right should not meet the next problem only then."""
    case = (
        CASE.replace("policy: ", "polcy: ")
        .replace("id: kevin-cooper", "id: kevin-coper")
        .replace("text: Ryen, source: s1", "text: Ryen, source: s2")
        .replace("[kim-kardashian]", "[kim-kardashien]")
    )

    assert problems_of(files(case=case)) == [
        "cases/kevin-cooper.yaml:1: id: 'kevin-coper' is not the file's name; "
        "write 'kevin-cooper' or rename the file",
        "cases/kevin-cooper.yaml:1: policy: it is missing; add it",
        'cases/kevin-cooper.yaml:3: polcy: unknown key; did you mean "policy"?',
        "cases/kevin-cooper.yaml:9: context[0].source: no source 's2'; "
        "add `s2: https://...` to `sources`",
        "cases/kevin-cooper.yaml:14: advocates[0]: no advocate 'kim-kardashien'; "
        'did you mean "kim-kardashian"?',
    ]


def test_one_wrong_feed_hides_no_twin():
    again = '- {id: news, url: "https://other.example/feed", outlet: News, kind: rss}\n'

    assert problems_of(files(feeds=FEEDS + again)) == [
        "feeds.yaml:3: feeds[1].id: 'news' is also feeds[0]; keep one",
        "feeds.yaml:3: feeds[1].kind: 'rss' is no choice here; choose one of feed, sitemap",
    ]


def test_one_wrong_file_hides_no_twin():
    twin = {"advocates/kevin-cooper.yaml": "id: kevin-cooper\npolicy: name_sufficient\n"}

    assert (
        "advocates/kevin-cooper.yaml:1: id: 'kevin-cooper' is also in cases/kevin-cooper.yaml; "
        "give one another id"
    ) in problems_of(files() | twin)


def test_feeds_stand_in_one_file():
    found = problems_of(files() | {"newsroom/feeds.yaml": FEEDS})

    assert found == ["newsroom/feeds.yaml:1: the feeds are also in feeds.yaml; keep one"]


def test_what_an_alias_repeats_is_said_once():
    found = problems_in_case(
        "- {type: victim, text: Ryen, source: s1}",
        "- &ryen {type: victim, text: Ryen, source: s9}\n- *ryen",
    )

    assert found == [
        "cases/kevin-cooper.yaml:9: context[0].source: no source 's9'; "
        "add `s9: https://...` to `sources`"
    ]


def test_a_list_that_holds_itself_is_named():
    found = problems_in_case("- {type: victim, text: Ryen, source: s1}", "- &ryen [*ryen]")

    assert len(found) == 1
    assert found[0].startswith("cases/kevin-cooper.yaml:9: context[0]: [[...]] stands here")


def test_without_sources_it_is_they_that_are_missing():
    found = problems_in_case('sources: {s1: "https://news.example/cooper"}\n', "")

    assert found == ["cases/kevin-cooper.yaml:1: sources: it is missing; add it"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("policy: ", "on: 3\npolicy: ", "3: on: YAML reads on as something else than text; "),
        ("advocates: [kim-kardashian]", "advocates:", "14: advocates: it is empty; fill it in or"),
        (
            "{given: [Kevin], family: [Cooper]}",
            "Kevin Cooper",
            "2: name: 'Kevin Cooper' stands here; it must be keys and values, such as "
            "`{given: [Kevin], family: [Cooper]}`",
        ),
        (
            "{type: victim, text: Ryen, source: s1}",
            "Ryen",
            "9: context[0]: 'Ryen' stands here; it must be keys and values, such as "
            "`{type: victim, text: ..., source: s1}`",
        ),
        ("Ryen,", "Ryen, from: 2020,", "9: context[0].from: 2020 stands here; it must be a day"),
        ("Ryen,", "Ryen, until: 0,", "9: context[0].until: 0 stands here; it must be a day such"),
        ("Ryen,", 'Ryen, until: "86400",', "9: context[0].until: 86400 stands here; it must be"),
    ],
)
def test_what_stands_in_the_wrong_place_is_named_once_with_what_belongs_there(
    old: str, new: str, problem: str
):
    found = problems_in_case(old, new)

    assert len(found) == 1
    assert found[0].startswith(f"cases/kevin-cooper.yaml:{problem}")
