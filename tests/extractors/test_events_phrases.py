"""In how many ways a text says that something happened, and in how many it does not."""

from datetime import date

import pytest

from extractors.mentions import Tagger
from tests.extractors.people import EVERYBODY

TAGGER = Tagger(EVERYBODY)
FRIDAY = date(2026, 11, 20)

SET, STAYED = ("execution_date_set", "happened"), ("stay", "happened")
EXECUTED, COMMUTED = ("executed", "happened"), ("commuted", "happened")
PARDONED, FREED = ("pardoned", "happened"), ("released", "happened")
ASKED_MERCY, NO_MERCY = ("clemency_requested", "asked"), ("clemency_denied", "denied")
RECOMMENDED, MERCY = ("clemency_recommended", "recommended"), ("clemency_granted", "happened")
DNA, DNA_ASKED = ("dna_testing_ordered", "ordered"), ("dna_testing_ordered", "asked")
DNA_SAYS, LOST = ("dna_testing_result", "happened"), ("appeal_denied", "denied")
APPEALED, RETRIAL = ("appeal_filed", "happened"), ("new_trial", "ordered")
VACATED, REINSTATED = ("conviction_vacated", "happened"), ("conviction_reinstated", "happened")
DROPPED, EXONERATED = ("charges_dropped", "happened"), ("exonerated", "happened")
RESENTENCED, HEARING = ("resentenced", "happened"), ("hearing_set", "happened")
OFF_DEATH_ROW = ("sentence_vacated", "happened")
SET_ASKED, SET_DENIED = ("execution_date_set", "asked"), ("execution_date_set", "denied")
STAY_ASKED, STAY_DENIED = ("stay", "asked"), ("stay", "denied")
VACATED_ASKED = ("conviction_vacated", "asked")
VACATED_ADVISED = ("conviction_vacated", "recommended")

