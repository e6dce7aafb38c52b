"""Sentences that were written before the rules saw them: how news says it, and how it does not."""

from datetime import date

import pytest

from extractors.mentions import Tagger
from tests.extractors.people import EVERYBODY

TAGGER = Tagger(EVERYBODY)
FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Texas has scheduled the execution of Richard Glossip for November 20.",
            "execution_date_set happened",
        ),
        (
            "Judge Shaver signed an order setting Richard Glossip’s execution for Nov. 20.",
            "execution_date_set happened",
        ),
        ("Richard Glossip now has an execution date: Nov. 20.", "execution_date_set happened"),
        (
            "Richard Glossip is slated to receive a lethal injection on Nov. 20.",
            "execution_date_set happened",
        ),
        (
            "The court on Tuesday issued a warrant for the execution of Richard Glossip.",
            "execution_date_set happened",
        ),
        ("Attorney general seeks execution date for Richard Glossip", "execution_date_set asked"),
        ("The state wants to execute Richard Glossip on Nov. 20.", "execution_date_set asked"),
        (
            "Richard Glossip is scheduled to be put to death Wednesday at 6 p.m.",
            "execution_date_set happened",
        ),
        (
            "Time is running out for Richard Glossip, who is set to be executed in two weeks.",
            "execution_date_set happened",
        ),
        (
            "Gov. Ron DeSantis signed a death warrant Thursday for Richard Glossip.",
            "execution_date_set happened",
        ),
        (
            "Richard Glossip’s lawyers are asking the court to halt his Wednesday execution.",
            "stay asked",
        ),
        (
            "The U.S. Supreme Court has agreed to stay the execution of Richard Glossip.",
            "stay happened",
        ),
        ("Supreme Court won’t stop the execution of Richard Glossip", "stay denied"),
        ("The 5th Circuit declined to stop the execution of Richard Glossip.", "stay denied"),
        ("The governor has delayed the execution of Richard Glossip until March.", "stay happened"),
        ("Richard Glossip gets reprieve", "stay happened"),
        ("A last-minute stay saved Richard Glossip.", "stay happened"),
        ("Richard Glossip was pronounced dead at 6:24 p.m. Wednesday.", "executed happened"),
        ("Texas executed Richard Glossip on Wednesday night.", "executed happened"),
        ("Texas man Richard Glossip executed for 1996 killing", "executed happened"),
        ("The execution of Richard Glossip took place on Wednesday.", "executed happened"),
        (
            "Richard Glossip, 51, received a lethal injection Wednesday at the state penitentiary.",
            "executed happened",
        ),
        (
            "Parole board votes unanimously against clemency for Richard Glossip",
            "clemency_denied denied",
        ),
        ("Abbott rejects clemency for Richard Glossip", "clemency_denied denied"),
        ("The governor will not commute Richard Glossip’s sentence.", "clemency_denied denied"),
        ("Celebrities ask Abbott to spare Richard Glossip", "clemency_requested asked"),
        (
            "Richard Glossip’s attorneys submitted a clemency application to the board.",
            "clemency_requested asked",
        ),
        ("Richard Glossip applied for a pardon last year.", "clemency_requested asked"),
        (
            "The board unanimously recommended a 120-day reprieve for Richard Glossip.",
            "stay recommended",
        ),
        ("Governor spares life of Richard Glossip", "commuted happened"),
        (
            "President Biden commuted the sentence of Richard Glossip to life in prison.",
            "commuted happened",
        ),
        ("Richard Glossip’s death sentence reduced to life", "commuted happened"),
        ("Trump has pardoned Richard Glossip.", "pardoned happened"),
        ("Richard Glossip got a presidential pardon.", "pardoned happened"),
        (
            "A Bastrop judge agreed to DNA testing in the Richard Glossip case.",
            "dna_testing_ordered ordered",
        ),
        ("Texas court won’t allow DNA testing for Richard Glossip", "dna_testing_ordered denied"),
        ("DNA tests exonerate Richard Glossip, lawyers say", "dna_testing_result happened"),
        (
            "Test results show that DNA found on the belt is not Richard Glossip’s.",
            "dna_testing_result happened",
        ),
        ("Richard Glossip appealed to the U.S. Supreme Court on Monday.", "appeal_filed happened"),
        ("Richard Glossip takes his case to the Supreme Court", "appeal_filed happened"),
        (
            "The Supreme Court turned away Richard Glossip’s appeal without comment.",
            "appeal_denied denied",
        ),
        ("High court rejects Richard Glossip", "appeal_denied denied"),
        ("Appeals court affirms Richard Glossip conviction", "appeal_denied denied"),
        ("Richard Glossip granted new trial", "new_trial ordered"),
        ("Judge grants Richard Glossip a new trial", "new_trial ordered"),
        ("Judge recommends new trial for Richard Glossip", "new_trial recommended"),
        (
            "Richard Glossip’s conviction is overturned after 23 years",
            "conviction_vacated happened",
        ),
        ("Judge overturns conviction of Richard Glossip", "conviction_vacated happened"),
        (
            "The court set aside Richard Glossip’s conviction and sentence.",
            "conviction_vacated happened",
        ),
        (
            "The prosecutor moved to vacate Richard Glossip’s conviction.",
            "conviction_vacated asked",
        ),
        ("Murder charges against Richard Glossip dropped", "charges_dropped happened"),
        (
            "The district attorney dropped all charges against Richard Glossip on Tuesday.",
            "charges_dropped happened",
        ),
        ("Richard Glossip is a free man after 23 years", "released happened"),
        ("Richard Glossip walked out of prison Friday.", "released happened"),
        ("After two decades on death row, Richard Glossip is free.", "released happened"),
        ("Richard Glossip was freed from prison on Tuesday", "released happened"),
        ("Judge orders release of Richard Glossip", "released ordered"),
        ("Richard Glossip cleared of murder", "exonerated happened"),
        ("Richard Glossip has been exonerated of the murder.", "exonerated happened"),
        ("A jury acquitted Richard Glossip.", "exonerated happened"),
        ("Richard Glossip was resentenced to life without parole.", "resentenced happened"),
        ("The judge set a hearing in Richard Glossip’s case for Dec. 12.", "hearing_set happened"),
        (
            "Richard Glossip is among 12 men whose execution dates have been set.",
            "execution_date_set happened",
        ),
        (
            "The state has asked the court to schedule Richard Glossip’s execution.",
            "execution_date_set asked",
        ),
        (
            "The Court of Criminal Appeals set May 18 as the execution date for Richard Glossip.",
            "execution_date_set happened",
        ),
        (
            "Richard Glossip’s execution, his ninth date, is set for 10 a.m. on May 18.",
            "execution_date_set happened",
        ),
        (
            "A Texas judge has set a new date, Nov. 30, for the execution of Richard Glossip.",
            "execution_date_set happened",
        ),
        (
            "In two weeks Oklahoma intends to put Richard Glossip to death.",
            "execution_date_set happened",
        ),
        (
            "The clock is ticking for Richard Glossip: his execution is Thursday.",
            "execution_date_set happened",
        ),
        ("Alabama schedules nitrogen execution of Richard Glossip", "execution_date_set happened"),
        ("Ivey sets time frame for execution of Richard Glossip", "execution_date_set happened"),
        (
            "Richard Glossip’s May 18 execution date stands, court says",
            "execution_date_set happened",
        ),
        ("Richard Glossip now faces a May 18 execution.", "execution_date_set happened"),
        ("Date set for execution of Richard Glossip", "execution_date_set happened"),
        (
            "Justices lifted a stay, clearing the way for the execution of Richard Glossip.",
            "stay denied",
        ),
        (
            "The U.S. Supreme Court vacated the stay of execution for Richard Glossip.",
            "stay denied",
        ),
        ("A court lifted the stay of Richard Glossip’s execution.", "stay denied"),
        ("The stay of execution of Richard Glossip expired on Friday.", "stay denied"),
        (
            "Prosecutors will not seek an execution date for Richard Glossip.",
            "execution_date_set denied",
        ),
        ("The judge who freed Curtis Flowers spoke of Richard Glossip.", "released happened"),
        ("Richard Glossip’s execution has been postponed three times.", "stay happened"),
        ("The board deadlocked 2-2, denying Richard Glossip clemency.", "clemency_denied denied"),
        (
            "By a 4-1 vote, the panel said no to clemency for Richard Glossip.",
            "clemency_denied denied",
        ),
        ("Stitt has granted Richard Glossip a 60-day reprieve.", "stay happened"),
        (
            "Richard Glossip wept as the judge threw out his conviction.",
            "conviction_vacated happened",
        ),
        ("With the stroke of a pen, the president pardoned Richard Glossip.", "pardoned happened"),
        ("Richard Glossip’s bid for a new trial is rejected", "appeal_denied denied"),
        (
            "Richard Glossip could be the next to die: his execution is set for Dec. 4.",
            "execution_date_set happened",
        ),
        ("A Dec. 4 date has been set for Richard Glossip to die.", "execution_date_set happened"),
        (
            "Richard Glossip has been told that he will die on Dec. 4.",
            "execution_date_set happened",
        ),
        ("Oklahoma announces execution date for Richard Glossip", "execution_date_set happened"),
        ("State seeks to execute Richard Glossip in December", "execution_date_set asked"),
        ("Execution of Richard Glossip scheduled for next week", "execution_date_set happened"),
        ("Governor grants reprieve to death row inmate Richard Glossip", "stay happened"),
        ("Execution halted for Richard Glossip", "stay happened"),
        ("Richard Glossip: court stays execution", "stay happened"),
        ("Courts refuse last pleas; Richard Glossip executed", "executed happened"),
        ("Oklahoma has put Richard Glossip to death.", "executed happened"),
        ("Clemency denied for Richard Glossip", "clemency_denied denied"),
        ("Clemency board backs Richard Glossip", "clemency_recommended recommended"),
        (
            "Glossip’s lawyers want the governor to commute the sentence of Richard Glossip.",
            "clemency_requested asked",
        ),
        ("The appeal of Richard Glossip was thrown out on Monday.", "appeal_denied denied"),
        ("The court gave Richard Glossip a hearing.", "hearing_set happened"),
        ("DNA evidence points away from Richard Glossip.", "dna_testing_result happened"),
        ("Judge allows DNA tests in Richard Glossip case", "dna_testing_ordered ordered"),
        ("Conviction of Richard Glossip stands, court rules", "appeal_denied denied"),
        ("Richard Glossip fights for a new trial", "new_trial asked"),
    ],
)
def test_news_says_it_so(sentence, expected):
    assert said(sentence) == {expected}


