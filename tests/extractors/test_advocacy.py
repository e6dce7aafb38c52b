"""Who speaks for whom, and who is only named beside somebody."""

import pytest

from extractors.mentions import Tagger
from tests.extractors.people import EVERYBODY

TAGGER = Tagger(EVERYBODY)


@pytest.mark.parametrize(
    ("sentence", "act"),
    [
        ("Kim Kardashian West met Richard Glossip on Thursday.", "met"),
        ("Kim Kardashian visits Richard Glossip in prison", "met"),
        ("Kim Kardashian flew to Oklahoma on Thursday and visited Richard Glossip.", "met"),
        ("Kim Kardashian, the reality star, met with Richard Glossip for two hours.", "met"),
        ("Kim Kardashian and Richard Glossip met on Thursday.", "met"),
        ("Richard Glossip was visited by Kim Kardashian.", "met"),
        ("Kim Kardashian spoke with death row inmate Richard Glossip.", "met"),
        ("Kim Kardashian urged the governor to spare Richard Glossip.", "petitioned"),
        ("Kim Kardashian met the president to ask clemency for Richard Glossip.", "petitioned"),
        ("Kim Kardashian is calling on him to stay Richard Glossip’s execution.", "petitioned"),
        ("Kim Kardashian signed a petition for Richard Glossip.", "petitioned"),
        ("Kim Kardashian’s petition for Richard Glossip has a million names.", "petitioned"),
        ("Kim Kardashian has campaigned for Richard Glossip since 2015.", "petitioned"),
        ("Despite pleas from Kim Kardashian, Richard Glossip remains on death row.", "petitioned"),
        ("Kim Kardashian paid for the lawyers of Richard Glossip.", "funded"),
        ("Kim Kardashian raised money for Richard Glossip.", "funded"),
        ("The Innocence Project represents Richard Glossip.", "represented"),
        ("The Innocence Project has taken up the case of Richard Glossip.", "represented"),
        ("Richard Glossip, represented by the Innocence Project, spoke.", "represented"),
        ("Lawyers of the Innocence Project, who represent Richard Glossip, spoke.", "represented"),
        ("Kim Kardashian wrote a letter for Richard Glossip.", "wrote"),
        ("Kim Kardashian tweeted that Richard Glossip is innocent.", "wrote"),
        ("Kim Kardashian’s letter on Richard Glossip was read aloud.", "wrote"),
        ("Kim Kardashian said Richard Glossip is innocent.", "said"),
        ("“Richard Glossip must live,” Kim Kardashian said.", "said"),
        ("“Richard Glossip is innocent,” said Kim Kardashian.", "said"),
        ("Kim Kardashian told reporters that Richard Glossip deserves a hearing.", "said"),
        ("Kim Kardashian has spoken out for Richard Glossip.", "said"),
        ("Richard Glossip, backed by Kim Kardashian, asked for mercy.", "said"),
        ("Richard Glossip thanked Kim Kardashian.", "said"),
        ("Supporters of Richard Glossip include Kim Kardashian.", "said"),
        ("Kim Kardashian arrived on Thursday. She visited Richard Glossip.", "met"),
        ("Kim Kardashian spoke of Richard Glossip. She visited him in May.", "met"),
        ("Richard Glossip is on death row. Kim Kardashian visited him on Thursday.", "met"),
        ("Richard Glossip waits. Kim Kardashian asked the governor to spare him.", "petitioned"),
        ("Richard Glossip waits. “I believe him,” said Kim Kardashian.", "said"),
        ("Richard Glossip was freed a week after Kim Kardashian took up his cause.", "represented"),
        ("Richard Glossip waits. Kim Kardashian has asked for clemency.", "petitioned"),
    ],
)  # fmt: skip
def test_an_act_for_a_case_is_advocacy(sentence, act):
    assert act in acts(sentence)


