"""From mentions and events to claims: what one article says of one subject, in sum and in words."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.alerts import claims, rank_of
from extractors.model import Claim, Event, Mention, Modality, PageKind, Tagging, Tier

HEADLINE = "Court hears Ada Byron"
BODY = (
    "The appeals court heard a case on Tuesday that began in a harbour town twenty years ago, and "
    "the judges asked more than the lawyers had expected them to ask. "
    "Ada Byron, 44, listened from prison. Her sister sat in the first row of the public seats, "
    "as on every day of the first trial, and took notes in a green book that she never opened "
    "again afterwards. The court stayed her execution. Mary Shelley spoke for her outside."
)
TEXT = f"{HEADLINE}\n\n{BODY}"
BODY_START = len(HEADLINE) + 2


def explain(mention: Mention) -> str:
    return f"because of {mention.quote}"


def mention(subject: str, quote: str, *, after: int = 0, confidence: float = 0.95) -> Mention:
    start = TEXT.index(quote, after)
    tier = Tier.CONFIRMED if confidence >= 0.9 else Tier.LIKELY
    return Mention(subject, start, start + len(quote), quote, "full", quote, confidence, tier)


def event(event_type: str, quote: str, **fields) -> Event:
    start = TEXT.index(quote)
    facts = {"subject": "ada-byron", "modality": Modality.ORDERED} | fields
    return Event(type=event_type, start=start, end=start + len(quote), quote=quote, **facts)


IN_HEADLINE = mention("ada-byron", "Ada Byron")
IN_BODY = mention("ada-byron", "Ada Byron", after=BODY_START)
STAY = event("stay", "The court stayed her execution.")
HEARING = event("hearing_set", "heard a case on Tuesday", modality=Modality.HAPPENED)


def claim_of(*mentions: Mention, events=(), kind=PageKind.ARTICLE, alerts=("ada-byron",)) -> Claim:
    tagging = Tagging(mentions, rejected=(), events=tuple(events), alerts=alerts)
    return claims(TEXT, tagging, kind, explain, body_start=BODY_START)[0]


def passage(claim: Claim) -> str:
    return TEXT[claim.start : claim.end]


def test_an_article_that_names_nobody_claims_nothing():
    assert (
        claims(TEXT, Tagging((), (), (), ()), PageKind.ARTICLE, explain, body_start=BODY_START)
        == ()
    )


def test_rejected_mentions_claim_nothing():
    assert (
        claims(
            TEXT, Tagging((), (IN_BODY,), (), ()), PageKind.ARTICLE, explain, body_start=BODY_START
        )
        == ()
    )


def test_each_subject_has_one_claim_in_the_order_of_their_ids():
    mary = mention("mary-shelley", "Mary Shelley")
    tagging = Tagging((mary, IN_HEADLINE, IN_BODY), (), (), ("ada-byron",))
    found = claims(TEXT, tagging, PageKind.ARTICLE, explain, body_start=BODY_START)

    assert [(c.subject, c.alerts) for c in found] == [("ada-byron", True), ("mary-shelley", False)]


# --- what is worth an alert ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", [PageKind.ARTICLE, PageKind.LIVE_BLOG, PageKind.TEASER])
def test_articles_live_blogs_and_teasers_raise_alerts(kind):
    assert claim_of(IN_BODY, kind=kind).alerts is True


@pytest.mark.parametrize("kind", [PageKind.LISTING, PageKind.VIDEO, PageKind.CHALLENGE])
def test_other_pages_claim_without_an_alert(kind):
    assert claim_of(IN_BODY, kind=kind).alerts is False


def test_a_subject_that_the_tagger_does_not_alert_of_is_claimed_without_an_alert():
    assert claim_of(IN_BODY, alerts=()).alerts is False


# --- rank and confidence -------------------------------------------------------------------------


@pytest.mark.parametrize("event_type", ["execution_date_set", "stay", "executed"])
def test_what_nobody_may_miss_ranks_highest(event_type):
    assert rank_of(event(event_type, "stayed")) == 3


def test_any_other_event_ranks_above_a_mention():
    assert rank_of(HEARING) == 2
    assert claim_of(IN_BODY, events=[HEARING]).rank == 2
    assert claim_of(IN_BODY).rank == 1


def test_the_gravest_event_gives_rank_reason_and_passage():
    claim = claim_of(IN_BODY, events=[HEARING, STAY])

    assert (claim.rank, claim.reason) == (3, "stay (ordered). because of Ada Byron")
    assert "The court stayed her execution." in passage(claim)


def test_of_two_events_of_one_rank_the_first_in_the_text_is_told():
    resentenced = event("resentenced", "stayed her execution")

    assert claim_of(IN_BODY, events=[resentenced, HEARING]).reason.startswith("hearing set")


def test_an_event_of_somebody_else_changes_nothing():
    theirs = event("stay", "stayed her execution", subject="mary-shelley")

    assert claim_of(IN_BODY, events=[theirs]) == claim_of(IN_BODY)


def test_the_best_mention_gives_the_confidence_and_the_evidence():
    unsure = mention("ada-byron", "Ada", after=BODY_START, confidence=0.6)

    assert claim_of(unsure, IN_BODY).confidence == 0.95
    assert claim_of(unsure, IN_BODY).reason == "because of Ada Byron"


def test_an_event_is_told_with_its_modality_and_its_day():
    dated = event("execution_date_set", "stayed", date=date(2024, 10, 3))

    assert claim_of(IN_BODY, events=[dated]).reason == (
        "execution date set (ordered, 03 October 2024). because of Ada Byron"
    )


# --- the passage ---------------------------------------------------------------------------------


def test_a_mention_in_the_body_is_shown_rather_than_the_headline():
    claim = claim_of(IN_HEADLINE, IN_BODY)

    assert "Ada Byron, 44, listened from prison." in passage(claim)
    assert claim.start >= BODY_START


def test_a_sure_headline_is_shown_rather_than_an_unsure_body():
    unsure = mention("ada-byron", "Ada", after=BODY_START, confidence=0.6)

    assert passage(claim_of(IN_HEADLINE, unsure)).startswith(HEADLINE)


def test_headline_and_body_are_not_run_together():
    assert passage(claim_of(IN_HEADLINE)).strip() == HEADLINE


def test_a_passage_is_whole_sentences():
    assert re.fullmatch(r"[A-Z].*\.", passage(claim_of(IN_BODY)), re.DOTALL)


@given(before=st.text(max_size=300), after=st.text(max_size=300), title=st.text(max_size=60))
def test_whatever_stands_around_it_the_passage_holds_the_name(before, after, title):
    title = " ".join(title.split())
    text = f"{title}\n\n{before} Ada Byron {after}"
    start = len(title) + 3 + len(before)
    found = Mention("ada-byron", start, start + 9, "Ada Byron", "full", "", 0.95, Tier.CONFIRMED)
    tagging = Tagging((found,), (), (), ())
    claim = claims(text, tagging, PageKind.ARTICLE, explain, body_start=len(title) + 2)[0]

    assert 0 <= claim.start <= start
    assert start + 9 <= claim.end <= len(text)


def test_without_a_headline_the_first_paragraph_is_body_too():
    text = "Ada Byron, 44, listened from prison.\n\nHer sister sat in the first row."
    found = Mention("ada-byron", 0, 9, "Ada Byron", "full", "", 0.95, Tier.CONFIRMED)
    (claim,) = claims(text, Tagging((found,), (), (), ()), PageKind.ARTICLE, explain, body_start=0)

    assert text[claim.start : claim.end].startswith("Ada Byron, 44, listened from prison.")