ENGLISH = [
    # An execution date must never be missed.
    ("Texas sets execution date for Richard Glossip", SET),
    ("Oklahoma sets Dec. 10 execution for Richard Glossip", SET),
    ("Judge signs death warrant for Richard Glossip", SET),
    ("Richard Glossip gets execution date", SET),
    ("Richard Glossip to be executed Thursday", SET),
    ("Oklahoma to execute Richard Glossip on Dec. 10", SET),
    ("Execution date for Richard Glossip: Dec. 10", SET),
    ("The execution of Richard Glossip has been scheduled for Dec. 10.", SET),
    ("Richard Glossip’s execution is set for next month.", SET),
    ("Richard Glossip is due to be put to death on Thursday.", SET),
    ("Richard Glossip is set to die by lethal injection on Dec. 10.", SET),
    ("Richard Glossip will be executed on Thursday, the state said.", SET),
    ("Richard Glossip faces execution on Dec. 10.", SET),
    ("The court issued an execution warrant for Richard Glossip.", SET),
    ("A Dec. 10 execution date was set for Richard Glossip.", SET),
    ("A judge on Monday scheduled Richard Glossip’s execution for Dec. 10.", SET),
    ("Oklahoma plans to execute Richard Glossip on Dec. 10.", SET),
    ("Richard Glossip, who is scheduled to die Thursday, ate his last meal.", SET),
    ("With his Dec. 10 execution date nearing, Richard Glossip prayed.", SET),
    ("The execution of Richard Glossip, scheduled for Dec. 10, drew protests.", SET),
    ("Court reschedules execution of Richard Glossip for Dec. 10", SET),
    ("Prosecutors asked the court to set an execution date for Richard Glossip.", SET_ASKED),
    ("The judge refused to set an execution date for Richard Glossip.", SET_DENIED),
    # A stay
    ("Richard Glossip wins stay of execution", STAYED),
    ("Appeals court halts Richard Glossip execution", STAYED),
    ("Richard Glossip won a last-minute reprieve.", STAYED),
    ("The governor issued a 60-day reprieve to Richard Glossip.", STAYED),
    ("The execution of Richard Glossip was put on hold.", STAYED),
    ("Richard Glossip was granted a stay with hours to spare.", STAYED),
    ("Richard Glossip spared as court steps in hours before execution", None),
    ("A federal judge blocked Oklahoma from executing Richard Glossip.", STAYED),
    ("The judge withdrew the execution date of Richard Glossip.", STAYED),
    ("Execution of Richard Glossip called off", STAYED),
    ("Lawyers for Richard Glossip asked the justices to stay his execution.", STAY_ASKED),
    ("Richard Glossip seeks a stay.", STAY_ASKED),
    ("The Supreme Court denied a stay for Richard Glossip.", STAY_DENIED),
    ("The justices rejected a request to halt the execution of Richard Glossip.", STAY_DENIED),
    ("Justices refuse to block execution of Richard Glossip", STAY_DENIED),
    ("Richard Glossip’s request for a stay was denied.", STAY_DENIED),
    # Executed
    ("Oklahoma executes Richard Glossip", EXECUTED),
    ("Oklahoma puts Richard Glossip to death", EXECUTED),
    ("Richard Glossip was put to death on Thursday.", EXECUTED),
    ("Richard Glossip has been executed.", EXECUTED),
    ("Richard Glossip executed after justices decline to step in", EXECUTED),
    ("Richard Glossip died by lethal injection at McAlester.", EXECUTED),
    ("The state carried out the execution of Richard Glossip.", EXECUTED),
    # Mercy asked, recommended, granted, denied
    ("Lawyers for Richard Glossip filed a clemency petition.", ASKED_MERCY),
    ("Thousands urge governor to spare Richard Glossip", ASKED_MERCY),
    ("Richard Glossip asked the governor for a pardon.", ASKED_MERCY),
    ("Lawmakers called on the governor to commute the sentence of Richard Glossip.", ASKED_MERCY),
    ("Supporters of Richard Glossip pleaded for his life.", ASKED_MERCY),
    ("Parole board recommends clemency for Richard Glossip", RECOMMENDED),
    ("The board voted to recommend that he commute Richard Glossip’s sentence.", RECOMMENDED),
    ("Panel backs clemency for Richard Glossip", RECOMMENDED),
    ("The board recommended that Richard Glossip be spared.", RECOMMENDED),
    ("Governor grants clemency to Richard Glossip", MERCY),
    ("Richard Glossip was granted clemency on Friday.", MERCY),
    ("Clemency was granted to Richard Glossip.", MERCY),
    ("Board denies clemency for Richard Glossip", NO_MERCY),
    ("The board voted against clemency for Richard Glossip.", NO_MERCY),
    ("Richard Glossip’s clemency petition was rejected.", NO_MERCY),
    ("The governor refused to commute the sentence of Richard Glossip.", NO_MERCY),
    ("Governor declines to pardon Richard Glossip", NO_MERCY),
    # Commuted, pardoned
    ("Governor commutes death sentence of Richard Glossip", COMMUTED),
    ("Richard Glossip’s sentence was commuted to life.", COMMUTED),
    ("The governor granted a commutation to Richard Glossip.", COMMUTED),
    ("Richard Glossip had his sentence commuted on Friday.", COMMUTED),
    ("President pardons Richard Glossip", PARDONED),
    ("Richard Glossip was pardoned on Friday.", PARDONED),
    ("Richard Glossip received a full pardon.", PARDONED),
    ("The governor issued a pardon to Richard Glossip.", PARDONED),
    # DNA
    ("Judge orders DNA testing in Richard Glossip case", DNA),
    ("DNA testing was ordered in the case of Richard Glossip.", DNA),
    ("The court granted Richard Glossip’s request for DNA testing.", DNA),
    ("Richard Glossip’s lawyers want DNA tests on the bat.", DNA_ASKED),
    ("Richard Glossip has asked for DNA testing.", DNA_ASKED),
    ("Court denies DNA testing for Richard Glossip", ("dna_testing_ordered", "denied")),
    ("DNA results clear Richard Glossip", DNA_SAYS),
    ("DNA on the bat did not match Richard Glossip.", DNA_SAYS),
    ("New DNA tests point to another man, lawyers for Richard Glossip say.", DNA_SAYS),
    # Courts
    ("Richard Glossip appeals his conviction", APPEALED),
    ("Lawyers for Richard Glossip filed a new appeal on Friday.", APPEALED),
    ("Richard Glossip has appealed to the Supreme Court.", APPEALED),
    ("Court rejects appeal of Richard Glossip", LOST),
    ("Richard Glossip loses appeal", LOST),
    ("The justices declined to hear the case of Richard Glossip.", LOST),
    ("Richard Glossip was denied a new trial.", LOST),
    ("A court upheld the conviction of Richard Glossip.", LOST),
    ("Richard Glossip wins new trial", RETRIAL),
    ("Richard Glossip will get a new trial.", RETRIAL),
    ("A new trial was ordered for Richard Glossip.", RETRIAL),
    ("The prosecutor asked for a new trial for Richard Glossip.", ("new_trial", "asked")),
    ("Supreme Court tosses conviction of Richard Glossip", VACATED),
    ("Richard Glossip’s murder conviction was overturned.", VACATED),
    ("A judge threw out Richard Glossip’s conviction.", VACATED),
    ("The judge recommended that Richard Glossip’s conviction be overturned.", VACATED_ADVISED),
    ("Lawyers asked the court to vacate the conviction of Richard Glossip.", VACATED_ASKED),
    ("A judge vacated Richard Glossip’s death sentence.", OFF_DEATH_ROW),
    ("The death sentence of Richard Glossip was overturned.", OFF_DEATH_ROW),
    ("Court reinstates conviction of Richard Glossip", REINSTATED),
    ("Richard Glossip’s conviction was reinstated.", REINSTATED),
    ("An appeals court restored the murder conviction of Richard Glossip.", REINSTATED),
    ("Prosecutors drop charges against Richard Glossip", DROPPED),
    ("All charges against Richard Glossip were dismissed.", DROPPED),
    ("A judge dismissed the indictment of Richard Glossip.", DROPPED),
    ("Richard Glossip exonerated after 27 years", EXONERATED),
    ("A judge declared Richard Glossip innocent.", EXONERATED),
    ("Richard Glossip has been exonerated.", EXONERATED),
    ("Richard Glossip freed after 27 years", FREED),
    ("Richard Glossip walks free", FREED),
    ("Richard Glossip was released on bond.", FREED),
    ("Richard Glossip left prison on Friday.", FREED),
    ("Richard Glossip walked out of the Oklahoma County jail.", FREED),
    ("Judge refuses to release Richard Glossip", ("released", "denied")),
    ("Richard Glossip was denied bond.", ("released", "denied")),
    ("Richard Glossip was denied parole.", ("released", "denied")),
    ("Richard Glossip resentenced to life", RESENTENCED),
    ("A judge resentenced Richard Glossip to time served.", RESENTENCED),
    ("Richard Glossip was re-sentenced on Friday.", RESENTENCED),
    ("Judge sets hearing for Richard Glossip", HEARING),
    ("A hearing in the case of Richard Glossip is scheduled for Dec. 1.", HEARING),
    ("The court scheduled an evidentiary hearing for Richard Glossip.", HEARING),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), ENGLISH)
