"""One noun a stage: the values that the stages hand to each other, all frozen.

    feeds -> entries -> pages -> articles -> mentions -> events -> stories -> alerts -> verdicts

Every time is an aware datetime in UTC; unknown is None, never today. Every offset counts code
points of the article's stored text, and `text[start:end] == quote` holds always.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256


def stable_id(*parts: str) -> str:
    """Return 16 hex digits that depend on *parts* and their order alone.

    64 bits: by the birthday bound, two of 10 million ids collide with a chance of 3 in a million.
    """
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


# --- what is watched -------------------------------------------------------------------------


class Policy(StrEnum):
    """What one form of a name needs before it counts. It belongs to the form, not to the person."""

    NAME_SUFFICIENT = "name_sufficient"  # rare enough to stand alone
    CONTEXT_REQUIRED = "context_required"  # a word of the case must stand in the article


class Notify(StrEnum):
    """When alerts of a subject are sent. What is urgent (rank 3) does not wait for a digest."""

    AT_ONCE = "at_once"  # after the run that raised them
    DAILY = "daily"  # with the next digest
    WEEKLY = "weekly"  # with the first digest of a week
    EVENTS_ONLY = "events_only"  # with the next digest; mentions without an event are only counted


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in parts, as the registry gives it. Each part may have several spellings."""

    given: tuple[str, ...] = ()
    middle: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    nick: tuple[str, ...] = ()
    suffix: str | None = None
    title: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameForm:
    """Another full form of a name: married, former, spelling, nickname, birth name, organisation.

    *followup* lists the short forms that this form licenses, such as "Kardashian West".
    """

    text: str
    kind: str
    policy: Policy | None = None  # None: the subject's own
    followup: tuple[str, ...] = ()
    since: date | None = None  # `from` in YAML
    until: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ContextTerm:
    """A word of the case: typed, sourced, with the years in which it is true (for display only)."""

    kind: str  # victim, prison, crime_place, lawyer, ...
    text: str
    source: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody else of the same name, and the words that give that person away."""

    label: str
    cues: tuple[str, ...]
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Docket:
    """A court's number for a case. *core* is the part that survives reformatting."""

    number: str
    court: str | None
    source: str
    core: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """What a source said of the case on a day. Appended, never edited."""

    value: str
    as_of: str  # 2024, 2024-09 or 2024-09-24: as exact as the source
    source: str


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """Where the case was tried."""

    country: str
    region: str | None = None  # ISO 3166-2, "US-CA"
    county: str | None = None
    court: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A tracked person or organisation: the part that cases and advocates share."""

    id: str
    name: PersonName
    display_name: str
    policy: Policy
    kind: str  # person | org
    names: tuple[NameForm, ...] = ()
    short: tuple[str, ...] = ()  # count after a full form anywhere in the article
    solo: tuple[str, ...] = ()  # count alone
    context: tuple[ContextTerm, ...] = ()
    namesakes: tuple[Namesake, ...] = ()  # `not` in YAML
    not_prefix: tuple[str, ...] = ()
    not_suffix: tuple[str, ...] = ()
    born: int | None = None
    surname_is_word: bool = False
    topic_gate: str | None = None  # "justice": alert only where the article is about justice
    languages: tuple[str, ...] = ("en",)
    hashtags: tuple[str, ...] = ()
    external_ids: tuple[tuple[str, str], ...] = ()
    source_article: str | None = None
    sources: tuple[tuple[str, str], ...] = ()  # key -> URL
    notify: Notify = Notify.DAILY


@dataclass(frozen=True, slots=True)
class Case(Subject):
    """A person whose criminal case is followed."""

    jurisdiction: Jurisdiction | None = None
    dockets: tuple[Docket, ...] = ()
    status: tuple[Status, ...] = ()
    advocates: tuple[str, ...] = ()  # ids


@dataclass(frozen=True, slots=True)
class Advocate(Subject):
    """A person or organisation that speaks for cases."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is polled: what feeds.yaml says of it."""

    id: str
    url: str
    outlet: str
    kind: str = "feed"  # feed (RSS, RDF, Atom, JSON) | sitemap (news sitemap)
    language: str | None = None
    country: str | None = None
    source: str | None = None  # the page on which the outlet documents the feed


@dataclass(frozen=True, slots=True)
class Registry:
    """All that is watched. *version* is a hash of the files it was read from."""

    cases: tuple[Case, ...]
    advocates: tuple[Advocate, ...]
    feeds: tuple[Feed, ...]
    version: str

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Return cases, then advocates, each in the order of their ids."""
        return (*self.cases, *self.advocates)


# --- what feeds promise ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed promised: one article, as yet unread."""

    id: str  # see extractors.feeds.keys
    feed_id: str
    url: str | None  # absolute; None where the entry has no link: named, never fetched
    title: str
    guid: str | None = None
    summary: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's body, read. *warnings* names what was odd and what it cost."""

    title: str
    entries: tuple[Entry, ...]
    language: str | None = None
    format: str = ""  # rss20, atom10, json, sitemap, ...
    warnings: tuple[str, ...] = ()


