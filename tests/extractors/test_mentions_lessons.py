"""What real text taught, lesson by lesson: each is a fact that was wrong once."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from extractors.mentions import Tagger
from extractors.model import ContextTerm, Tagging
from tests.extractors.people import COOPER, EVERYBODY, make_case, terms

TAGGER = Tagger(EVERYBODY)


def tag(text: str, **said: Any) -> Tagging:
    return TAGGER.tag(text, **said)


def quotes(text: str, subject: str, **said: Any) -> list[str]:
    return [m.quote for m in tag(text, **said).mentions if m.subject == subject]


# 1. Policy belongs to each form, never to the person.


def test_the_last_word_of_a_birth_name_is_nobody():
    text = "Mumia Abu-Jamal, born Wesley Cook, is in prison for the murder of Faulkner. {}"

    assert quotes(text.format("Tim Cook sells telephones."), "mumia-abu-jamal")[2:] == []
    assert quotes(text.format("A Cook County judge ruled."), "mumia-abu-jamal")[2:] == []


def test_the_last_word_of_a_double_name_is_nobody():
    text = "Mumia Abu-Jamal wrote of the murder of Jamal Khashoggi. Jamal was 59."

    assert quotes(text, "mumia-abu-jamal") == ["Mumia Abu-Jamal"]


# 2. A married name is never followed by its last word unless she speaks.


def test_a_bare_west_is_kanye():
    text = "Kim Kardashian West spoke of the death penalty. {}"

    for other in ("Kanye West sang.", "West played in Paris.", "The West Wing called."):
        assert quotes(text.format(other), "kim-kardashian") == ["Kim Kardashian West"], other


# 3. In the news of a movement a full name is nearly always the person.


def test_a_full_name_beside_words_of_punishment_needs_no_word_of_the_case():
    text = "Abolitionists rallied on Saturday. Speakers named Kevin Cooper, who faces execution."

    assert tag(text).alerts == ("kevin-cooper",)


def test_a_full_name_in_sport_business_and_obituaries_is_a_namesake():
    for text in (
        "Kevin Cooper had 22 points as Chino Hills beat San Bernardino, 61-59.",
        "Kevin Cooper, 67, named treasurer of a bank in Chino Hills, lives near San Quentin.",
        "Kevin Cooper died Sunday in Chino Hills. Services will be at noon at St. Mark’s.",
    ):
        assert tag(text, published=date(2025, 5, 1)).alerts == (), text


# 4. Words of the topic count by how near they stand.


def test_do_not_execute_him_is_a_campaign():
    assert tag("Don’t execute Kevin Cooper!\nThe governor can stop it.").alerts == ("kevin-cooper",)
    assert tag("Kevin Cooper is a political prisoner, his friends say.").alerts == ("kevin-cooper",)
    assert tag("They ask the governor to commute the sentence of Kevin Cooper.").alerts == (
        "kevin-cooper",
    )


def test_a_word_of_the_topic_far_from_the_name_says_less_than_one_beside_it():
    near = tag("Rodney Reed was on death row in Bastrop.")
    far = tag(
        "Rodney Reed was in Bastrop." + " Nothing more was said." * 15 + " Death row is full."
    )

    assert near.mentions[0].confidence > max(m.confidence for m in (*far.mentions, *far.rejected))


# 5. A surname after the full name is right; a caption is a kind of its own.


def test_a_caption_is_a_kind_of_its_own_and_raises_nothing():
    tagged = tag("The panel applied Glossip v. Gross to the Missouri prisoner's appeal.")

    assert [(m.quote, m.kind) for m in tagged.mentions] == [("Glossip", "case_caption")]
    assert tagged.alerts == ()


def test_a_caption_of_his_own_state_is_his_without_the_full_name():
    tagged = tag("The panel reversed, citing Flowers v. Mississippi, on the choice of jurors.")

    assert [(m.subject, m.kind) for m in tagged.mentions] == [("curtis-flowers", "case_caption")]
    assert tagged.alerts == ()


def test_a_caption_of_a_common_surname_is_nobody():
    assert tag("The court cited Reed v. Texas and Cooper v. Brown in a murder appeal.").alerts == ()
    assert tag("The court cited Reed v. Texas and Cooper v. Brown.").mentions == ()


# 6. A menu or a list of links is not the article.


@pytest.mark.parametrize(
    "text",
    [
        "Home | News | Weather | Sports | Rodney Reed | Contests\n\nRain falls on Bastrop County.",
        "A stay for another man.\n\nRelated: Rodney Reed's execution is stayed in Bastrop",
        "A stay for another man.\n\nRead also: Rodney Reed leaves death row | Jobs",
        "Sturm in Hamburg.\n\nMehr zum Thema: Rodney Reed, ein Todeskandidat aus Bastrop",
        "Lluvia en Austin.\n\nLee también: Rodney Reed, en el corredor de la muerte en Bastrop",
        "Pluie sur Austin.\n\nÀ lire aussi : Rodney Reed, dans le couloir de la mort à Bastrop",
        "Rain fell.\n\nMore from Local\nRodney Reed loses bid in Bastrop murder\nFire contained",
    ],
)
def test_a_name_in_a_menu_or_under_related_is_kept_as_boilerplate(text):
    tagged = tag(text)

    assert tagged.mentions == ()
    assert tagged.alerts == ()
    assert {m.kind for m in tagged.rejected if m.subject == "rodney-reed"} == {"boilerplate"}


def test_a_list_of_headlines_between_bars_is_no_menu():
    text = (
        "Protest at the university | Justice for Rodney Reed in Bastrop | Death row vigil tonight"
    )

    assert quotes(text, "rodney-reed") == ["Rodney Reed"]


# 7. Names are misspelt: one letter, and only where much of the case is told.

SHAKEN = "The shaken baby case of Nikki Curtis sent him to death row in Texas."


def test_a_name_with_one_letter_wrong_is_found_beside_its_case():
    tagged = tag(f"Robert Robertson asks for clemency. {SHAKEN}")

    assert [(m.quote, m.kind) for m in tagged.mentions] == [("Robert Robertson", "misspelt")]
    assert tagged.alerts == ("robert-roberson",)


def test_a_given_name_with_one_letter_wrong_is_found_beside_its_case():
    text = "Markellus Williams was executed in Missouri for the murder of Gayle. Marcelus Williams"

    assert quotes(text, "marcellus-williams") == []  # one word of the case is too few
    text = f"Robbert Roberson won a stay of execution. {SHAKEN}"
    assert quotes(text, "robert-roberson") == ["Robbert Roberson"]


def test_a_surname_with_two_letters_swapped_is_found_after_the_full_name():
    text = f"Robert Roberson won a stay. {SHAKEN} Then Robersno's lawyer spoke; a Robinson did not."

    assert quotes(text, "robert-roberson") == ["Robert Roberson", "Robersno"]


@pytest.mark.parametrize(
    "text",
    [
        "Robert Robertson coached the Tigers to a win on Friday.",
        "Robert Robertson was sentenced to death in Ohio for a murder.",
        "Robert Robertson of Texas ran the shaken baby clinic.",
    ],
)
def test_a_name_with_one_letter_wrong_is_somebody_else_elsewhere(text):
    tagged = tag(text)

    assert tagged.mentions == ()
    assert all(m.evidence for m in tagged.rejected)


# 8. What was true of a case until a day is still a word of it.


def test_a_prison_he_has_left_is_still_a_word_of_his_case():
    moved = ContextTerm("prison", "San Quentin", "s1", until=date(2024, 5, 1))
    cooper = replace(COOPER, context=(moved, *terms(prison="CHCF")))
    text = "Kevin Cooper wrote from San Quentin that the murder was another's."

    assert Tagger([cooper]).tag(text, published=date(2026, 1, 1)).alerts == ("kevin-cooper",)


# What our own gold taught.


def test_a_given_name_alone_follows_the_full_name():
    text = (
        "Rodney Reed won a stay of execution in Bastrop. “Rodney is innocent,” his mother said."
        " Rodney’s lawyers agreed. Dear Rodney, wrote a girl."
    )

    assert quotes(text, "rodney-reed") == ["Rodney Reed", "Rodney", "Rodney", "Rodney"]


@pytest.mark.parametrize(
    "other",
    [
        "Rodney King was beaten.",
        "Rodney de León sang.",
        "Sen. Rodney spoke.",
        "Mary Rodney left.",
        "@Rodney tweeted.",
        "A rodney is a boat.",
        "Rodney King was beaten. Rodney survived.",
    ],
)
def test_a_given_name_of_somebody_else_does_not(other):
    text = f"Rodney Reed won a stay of execution in Bastrop. {other}"

    assert quotes(text, "rodney-reed") == ["Rodney Reed"]


def test_a_given_name_without_its_full_name_is_nobody():
    assert tag("Rodney is on death row in Bastrop for the murder of Stites.").mentions == ()


@pytest.mark.parametrize(
    "relative",
    [
        "His mother, Sandra Reed, wept. “Rodney will live,” Reed told neighbors.",
        "His mother, Sandra Reed, wept. Reed said her son had prayed.",
        "His brother Rodrick Reed asked for privacy. Reed said the family would wait.",
        "His mother, Sandra Reed, thanked God; Reed taught school.",
        "His brother Rodrick Reed cooked. Reed, 31, wept.",
    ],
)
def test_a_relative_is_meant_where_the_sentence_says_so(relative):
    text = f"Rodney Reed won a stay of execution in Bastrop. {relative}"

    found = quotes(text, "rodney-reed", published=date(2019, 11, 15))
    assert [quote for quote in found if quote == "Reed"] == []


def test_a_family_as_a_whole_is_nobody():
    text = "Rodney Reed won a stay of execution in Bastrop. The Reed family wept."

    assert quotes(text, "rodney-reed") == ["Rodney Reed"]


def test_an_unknown_given_name_at_the_head_of_a_sentence_is_somebody_elses():
    text = "Rodney Reed won a stay of execution in Bastrop. {} Reed had nine rebounds."

    assert quotes(text.format("Thaddeus"), "rodney-reed") == ["Rodney Reed"]
    assert quotes(text.format("Instead"), "rodney-reed") == ["Rodney Reed", "Reed"]
    assert quotes(text.format("Watching"), "rodney-reed") == ["Rodney Reed", "Reed"]


def test_an_acronym_stands_alone_where_the_article_is_of_justice():
    assert quotes(
        "The execution was cruel, EJI said of the lethal injection.", "equal-justice-initiative"
    ) == ["EJI"]
    assert quotes("EJI shares rose 4 percent.", "equal-justice-initiative") == []


def test_a_rare_surname_stands_alone_beside_a_linked_case():
    text = "Kevin Cooper left death row at San Quentin. Kardashian thanked the governor."

    assert quotes(text, "kim-kardashian") == ["Kardashian"]
    assert quotes("Kardashian thanked the governor for the pardon.", "kim-kardashian") == []


def test_a_title_before_the_name_weighs_more_than_words_of_punishment():
    text = "State Rep. Kevin Cooper filed a bill to end the death penalty. No execution is set."

    assert tag(text).alerts == ()


def test_another_organisation_of_a_longer_name_is_another():
    text = "The Midwest Innocence Project said the execution of an innocent man was a disgrace."

    assert quotes(text, "innocence-project") == []
    assert quotes("The New York-based Innocence Project won.", "innocence-project") == [
        "Innocence Project"
    ]


def test_a_first_name_alone_among_the_words_of_a_case_says_less():
    named = make_case("x", "Ada", "Cooper", context=terms(victim="Nikki Curtis"))
    alone = make_case("y", "Eva", "Cooper", context=terms(victim="Nikki"))
    tagged = Tagger([named, alone]).tag(
        "Ada Cooper and Eva Cooper were tried for the murder of Nikki Curtis. Nikki was two."
    )

    weights = {
        m.subject: term.weight
        for m in (*tagged.mentions, *tagged.rejected)
        for term in m.evidence
        if term.term == "context_victim"
    }
    assert weights == {"x": 3.0, "y": 1.5}


def test_the_lawyers_of_a_bare_surname_are_the_prisoners():
    text = "Rodney Reed won a stay of execution in Bastrop. Lou Reed played. Reed’s {} came."

    assert quotes(text.format("lawyers"), "rodney-reed") == ["Rodney Reed", "Reed"]
    assert quotes(text.format("fans"), "rodney-reed") == ["Rodney Reed"]


def test_the_state_of_another_case_is_no_sign_of_a_namesake():
    text = "Kim Kardashian asked for clemency for Julius Jones in Oklahoma and for {}."

    both = tag(text.format("Kevin Cooper"))
    assert {"julius-jones", "kevin-cooper"} <= set(both.alerts)
    [alone] = tag("Kevin Cooper of Oklahoma asked for clemency.").rejected
    assert "other_region" in {term.term for term in alone.evidence}


def test_a_given_name_at_the_head_of_a_german_sentence_is_somebody_elses():
    text = "Julius Jones bleibt in Haft, die Hinrichtung ist abgewendet. {} Jones sang in Köln."

    assert quotes(text.format("Norah"), "julius-jones", language="de") == ["Julius Jones"]
    assert quotes(text.format("Häftling"), "julius-jones", language="de")[1:] == ["Jones"]