def test_english_says_it_in_many_ways(sentence, expected):
    assert said(sentence) == ({expected} if expected else {STAYED})


NOTHING = [
    "Richard Glossip could be executed.",
    "Richard Glossip would have been executed but for the court.",
    "Richard Glossip faces execution.",
    "No execution date has been set for Richard Glossip.",
    "Oklahoma has yet to set an execution date for Richard Glossip.",
    "Richard Glossip does not have an execution date.",
    "If the court agrees, an execution date will be set for Richard Glossip.",
    "Richard Glossip was almost executed.",
    "Richard Glossip was sentenced to death in 1998.",
    "Richard Glossip has been on death row since 1998.",
    "Richard Glossip was not executed.",
    "Richard Glossip said that nobody should be executed.",
    "Whether Richard Glossip was pardoned, nobody knows.",
    "Richard Glossip hopes to be released.",
    "Richard Glossip may get a new trial.",
    "The court could grant a stay to Richard Glossip.",
    "Richard Glossip is eligible for parole.",
    "Richard Glossip is serving life without parole.",
    "The president pardoned turkeys, and Richard Glossip laughed.",
    "The Pardon and Parole Board will hear from Richard Glossip.",
    "Richard Glossip’s lawyer executed a contract.",
    "The Supreme Court heard arguments over the appeal of Richard Glossip.",
    "Richard Glossip released a statement.",
    "Richard Glossip was released on video.",
    "A new documentary on Richard Glossip was released.",
    "Charges against Richard Glossip could be dropped.",
    "Richard Glossip’s conviction should be overturned, she said.",
    "The court will decide whether to stay the execution of Richard Glossip.",
    "Richard Glossip stayed in his cell as the court of appeals met.",
    "Unless a court halts the execution, Richard Glossip will have no other day.",
    # What happened to somebody else
    "Richard Glossip watched as John Grant was executed on Thursday.",
    "Richard Glossip’s cellmate was executed in 2015.",
    "Oklahoma executed John Grant, whom Richard Glossip knew.",
    "Two other men were executed while Richard Glossip waited.",
    "The governor pardoned John Grant but not the friend of Richard Glossip.",
    "Richard Glossip wrote of the execution of John Grant, which was set for Thursday.",
    "The court halted the execution of John Grant, a friend of Richard Glossip.",
    "A judge set an execution date for John Grant, Richard Glossip’s neighbor.",
    "The governor granted clemency to Tremane Wood, Richard Glossip’s friend.",
]


