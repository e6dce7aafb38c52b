"""What is wrong with a registry is said with file, line and fix, all at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import RegistryError
from extractors.registry import parse_registry
from tests.extractors.registry_files import ADVOCATE, CASE, FEEDS, files


def problems_of(changed: dict[str, str]) -> list[str]:
    with pytest.raises(RegistryError) as raised:
        parse_registry(changed)
    return list(raised.value.problems)


def problems_in_case(*pairs: str) -> list[str]:
    """Return what is wrong once each first text of the pairs stands as its second."""
    case = CASE
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in case
        case = case.replace(old, new)
    return problems_of(files(case=case))


def test_an_unknown_key_is_named_with_the_key_that_was_meant():
    found = problems_in_case("{type: judge,", "{typ: judge, type: judge,")

    assert found == [
        'cases/kevin-cooper.yaml:11: context[2].typ: unknown key; did you mean "type"?'
    ]


def test_the_key_that_was_meant_belongs_there():
    """`given` is no key of a whole file, and `context` none of a name."""
    found = problems_in_case("family: [Cooper]", "family: [Cooper], contextt: []")

    assert found == [
        "cases/kevin-cooper.yaml:2: name.contextt: unknown key; known here: "
        "family, given, middle, nick, suffix, title"
    ]


def test_the_names_of_our_code_are_no_keys():
    found = problems_in_case("not:\n", "namesakes:\n")

    assert found[0].startswith("cases/kevin-cooper.yaml:12: namesakes: unknown key;")


def test_all_problems_of_all_files_come_at_once_in_order():
    found = problems_of(
        files(
            case=CASE.replace("policy: ", "polcy: ").replace("US-CA", "California"),
            advocate=ADVOCATE.replace("source: s1", "source: s2"),
            feeds="feeds: [{id: news, url: ftp://news.example/, outlet: News}]",
        )
    )

    assert [problem.split(": ")[:2] for problem in found] == [
        ["advocates/kim-kardashian.yaml:5", "names[0].source"],
        ["cases/kevin-cooper.yaml:1", "policy"],
        ["cases/kevin-cooper.yaml:3", "polcy"],
        ["cases/kevin-cooper.yaml:5", "jurisdiction.region"],
        ["feeds.yaml:1", "feeds[0].url"],
    ]


def test_what_is_missing_is_named():
    found = problems_in_case("policy: context_required\n", "", "text: Ryen, ", "")

    assert found == [
        "cases/kevin-cooper.yaml:1: policy: it is missing; add it",
        "cases/kevin-cooper.yaml:8: context[0].text: it is missing; add it",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id: a\nname: [Kevin\npolicy: b\n", "3: it is not YAML: did not find expected ','"),
        ("id: a\nlabel: Cooper: the case\n", "2: it is not YAML: mapping values are not allowed"),
        ("id: a\n\tname: b\n", "2: it is not YAML: found a tab character"),
        ("id: a\nlabel: @b\n", "2: it is not YAML: found character that cannot start"),
        ("id: a\n---\nid: b\n", "2: it is not YAML: but found another document"),
        ("id: a\nname: *b\n", "2: it is not YAML: found undefined alias"),
        ("id: a\nname: \x00\n", "2: it is not YAML: control characters are not allowed (U+0000)"),
        ("id: a\n? [b]\n: c\n", "2: it is not YAML: found unhashable key"),
        ("id: !!python/name:os.system\n", "1: it is not YAML: could not determine a constructor"),
        ("", "1: it must hold keys and values"),
        ("- id: a\n", "1: it must hold keys and values"),
        ("id: a\nas_of: 2024-01-01 99:00:00\n", "1: it is not YAML: hour must be in 0..23"),
        ("- " * 3000, "1: it is not YAML: it is nested too deep"),
    ],
)
def test_a_text_that_is_no_file_of_keys_is_named_by_its_line(text: str, problem: str):
    found = problems_of(files(case=text))

    assert len(found) == 1
    assert found[0].startswith(f"cases/kevin-cooper.yaml:{problem}")


def test_a_colon_in_a_text_comes_with_its_fix():
    found = problems_of(files(case="id: a\nlabel: Cooper: the case\n"))

    assert found[0].endswith("; put text that holds a colon in quotes")


def test_a_key_that_stands_twice_is_named_at_any_depth_beside_other_problems():
    found = problems_in_case(
        "given: [Kevin],", "given: [Kevin], given: [Kev],", "country: US", "country: us"
    )

    assert found == [
        "cases/kevin-cooper.yaml:2: name.given: the key 'given' stands twice, first in line 2; "
        "keep one",
        "cases/kevin-cooper.yaml:5: jurisdiction.country: 'us' will not do; write a country of "
        "two capitals (ISO 3166-1), such as US",
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("country: US", "country: NO", 'YAML reads NO as yes or no; write "NO" in quotes'),
        ("[Kevin]", "[Yes]", 'YAML reads Yes as yes or no; write "Yes" in quotes'),
        ("text: Ryen", "text: 1983-06-04", "YAML reads 1983-06-04 as a date; write"),
        ("text: Ryen", "text: 42", 'YAML reads 42 as a number; write "42" in quotes'),
        ("text: Ryen", "text: 1.10", 'YAML reads 1.10 as a number; write "1.10" in quotes'),
        ("[Cooper]", "[Null]", 'YAML reads Null as nothing; write "Null" in quotes'),
        ("text: Ryen", "text: 012", "YAML reads 012 as a number in another base; write"),
        ("2024-09,", "20:24,", "YAML reads 20:24 as a number in another base; write"),
        ("2024-09,", "2024-13-01,", "2024-13-01 is no day of the calendar; correct it"),
        ("text: Ryen", "text: ", "it is empty; fill it in or remove the key"),
        ("policy: context_required", "policy: on", "YAML reads on as yes or no; write"),
        ("advocates: [kim", "advocates: [no, kim", "YAML reads no as yes or no; write"),
        ("{s1: ", '{1: "https://a.example/", s1: ', "YAML reads 1 as something else than text"),
    ],
)
def test_what_yaml_reads_otherwise_than_it_looks_is_explained(old: str, new: str, problem: str):
    found = problems_in_case(old, new)

    assert len(found) == 1
    assert f": {problem}" in found[0]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[Kevin]", '[""]', "2: name.given[0]: it is empty"),
        ("[Kevin]", '["  "]', "2: name.given[0]: it is empty"),
        ("{given: [Kevin], family: [Cooper]}", "{suffix: Jr.}", "1: it has no name: give `name`"),
        ("{given: [Kevin], family: [Cooper]}", "Kevin Cooper", "2: name: 'Kevin Cooper' stands"),
        ("cues: [touchdown]", "cues: []", "13: not[0].cues: it is empty"),
        ("context_required", "context_requird", 'did you mean "context_required"?'),
        ("value: death_sentence", "value: guilty", "choose one of awaiting_retrial, charges_"),
        ("2024-09,", "last year,", "write 2024, 2024-09 or 2024-09-24"),
        ("2024-09,", "2024-13,", "write 2024, 2024-09 or 2024-09-24"),
        ("year: 1958", "year: young", "4: born.year: 'young' stands here; it must be a number"),
        ("https://news.example/cooper", "a book", "write an address that starts with https://"),
        ("id: kevin-cooper", "id: Kevin Cooper", "use lower-case letters, digits and hyphens"),
        ("text: Ryen,", "text: Ryen, from: soon,", "it must be a day such as 2024-09-24"),
        (
            "text: Ryen,",
            "text: Ryen, from: 2024-01-02, until: 2024-01-01,",
            "9: context[0]: until 2024-01-01 is before from 2024-01-02; correct one",
        ),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(old: str, new: str, problem: str):
    found = problems_in_case(old, new)

    assert any(problem in line for line in found)
    assert all(line.startswith("cases/kevin-cooper.yaml:") for line in found)


@pytest.mark.parametrize("key", ["source: s2", "source: S1"])
def test_a_source_that_is_not_listed_is_named_where_it_is_used(key: str):
    found = problems_in_case("text: San Quentin, source: s1", f"text: San Quentin, {key}")

    assert len(found) == 1
    assert found[0].startswith("cases/kevin-cooper.yaml:10: context[1].source: no source")


def test_the_source_article_is_a_source_too():
    found = problems_in_case("advocates:", "source_article: rte\nadvocates:")

    assert found == [
        "cases/kevin-cooper.yaml:14: source_article: no source 'rte'; "
        "add `rte: https://...` to `sources`"
    ]


def test_a_link_to_an_advocate_must_resolve():
    found = problems_in_case("[kim-kardashian]", "[kim-kardashien, bryan-stevenson]")

    assert found == [
        "cases/kevin-cooper.yaml:14: advocates[0]: no advocate 'kim-kardashien'; "
        'did you mean "kim-kardashian"?',
        "cases/kevin-cooper.yaml:14: advocates[1]: no advocate 'bryan-stevenson'; "
        "add advocates/bryan-stevenson.yaml",
    ]


def test_a_broken_advocate_does_not_break_the_links_to_it():
    found = problems_of(files(advocate=ADVOCATE.replace("policy", "polisy")))

    assert {problem.partition(":")[0] for problem in found} == {"advocates/kim-kardashian.yaml"}


def test_an_id_is_the_name_of_its_file():
    found = problems_in_case("id: kevin-cooper", "id: kevin-coper")

    assert found == [
        "cases/kevin-cooper.yaml:1: id: 'kevin-coper' is not the file's name; "
        "write 'kevin-cooper' or rename the file"
    ]


def test_an_id_stands_for_one_subject():
    twin = {"advocates/kevin-cooper.yaml": ADVOCATE.replace("kim-kardashian", "kevin-cooper")}

    found = problems_of(files() | twin)

    assert found == [
        "advocates/kevin-cooper.yaml:1: id: 'kevin-cooper' is also in cases/kevin-cooper.yaml; "
        "give one another id"
    ]


def test_a_feed_is_listed_once():
    again = '- {id: news, url: "https://news.example/feed/", outlet: News}\n'

    found = problems_of(files(feeds=FEEDS + again))

    assert found == [
        "feeds.yaml:3: feeds[1].id: 'news' is also feeds[0]; keep one",
        "feeds.yaml:3: feeds[1].url: 'https://news.example/feed/' is also feeds[0]; keep one",
    ]


@pytest.mark.parametrize(
    "url",
    ["feed://news.example/", "news.example/feed", "https://", "https:// a.example", "file:///a"],
)
def test_a_feed_is_fetched_by_http(url: str):
    found = problems_of(files(feeds=FEEDS.replace("https://news.example/feed", url)))

    assert found == [
        f"feeds.yaml:2: feeds[0].url: {url!r} will not do; "
        "write an address that starts with https:// or http://"
    ]


def test_a_registry_without_cases_watches_nobody():
    found = problems_of({"advocates/kim-kardashian.yaml": ADVOCATE, "feeds.yaml": FEEDS})

    assert found == [
        "cases/: no case is watched; add a file for one, such as cases/kevin-cooper.yaml"
    ]


def test_a_subject_without_a_name_is_refused():
    lines = ADVOCATE.splitlines(keepends=True)
    nameless = "".join(line for line in lines if "Kim" not in line and line != "names:\n")

    assert problems_of(files(advocate=nameless)) == [
        "advocates/kim-kardashian.yaml:1: it has no name: give `name` (a person) or `names` "
        "(an organisation)"
    ]


@pytest.mark.parametrize("path", ["case/julius-jones.yaml", "cases/julius-jones.yml"])
def test_a_file_that_nobody_would_read_is_named(path: str):
    found = problems_of(files() | {path: CASE.replace("kevin-cooper", "julius-jones")})

    assert len(found) == 1
    assert found[0].startswith(f"{path}:1: ")


@given(
    st.text(
        alphabet=st.sampled_from("id: name-[]{}&*!|>'\"#\n\t,kevin19.%@~<?é\x85\u2028"), max_size=80
    )
)
def test_whatever_a_file_holds_is_read_or_named(text: str):
    """No text gets past with an exception of another kind, and each problem names its file."""
    changed = files(case=text)

    found = problems_of(changed)

    assert all(problem.startswith("cases/kevin-cooper.yaml:") for problem in found)