@pytest.mark.parametrize(
    ("sentence", "act"),
    [
        ("Kim Kardashian spent two hours with Richard Glossip at the prison.", "met"),
        ("Kim Kardashian went to McAlester to see Richard Glossip.", "met"),
        ("Reality star Kim Kardashian sat down with Richard Glossip on Monday.", "met"),
        (
            "Among those asking the governor to spare Richard Glossip is Kim Kardashian.",
            "petitioned",
        ),
        (
            "Kim Kardashian, who has taken up other cases, asked him to pardon Richard Glossip.",
            "petitioned",
        ),
        (
            "Celebrities including Kim Kardashian have called for Richard Glossip’s release.",
            "petitioned",
        ),
        ("Kim Kardashian took to Twitter to plead for the life of Richard Glossip.", "petitioned"),
        (
            "Kim Kardashian on Tuesday urged her fans to call him about Richard Glossip.",
            "petitioned",
        ),
        ("The Innocence Project filed a brief on behalf of Richard Glossip.", "represented"),
        ("An Innocence Project lawyer argued for Richard Glossip.", "represented"),
        ("Attorneys with the Innocence Project represent Richard Glossip.", "represented"),
        ("Kim Kardashian is paying for Richard Glossip’s legal team.", "funded"),
        ("Kim Kardashian gave $50,000 to the defense of Richard Glossip.", "funded"),
        (
            "In a letter to the governor, Kim Kardashian wrote that Richard Glossip was framed.",
            "wrote",
        ),
        ("Kim Kardashian published an essay on Richard Glossip.", "wrote"),
        ("Kim Kardashian has said she believes Richard Glossip.", "said"),
        ("Kim Kardashian called the execution of Richard Glossip a disgrace.", "said"),
        ("“He is innocent,” Kim Kardashian said of Richard Glossip.", "said"),
        ("Richard Glossip has the support of Kim Kardashian.", "said"),
        ("Kim Kardashian welcomed the ruling on Richard Glossip.", "said"),
        ("Kim Kardashian is the most famous supporter of Richard Glossip.", "said"),
        ("Richard Glossip met Kim Kardashian in May.", "met"),
        ("Kim Kardashian defends Richard Glossip on podcast", "represented"),
        ("Richard Glossip spoke by phone with Kim Kardashian.", "met"),
    ],
)
def test_an_act_unseen_by_its_author_is_advocacy_too(sentence, act):
    """Written after the rules, which then learned those that they had missed."""
    assert act in acts(sentence)


@pytest.mark.parametrize(
    ("language", "sentence", "act"),
    [
        ("es", "Kim Kardashian visitó a Richard Glossip en la cárcel.", "met"),
        ("es", "Kim Kardashian pidió clemencia para Richard Glossip.", "petitioned"),
        ("es", "Richard Glossip, apoyado por Kim Kardashian, espera en la cárcel.", "said"),
        ("fr", "Kim Kardashian a rencontré Richard Glossip en prison.", "met"),
        ("fr", "Kim Kardashian demande la clémence pour Richard Glossip.", "petitioned"),
        ("fr", "« Richard Glossip est innocent », répète Kim Kardashian.", "said"),
        ("fr", "Richard Glossip, soutenu par Kim Kardashian, attend en prison.", "said"),
        ("de", "Richard Glossip wartet. Kim Kardashian hatte um Gnade gebeten.", "petitioned"),
        ("de", "Kim Kardashian besuchte Richard Glossip im Gefängnis.", "met"),
        ("de", "Kim Kardashian hatte Richard Glossip besucht.", "met"),
        ("de", "Kim Kardashian forderte Gnade für Richard Glossip.", "petitioned"),
    ],
)
def test_other_languages_say_it_too(language, sentence, act):
    assert act in acts(sentence, language)