@pytest.mark.parametrize("sentence", NOTHING)
def test_what_is_hoped_feared_denied_or_anothers_is_no_event(sentence):
    assert said(sentence) == set()


def test_a_pardon_that_was_not_given_is_denied():
    assert said("Richard Glossip was not pardoned.") == {("pardoned", "denied")}
    assert said("Leonard Peltier was released, but Richard Glossip was not pardoned.") == {
        ("pardoned", "denied")
    }


OTHER_LANGUAGES = [
    ("es", "Texas fija fecha de ejecución para Richard Glossip", SET),
    ("es", "La ejecución de Richard Glossip está prevista para el jueves.", SET),
    ("es", "Richard Glossip será ejecutado el 10 de diciembre.", SET),
    ("es", "Un tribunal suspendió la ejecución de Richard Glossip.", STAYED),
    ("es", "La ejecución de Richard Glossip fue aplazada.", STAYED),
    ("es", "Los abogados piden suspender la ejecución de Richard Glossip.", STAY_ASKED),
    ("es", "Oklahoma ejecuta a Richard Glossip", EXECUTED),
    ("es", "Richard Glossip ha sido ejecutado.", EXECUTED),
    ("es", "Miles de personas pidieron clemencia para Richard Glossip.", ASKED_MERCY),
    ("es", "La junta recomendó la clemencia para Richard Glossip.", RECOMMENDED),
    ("es", "El gobernador concedió clemencia a Richard Glossip.", MERCY),
    ("es", "El gobernador negó la clemencia a Richard Glossip.", NO_MERCY),
    ("es", "El gobernador conmuta la pena de Richard Glossip", COMMUTED),
    ("es", "El presidente indultó a Richard Glossip.", PARDONED),
    ("es", "Una jueza ordenó pruebas de ADN en el caso de Richard Glossip.", DNA),
    ("es", "La Corte rechazó el recurso de Richard Glossip.", LOST),
    ("es", "La defensa de Richard Glossip presentó un recurso.", APPEALED),
    ("es", "La Corte ordenó un nuevo juicio para Richard Glossip.", RETRIAL),
    ("es", "Anulan la condena de Richard Glossip", VACATED),
    ("es", "La fiscalía retiró los cargos contra Richard Glossip.", DROPPED),
    ("es", "Richard Glossip fue exonerado.", EXONERATED),
    ("es", "Richard Glossip sale de prisión", FREED),
    ("es", "Richard Glossip podría ser ejecutado.", None),
    ("es", "No se ha fijado una fecha de ejecución para Richard Glossip.", None),
    ("fr", "Le Texas fixe la date d’exécution de Richard Glossip", SET),
    ("fr", "L’exécution de Richard Glossip est prévue le 10 décembre.", SET),
    ("fr", "Richard Glossip doit être exécuté jeudi.", SET),
    ("fr", "La Cour a suspendu l’exécution de Richard Glossip.", STAYED),
    ("fr", "Richard Glossip obtient un sursis.", STAYED),
    ("fr", "Richard Glossip a été exécuté jeudi.", EXECUTED),
    ("fr", "L’Oklahoma exécute Richard Glossip", EXECUTED),
    ("fr", "Ses avocats demandent la clémence pour Richard Glossip.", ASKED_MERCY),
    ("fr", "La commission a recommandé la clémence pour Richard Glossip.", RECOMMENDED),
    ("fr", "Le gouverneur refuse la clémence à Richard Glossip.", NO_MERCY),
    ("fr", "Le gouverneur a commué la peine de Richard Glossip.", COMMUTED),
    ("fr", "Le président gracie Richard Glossip", PARDONED),
    ("fr", "La juge a ordonné des tests ADN pour Richard Glossip.", DNA),
    ("fr", "La Cour a rejeté l’appel de Richard Glossip.", LOST),
    ("fr", "La Cour ordonne un nouveau procès pour Richard Glossip.", RETRIAL),
    ("fr", "La Cour a annulé la condamnation de Richard Glossip.", VACATED),
    ("fr", "Les poursuites contre Richard Glossip ont été abandonnées.", DROPPED),
    ("fr", "Richard Glossip a été innocenté.", EXONERATED),
    ("fr", "Richard Glossip est sorti de prison.", FREED),
    ("fr", "Richard Glossip pourrait être exécuté.", None),
    ("de", "Hinrichtung von Richard Glossip für den 10. Dezember angesetzt", SET),
    ("de", "Richard Glossip soll am Donnerstag hingerichtet werden.", SET),
    ("de", "Das Gericht stoppte die Hinrichtung von Richard Glossip.", STAYED),
    ("de", "Die Hinrichtung von Richard Glossip wurde verschoben.", STAYED),
    ("de", "Oklahoma richtet Richard Glossip hin", EXECUTED),
    ("de", "Richard Glossip ist hingerichtet worden.", EXECUTED),
    ("de", "Die Anwälte haben für Richard Glossip um Gnade gebeten.", ASKED_MERCY),
    ("de", "Der Gouverneur lehnte eine Begnadigung von Richard Glossip ab.", NO_MERCY),
    ("de", "Der Gouverneur wandelte die Strafe von Richard Glossip in Haft um.", COMMUTED),
    ("de", "Der Präsident begnadigte Richard Glossip.", PARDONED),
    ("de", "Das Gericht wies die Berufung von Richard Glossip zurück.", LOST),
    ("de", "Das Gericht ordnete einen neuen Prozess für Richard Glossip an.", RETRIAL),
    ("de", "Das Gericht kippt das Urteil gegen Richard Glossip", VACATED),
    ("de", "Die Anklage gegen Richard Glossip wurde fallen gelassen.", DROPPED),
    ("de", "Richard Glossip wurde freigesprochen.", EXONERATED),
    ("de", "Richard Glossip wurde aus der Haft entlassen.", FREED),
    ("de", "Ein Richter ordnete DNA-Tests im Fall Richard Glossip an.", DNA),
    ("de", "Richard Glossip könnte hingerichtet werden.", None),
    ("de", "Richard Glossip wurde nicht hingerichtet.", None),
]  # fmt: skip