# --- what pages give -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exchange:
    """What went over the wire beside a page: the archive keeps it, nothing else asks for it."""

    request_headers: tuple[tuple[str, str], ...]  # as sent, of the last hop
    address: str | None = None  # the IP address that was connected to
    reason: str = "OK"  # the words behind the status


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a server, whole."""

    url: str  # asked for
    final_url: str  # after redirects
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    fetched_at: datetime
    exchange: Exchange | None = field(default=None, repr=False)

    def header(self, name: str) -> str | None:
        """Return the first header of that *name*, in whatever case the server wrote it."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


class PageKind(StrEnum):
    """What a page turned out to be. Only articles, live blogs and teasers raise alerts."""

    ARTICLE = "article"
    LIVE_BLOG = "live_blog"
    TEASER = "teaser"  # the paywall left only the beginning
    LISTING = "listing"
    VIDEO = "video"
    CHALLENGE = "challenge"  # consent wall or bot check in place of the article
    OTHER = "other"  # a product, a service, a forum's thread, documentation


@dataclass(frozen=True, slots=True)
class Article:
    """A page, read. *text* is title, blank line, body: canonical, and never changed again.

    `text[body_start:]` is the body. `text_hash` is a hash of `text`.
    """

    id: str  # stable_id(canonical_url)
    url: str  # where it was found
    canonical_url: str
    title: str
    text: str = field(repr=False)
    body_start: int
    text_hash: str
    page_kind: PageKind
    site: str | None = None  # the outlet's own name for itself, else its host
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_source: str | None = None  # json_ld, meta, url, feed, ...
    published_has_zone: bool | None = None
    published_offset: int | None = None  # minutes east of UTC, as the page writes or shows it
    updated_at: datetime | None = None
    updated_source: str | None = None
    language: str | None = None
    language_source: str | None = None

    @property
    def published_day(self) -> date | None:
        """Return the day of publication by the outlet's own clock, or None."""
        if self.published_at is None:
            return None
        return (self.published_at + timedelta(minutes=self.published_offset or 0)).date()


# --- what we claim ------------------------------------------------------------------------------


class Tier(StrEnum):
    """How sure a mention is. Rejected candidates are stored with their reason."""

    CONFIRMED = "confirmed"  # 0.9 and more
    LIKELY = "likely"  # 0.5 and more: alerted, and marked
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One term of a mention's score: what was seen, where, and what it weighs in log-odds.

    *start* and *end* are offsets into the article's text, or None where it is not in the text.
    """

    term: str  # id of a weight in extractors/mentions/weights.yaml
    weight: float
    text: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where an article names a subject, or seems to."""

    subject: str
    start: int
    end: int
    quote: str
    # full, inverted, alias, short, given, solo, org, acronym, docket, hashtag, case_caption,
    # misspelt, and boilerplate: not the words of the article itself
    kind: str
    form: str  # the registry's form that matched, such as "Kevin Cooper" or "Cooper"
    confidence: float  # 0 to 1: 1 / (1 + exp(-sum of the evidence's weights))
    tier: Tier
    evidence: tuple[Evidence, ...] = ()


class Modality(StrEnum):
    """Whether an event was asked for, recommended, ordered, happened or was denied."""

    ASKED = "asked"
    RECOMMENDED = "recommended"
    ORDERED = "ordered"
    HAPPENED = "happened"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that an article says happened, or may happen, in a case."""

    type: str  # execution_date_set, stay, executed, dna_testing_ordered, commuted, ...
    subject: str
    modality: Modality
    start: int
    end: int
    quote: str
    date: date | None = None  # the day it speaks of, resolved against the publication day
    retold: bool = False  # the text tells of the past: "a year after a court stopped his execution"
    when: str | None = None  # as exact as the text: 2026, 2026-12 or 2026-12-05


@dataclass(frozen=True, slots=True)
class Advocacy:
    """An advocate speaks or acts for a case, and the sentence that says so."""

    advocate: str
    case: str
    act: str  # said, met, petitioned, funded, wrote, represented
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Tagging:
    """All that an article says of tracked subjects. *alerts* are subject ids worth an alert."""

    mentions: tuple[Mention, ...]  # confirmed and likely, in reading order
    rejected: tuple[Mention, ...]  # candidates that failed, with their terms
    events: tuple[Event, ...]
    alerts: tuple[str, ...]
    advocacy: tuple[Advocacy, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """What one article says of one subject, in sum. Claims of one story become one alert.

    *rank* orders alerts by what happened: 3 an execution date, a stay, an execution; 2 another
    event; 1 a mention. *start* and *end* bound the passage to show.
    """

    subject: str
    alerts: bool
    confidence: float  # the best among its mentions
    rank: int
    reason: str  # in words: "stay (ordered). Full name; San Quentin; Chino Hills"
    start: int
    end: int


class Verdict(StrEnum):
    """What a person said of an alert. Appended, never overwritten; "unsure" keeps it open."""

    RELEVANT = "relevant"
    WRONG_PERSON = "wrong_person"
    PASSING_MENTION = "passing_mention"
    DUPLICATE = "duplicate"
    NOT_AN_ARTICLE = "not_an_article"
    UNSURE = "unsure"


class CandidateVerdict(StrEnum):
    """What a person said of a rejected candidate: the same kind of log."""

    MISSED = "missed"  # it names the subject after all
    RIGHTLY_REJECTED = "rightly_rejected"
    UNSURE = "unsure"
