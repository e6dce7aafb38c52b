"""What is allowed in a registry, and risky."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from extractors.model import NameForm
from extractors.registry import parse_registry, registry_warnings
from tests.extractors.registry_files import ADVOCATE, CASE, FEEDS, files


def warnings_of(changed: dict[str, str]) -> tuple[str, ...]:
    return registry_warnings(parse_registry(changed))


def org(org_id: str, name: str, more: str = "") -> dict[str, str]:
    text = (
        f"id: {org_id}\nkind: org\nnames: [{{text: {name}, kind: org, source: s1}}]\n"
        f'policy: name_sufficient\n{more}sources: {{s1: "https://news.example/"}}\n'
    )
    return {f"advocates/{org_id}.yaml": text}


def test_a_good_registry_warns_of_nothing():
    assert warnings_of(files()) == ()


def test_a_name_that_needs_context_needs_three_words_that_are_no_places():
    case = CASE.replace("type: prison", "type: place")

    assert warnings_of(files(case=case)) == (
        "cases/kevin-cooper.yaml: the name needs context, and 2 of its terms are not places; "
        "add victims, prison, lawyers, up to 3 at least",
    )


def test_a_name_that_many_bear_needs_namesakes():
    case = CASE.replace('not:\n- {label: "others, in sport", cues: [touchdown]}\n', "")

    (warning,) = warnings_of(files(case=case))

    assert warning.startswith("cases/kevin-cooper.yaml: about 1,251 people of the US bear")


def test_a_name_that_few_bear_needs_no_namesakes():
    case = CASE.replace('not:\n- {label: "others, in sport", cues: [touchdown]}\n', "").replace(
        "[Cooper]", "[Glossip]"
    )

    assert warnings_of(files(case=case)) == ()


def test_two_subjects_of_one_name_are_named_once():
    twin = {
        "advocates/kevin-cooper-2.yaml": ADVOCATE.replace(
            "id: kim-kardashian", "id: kevin-cooper-2"
        )
        .replace("[Kim, Kimberly]", "[Kevin]")
        .replace("[Kardashian]", "[Cooper]")
        .replace("Kim Kardashian West", "Kevin Cooper West")
    }

    found = warnings_of(files() | twin)

    assert [warning for warning in found if "too" in warning] == [
        "cases/kevin-cooper.yaml: 'kevin cooper' is a form of kevin-cooper-2 too; give one another"
    ]


def test_a_form_inside_a_longer_one_of_another_is_named():
    both = org("innocence-project", "Innocence Project") | org(
        "ohio-innocence-project", "Ohio Innocence Project"
    )

    assert warnings_of(files() | both) == (
        "advocates/innocence-project.yaml: 'innocence project' stands inside "
        "'ohio innocence project' of ohio-innocence-project; say which is meant with "
        "`not_prefix` or `not_suffix`",
    )


def test_a_prefix_that_is_told_apart_is_no_risk():
    both = org("innocence-project", "Innocence Project", "not_prefix: [Ohio]\n") | org(
        "ohio-innocence-project", "Ohio Innocence Project"
    )

    assert warnings_of(files() | both) == ()


def test_statuses_stand_in_the_order_of_time():
    case = CASE.replace(
        "status:\n", 'status:\n- {value: executed, as_of: "2025-01-01", source: s1}\n'
    )

    assert warnings_of(files(case=case)) == (
        "cases/kevin-cooper.yaml: `status` is not in the order of time; the last one counts",
    )


def test_a_registry_without_feeds_polls_nothing():
    assert warnings_of(files(feeds=FEEDS.partition("\n")[0] + " []")) == (
        "feeds.yaml: no feed is listed, so that `casewatch run` has none to poll; list some",
    )


def test_a_common_name_must_not_count_alone():
    case = CASE.replace("policy: context_required", "policy: name_sufficient")

    (warning,) = warnings_of(files(case=case))

    assert warning == (
        "cases/kevin-cooper.yaml: about 1,251 people of the US bear this name, and it counts "
        "alone; write `policy: context_required`, and give it context"
    )


def test_a_common_name_of_an_advocate_needs_context_too():
    advocate = ADVOCATE.replace("[Kim, Kimberly]", "[Kevin]").replace("[Kardashian]", "[Jones]")
    advocate = advocate.replace("policy: name_sufficient", "policy: context_required")

    thin, no_namesake = warnings_of(files(advocate=advocate))

    assert thin == (
        "advocates/kim-kardashian.yaml: the name needs context, and 0 of its terms are not places; "
        "add works, people, up to 3 at least"
    )
    assert "name those in the news" in no_namesake


def test_a_rare_name_of_an_advocate_may_stand_with_little_context():
    advocate = ADVOCATE.replace("policy: name_sufficient", "policy: context_required")

    assert warnings_of(files(advocate=advocate)) == ()


def test_a_form_that_counts_alone_inside_another_is_named():
    twin = org("cooper-union", "Kevin Cooper Union")

    (warning,) = warnings_of(files() | twin)

    assert warning.startswith("cases/kevin-cooper.yaml: 'kevin cooper' stands inside 'kevin cooper")


def test_a_form_that_shares_a_word_with_another_is_no_risk():
    both = org("innocence-project", "Innocence Project") | org("innocence-texas", "Texas Innocence")

    assert warnings_of(files() | both) == ()


def test_five_thousand_subjects_are_held_against_each_other_in_seconds():
    registry = parse_registry(files() | org("league", "League of Reform"))
    league = registry.advocates[-1]
    many = tuple(
        replace(league, id=f"league-{n}", names=(NameForm(f"League {n} Reform {n % 70}", "org"),))
        for n in range(5_000)
    )

    begun = perf_counter()
    found = registry_warnings(replace(registry, advocates=many))

    assert found == ()
    assert perf_counter() - begun < 5  # all against all: 8 s and more