@pytest.mark.parametrize(("language", "sentence", "expected"), OTHER_LANGUAGES)
def test_other_languages_say_it_too(language, sentence, expected):
    assert said(sentence, language) == ({expected} if expected else set())


@pytest.mark.parametrize(
    ("sentence", "whose"),
    [
        ("Richard Glossip, like Rodney Reed, was granted clemency.", "glossip"),
        ("Julius Jones, unlike Richard Glossip, was executed.", "jones"),
        ("Rodney Reed praised the judge who freed Richard Glossip.", "glossip"),
        ("Weeks after Rodney Reed wrote to him, Richard Glossip was released.", "glossip"),
        ("Curtis Flowers is at home; Oklahoma set a date to execute Richard Glossip.", "glossip"),
        ("Richard Glossip was pardoned while Rodney Reed waits.", "glossip"),
        ("The governor, who met Rodney Reed, pardoned Richard Glossip.", "glossip"),
        ("Rodney Reed’s lawyer said that Richard Glossip’s execution was halted.", "glossip"),
    ],
)  # fmt: skip
def test_the_event_is_that_of_the_case_it_is_said_of(sentence, whose):
    told = "Death row news of Rodney Reed, Julius Jones and Curtis Flowers.\n\n"
    found = TAGGER.tag(told + sentence, published=FRIDAY, language="en").events

    assert {event.subject.rsplit("-", 1)[-1] for event in found} == {whose}