@pytest.mark.parametrize(
    "sentence",
    [
        "Kim Kardashian and Richard Glossip were both in the news.",
        "The list holds Richard Glossip and Kim Kardashian.",
        "Kim Kardashian wore silver. Richard Glossip is on death row.",
        "From Kim Kardashian to Richard Glossip: what we read this week",
        "Kim Kardashian met the president; Richard Glossip waits.",
        "Kim Kardashian met the president, and Richard Glossip was moved to McAlester.",
        "Kim Kardashian never met Richard Glossip.",
        "Kim Kardashian has not visited Richard Glossip.",
        "Kim Kardashian could visit Richard Glossip.",
        "Kim Kardashian declined to speak about Richard Glossip.",
        "Kim Kardashian watched as a lawyer urged the court to free Richard Glossip.",
        "Kim Kardashian smiled and Don Knight urged the court to free Richard Glossip.",
        "Kim Kardashian was asked about Richard Glossip.",
        "Kim Kardashian will visit Richard Glossip in May.",
        "Unlike Kim Kardashian, Richard Glossip has no money.",
        "Richard Glossip watched Kim Kardashian on television.",
        "Kim Kardashian posted a photo of her dog. Richard Glossip is on death row.",
        "Richard Glossip waits. Kim Kardashian posted a photo of her dog.",
        "Richard Glossip is on death row. Kim Kardashian was in Paris.",
        "The governor met Kim Kardashian while Richard Glossip waited.",
        "The guard told Kim Kardashian nothing of Richard Glossip.",
        "Richard Glossip waits. Kim Kardashian asked for a glass of water.",
        "Kim Kardashian said nothing on Richard Glossip.",
        "A photo of Kim Kardashian hangs in the cell of Richard Glossip.",
        "Kim Kardashian has been in touch with Richard Glossip for years.",
        "For Kim Kardashian, the case of Richard Glossip is personal.",
        "Kim Kardashian’s show was interrupted by news on Richard Glossip.",
        "Police told Kim Kardashian that Richard Glossip was on television.",
        "Kim Kardashian turned 40; Richard Glossip turned 57.",
        "Richard Glossip was moved on the day that Kim Kardashian married.",
        "Kim Kardashian did not comment on Richard Glossip.",
        "A fan of Kim Kardashian asked about Richard Glossip.",
        "Kim Kardashian said on Monday that she was ill, and Richard Glossip was moved.",
        "Kim Kardashian might write to Richard Glossip.",
        "The governor met Kim Kardashian and refused to free Richard Glossip.",
        "Kim Kardashian asked the waiter for salt as Richard Glossip appeared on screen.",
        "Books on Kim Kardashian, Richard Glossip and others are on sale.",
        "Kim Kardashian has no link to Richard Glossip.",
    ],
)
def test_a_mere_co_mention_is_no_advocacy(sentence):
    assert acts(sentence) == set()


def test_whom_an_advocate_names_in_a_list_it_speaks_for():
    text = (
        "Kim Kardashian has spoken out for Julius Jones, Rodney Reed and Kevin Cooper, all on death"
        " row."
    )

    assert {one.case for one in TAGGER.tag(text).advocacy} == {
        "julius-jones",
        "rodney-reed",
        "kevin-cooper",
    }


def test_each_advocate_speaks_for_its_own_case():
    text = (
        "Kim Kardashian met Julius Jones on death row, while the Innocence Project represents"
        " Rodney Reed."
    )

    assert [(one.advocate, one.case, one.act) for one in TAGGER.tag(text).advocacy] == [
        ("innocence-project", "rodney-reed", "represented"),
        ("kim-kardashian", "julius-jones", "met"),
    ]


def test_the_row_holds_its_sentence():
    text = "It rained. Kim Kardashian met Richard Glossip. It rained again."
    (one,) = TAGGER.tag(text).advocacy

    assert one.quote == "Kim Kardashian met Richard Glossip."
    assert text[one.start : one.end] == one.quote


def acts(sentence: str, language: str = "en") -> set[str]:
    return {one.act for one in TAGGER.tag(sentence, language=language).advocacy}