@pytest.mark.parametrize(
    "sentence",
    [
        "Richard Glossip’s supporters rallied outside the governor’s mansion.",
        "Richard Glossip says he will never stop fighting.",
        "Richard Glossip was convicted in 1998 of killing Stacey Stites.",
        "The Texas Board of Pardons and Paroles received a letter on Richard Glossip.",
        "Oprah watched the film on Richard Glossip’s appeal to a wide audience.",
        "Richard Glossip’s brother was released from jail.",
        "The man who was executed in 2010 had met Richard Glossip.",
        "Texas has executed 560 people; Richard Glossip is one of 200 on death row.",
        "Lawyers for Richard Glossip fear that he will be executed.",
        "It would be wrong if Richard Glossip were executed.",
        "Protesters say the execution of Richard Glossip would be murder.",
        "Richard Glossip may never be released.",
        "Richard Glossip’s fate depends on whether a new trial is ordered.",
        "A pardon for Richard Glossip seems unlikely.",
        "Richard Glossip recalled the day Carlos DeLuna was put to death.",
        "Richard Glossip’s lawyers hope that DNA testing will be ordered.",
        "The podcast on Richard Glossip, released on Friday, is a hit.",
        "Richard Glossip’s hearing lasted two days.",
        "Richard Glossip would be the fifth man executed in Texas this year.",
        "Richard Glossip, whose appeal is pending, was moved.",
        "The court has not ruled on Richard Glossip’s appeal.",
        "The judge has not yet set a hearing for Richard Glossip.",
        "Richard Glossip has less than a week to live unless the governor steps in.",
        "Richard Glossip lived through three stays of execution.",
        "The attorney general withdrew his request for an execution date for Richard Glossip.",
        "Prosecutors opposed a stay for Richard Glossip.",
        "The state asked the court to lift the stay of Richard Glossip’s execution.",
        "Richard Glossip’s execution would violate the Constitution, his lawyers said.",
        "He has witnessed 30 executions, but not that of Richard Glossip.",
        "Richard Glossip was wrongly convicted, a report says.",
        "Richard Glossip was released from the hospital on Monday.",
        "Lawyers said Richard Glossip had been denied a fair trial.",
        "Had the court not acted, Richard Glossip would have been executed on Friday.",
        "Seven people have been executed since Richard Glossip came to death row.",
        "“I was not executed,” Richard Glossip said.",
        "Richard Glossip came within an hour of execution in 2015.",
        "Justices to hear appeal of Richard Glossip",
        "Supreme Court agrees to hear Richard Glossip’s appeal",
        "Richard Glossip’s family prays that the execution will be stopped.",
        "What happens if Richard Glossip is executed?",
        "Richard Glossip has outlived four execution dates.",
        "There is no stay yet for Richard Glossip.",
        "The state has no plans to execute Richard Glossip.",
        "Nobody has asked for an execution date for Richard Glossip.",
        "Richard Glossip’s lawyers expect an execution date to be set soon.",
    ],
)
def test_news_does_not_say_it_so(sentence):
    assert said(sentence) == set()


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        (
            "es",
            "Fijan para el 10 de diciembre la ejecución de Richard Glossip",
            "execution_date_set happened",
        ),
        ("es", "Oklahoma ejecutará a Richard Glossip el jueves", "execution_date_set happened"),
        ("es", "Richard Glossip tiene fecha de ejecución", "execution_date_set happened"),
        ("es", "Richard Glossip logra un aplazamiento de su ejecución", "stay happened"),
        ("es", "El Supremo rechaza suspender la ejecución de Richard Glossip", "stay denied"),
        ("es", "El gobernador aplazó la ejecución de Richard Glossip", "stay happened"),
        ("es", "Ejecutan en Oklahoma a Richard Glossip", "executed happened"),
        ("es", "Richard Glossip murió por inyección letal", "executed happened"),
        ("es", "El gobernador rechaza indultar a Richard Glossip", "clemency_denied denied"),
        ("es", "Trump indulta a Richard Glossip", "pardoned happened"),
        ("es", "Piden el indulto para Richard Glossip", "clemency_requested asked"),
        ("es", "Richard Glossip queda en libertad", "released happened"),
        ("es", "Revocan la condena de Richard Glossip", "conviction_vacated happened"),
        ("es", "Richard Glossip tendrá un nuevo juicio", "new_trial ordered"),
        ("es", "Richard Glossip no fue indultado", "pardoned denied"),
        ("es", "Richard Glossip espera que el gobernador le conceda clemencia", ""),
        ("es", "Richard Glossip lleva 20 años en el corredor de la muerte", ""),
        (
            "fr",
            "L’exécution de Richard Glossip est fixée au 10 décembre",
            "execution_date_set happened",
        ),
        ("fr", "Richard Glossip sera exécuté jeudi", "execution_date_set happened"),
        ("fr", "La Cour suprême suspend l’exécution de Richard Glossip", "stay happened"),
        ("fr", "La Cour suprême refuse de suspendre l’exécution de Richard Glossip", "stay denied"),
        ("fr", "Richard Glossip exécuté en Oklahoma", "executed happened"),
        ("fr", "Le gouverneur refuse de gracier Richard Glossip", "clemency_denied denied"),
        ("fr", "Le président a gracié Richard Glossip", "pardoned happened"),
        ("fr", "Richard Glossip libéré après 27 ans", "released happened"),
        (
            "fr",
            "La justice annule la condamnation de Richard Glossip",
            "conviction_vacated happened",
        ),
        ("fr", "Richard Glossip aura un nouveau procès", "new_trial ordered"),
        ("fr", "Richard Glossip n’a pas été gracié", "pardoned denied"),
        ("fr", "Richard Glossip espère un nouveau procès", ""),
        ("de", "Hinrichtungstermin für Richard Glossip festgesetzt", "execution_date_set happened"),
        (
            "de",
            "Oklahoma will Richard Glossip am Donnerstag hinrichten",
            "execution_date_set happened",
        ),
        (
            "de",
            "Die Hinrichtung von Richard Glossip ist für Donnerstag geplant",
            "execution_date_set happened",
        ),
        ("de", "Gericht setzt Hinrichtung von Richard Glossip aus", "stay happened"),
        ("de", "Aufschub für Richard Glossip", "stay happened"),
        ("de", "Gericht lehnt Aufschub für Richard Glossip ab", "stay denied"),
        ("de", "Richard Glossip per Giftspritze hingerichtet", "executed happened"),
        ("de", "Trump begnadigt Richard Glossip", "pardoned happened"),
        ("de", "Richard Glossip bittet um Gnade", "clemency_requested asked"),
        ("de", "Richard Glossip nach 27 Jahren frei", "released happened"),
        ("de", "Gericht hebt Urteil gegen Richard Glossip auf", "conviction_vacated happened"),
        ("de", "Richard Glossip bekommt neuen Prozess", "new_trial ordered"),
        ("de", "Richard Glossip wurde nicht begnadigt", "pardoned denied"),
        ("de", "Richard Glossip hofft auf einen neuen Prozess", ""),
    ],
)
def test_news_in_other_languages_says_it_so(language, sentence, expected):
    assert said(sentence, language) == ({expected} if expected else set())