@pytest.mark.parametrize(
    ("sentence", "when"),
    [
        ("On Wednesday a judge set a Dec. 10 execution date for Richard Glossip.", "2026-12-10"),
        ("A judge set an execution date on Wednesday for Richard Glossip.", None),
        ("Richard Glossip’s execution is set for next month.", "2026-12"),
        ("Richard Glossip is to be executed in January.", "2027-01"),
        ("Richard Glossip is scheduled to die Thursday.", "2026-11-26"),
        ("Richard Glossip was exonerated in 2015.", "2015"),
        ("Richard Glossip was freed in March 2019.", "2019-03"),
        ("Richard Glossip was freed last month.", "2026-10"),
        ("A court blocked Oklahoma from executing Richard Glossip on Jan. 18.", None),
        ("The court stayed the execution of Richard Glossip on Wednesday.", "2026-11-18"),
    ],
)
def test_when_it_was_or_will_be_is_as_exact_as_the_text(sentence, when):
    (event,) = TAGGER.tag(sentence, published=FRIDAY).events

    assert event.when == when


@pytest.mark.parametrize(
    ("language", "sentence", "day"),
    [
        ("es", "Richard Glossip será ejecutado el 17 de octubre.", date(2026, 10, 17)),
        ("es", "Richard Glossip fue ejecutado el jueves.", date(2026, 11, 19)),
        ("fr", "Richard Glossip a été exécuté le 12 juin.", date(2026, 6, 12)),
        ("fr", "Richard Glossip doit être exécuté jeudi.", date(2026, 11, 26)),
        ("de", "Richard Glossip wurde am 3. März hingerichtet.", date(2026, 3, 3)),
        ("de", "Richard Glossip soll am Donnerstag hingerichtet werden.", date(2026, 11, 26)),
    ],
)
def test_days_are_resolved_in_other_languages(language, sentence, day):
    (event,) = TAGGER.tag(sentence, published=FRIDAY, language=language).events

    assert event.date == day


def said(sentence: str, language: str = "en") -> set[tuple[str, str]]:
    found = TAGGER.tag(sentence, published=FRIDAY, language=language).events
    return {(event.type, event.modality.value) for event in found}