def test_his_execution_counts_two_sentences_on_where_the_article_has_one_case():
    text = "Richard Glossip waits. It rains in McAlester. {} execution is scheduled for Dec. 10."
    other = "Rodney Reed is on death row in Texas, not far from there.\n\n"

    assert said(text.format("His")) == {"execution_date_set happened"}
    assert said(text.format("The")) == {"execution_date_set happened"}
    assert said(text.format("An")) == set()
    assert said(other + text.format("His")) == set()


def said(sentence: str, language: str = "en") -> set[str]:
    found = TAGGER.tag(sentence, published=FRIDAY, language=language).events
    return {f"{event.type} {event.modality}" for event in found}


@pytest.mark.parametrize(
    "sentence",
    [
        "In October 2024 lawmakers issued a subpoena for Richard Glossip on the eve of an earlier "
        "execution date, a step that ended with a stay.",
        "Richard Glossip spent 27 years in prison and was given nine execution dates.",
        "Richard Glossip’s execution was stopped two days before it was to be in April 2022.",
        "By then the governor had put off Richard Glossip’s execution because of the pandemic.",
    ],
)
def test_what_is_told_of_the_past_is_not_urgent(sentence):
    assert all(event.retold for event in TAGGER.tag(sentence, published=FRIDAY).events)


@pytest.mark.parametrize(
    "sentence",
    [
        "A court stayed the execution of Richard Glossip, who came within hours of death in 2024.",
        "A judge set an execution date for Richard Glossip, whose first trial was in 2003.",
    ],
)
def test_a_year_of_somebody_s_earlier_life_does_not_make_news_the_past(sentence):
    assert [event.retold for event in TAGGER.tag(sentence, published=FRIDAY).events] == [False]
