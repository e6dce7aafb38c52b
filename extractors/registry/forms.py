"""What each file under seeds/ may say, field by field. The JSON Schemas are made from it."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)


def _listed(value: object) -> object:
    """Let a single spelling stand for a list of one."""
    return [value] if isinstance(value, str) else value


def _day_text(value: object) -> object:
    """YAML reads 2024-09-24 as a date and 2024 as a number; we keep it as exact as it was."""
    return str(value) if isinstance(value, date | int) and not isinstance(value, bool) else value


def _day(value: object) -> object:
    """Refuse what pydantic would read as seconds since 1970, such as the year 2020."""
    if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()):
        raise ValueError(f"{value} stands here; it must be a day such as 2024-09-24")
    return value


_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_AS_OF = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
_HTTP = r"^https?://[^\s/]+(/\S*)?$"
_LANGUAGE, _COUNTRY, _REGION = r"^[a-z]{2}$", r"^[A-Z]{2}$", r"^[A-Z]{2}-[A-Z0-9]{1,3}$"

# What a pattern asks for, in words.
PATTERNS = {
    _SLUG: "use lower-case letters, digits and hyphens, such as kevin-cooper",
    _AS_OF: "write 2024, 2024-09 or 2024-09-24",
    _HTTP: "write an address that starts with https:// or http://",
    _LANGUAGE: "write a language of two lower-case letters (ISO 639-1), such as en",
    _COUNTRY: "write a country of two capitals (ISO 3166-1), such as US",
    _REGION: "write a region of ISO 3166-2, such as US-CA",
}

Slug = Annotated[str, Field(pattern=_SLUG)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
HttpUrl = Annotated[str, Field(pattern=_HTTP)]
Language = Annotated[str, Field(pattern=_LANGUAGE)]
Country = Annotated[str, Field(pattern=_COUNTRY)]
Spellings = Annotated[
    list[Words],
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "items": {"type": "string", "minLength": 1}},
            ]
        }
    ),
]
AsOf = Annotated[
    str,
    BeforeValidator(_day_text),
    Field(pattern=_AS_OF),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": _AS_OF}, {"type": "integer"}]}),
]
Day = Annotated[date, BeforeValidator(_day)]
PolicyName = Literal["name_sufficient", "context_required"]
NotifyName = Literal["at_once", "daily", "weekly", "events_only"]
StatusValue = Literal[
    "awaiting_retrial",
    "charges_dismissed",
    "commuted_home_confinement",
    "commuted_lwop",
    "conviction_reinstated",
    "conviction_vacated",
    "death_sentence",
    "death_sentence_relief_recommended",
    "death_sentence_vacated",
    "executed",
    "execution_stayed",
    "exonerated",
    "life_sentence",
    "pardoned",
    "released",
    "resentenced",
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Dated(_Strict):
    """A fact that held from one day until another; either may be unknown."""

    since: Day | None = Field(None, alias="from")
    until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> _Dated:
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"until {self.until} is before from {self.since}; correct one")
        return self


class NameParts(_Strict):
    """A person's name in parts; each part may have several spellings, the first is shown."""

    given: Spellings = []
    middle: Spellings = []
    family: Spellings = []
    nick: Spellings = []
    suffix: str | None = None
    title: Spellings = []


class FormEntry(_Dated):
    """Another full form of the name. Its `policy` is its own; without it the main one counts."""

    text: Words
    kind: Words
    policy: PolicyName | None = None
    followup: list[Words] = []
    source: Words


class ContextEntry(_Dated):
    """A word of the case: victim, prison, crime_place, lawyer, official, place, ..."""

    type: Words
    text: Words
    source: Words


class NamesakeEntry(_Strict):
    """Somebody else of the name, and words that give that person away."""

    label: Words
    cues: Annotated[list[Words], Field(min_length=1)]
    source: Words | None = None


class BornEntry(_Strict):
    """Year of birth, for the evidence of an age."""

    year: Annotated[int, Field(ge=1850, le=2100)]
    source: Words


class JurisdictionEntry(_Strict):
    """Where the case was tried. `region` is ISO 3166-2, such as US-CA."""

    country: Country
    region: Annotated[str, Field(pattern=_REGION)] | None = None
    county: str | None = None
    court: str | None = None


class DocketEntry(_Strict):
    """A court's number for the case."""

    number: Words
    core: str | None = None
    court: str | None = None
    source: Words


class StatusEntry(_Strict):
    """What a source said of the case, and as of when. Append; do not edit."""

    value: StatusValue
    as_of: AsOf
    source: Words


class SubjectFile(_Strict):
    """What the files of cases and advocates share."""

    id: Slug
    kind: Literal["person", "org"] = "person"
    name: NameParts | None = None
    display: Words | None = None
    born: BornEntry | None = None
    policy: PolicyName
    names: list[FormEntry] = []
    short: list[Words] = []
    solo: list[Words] = []
    context: list[ContextEntry] = []
    namesakes: list[NamesakeEntry] = Field([], alias="not")
    not_prefix: list[Words] = []
    not_suffix: list[Words] = []
    surname_is_word: bool = False
    topic_gate: Literal["justice"] | None = None
    languages: list[Language] = ["en"]
    hashtags: list[Words] = []
    external_ids: dict[str, str | None] = {}
    source_article: Words | None = None
    notify: NotifyName = "daily"
    sources: dict[str, HttpUrl]

    @model_validator(mode="after")
    def _has_a_name(self) -> SubjectFile:
        parts = self.name
        if not (parts and (parts.given or parts.family)) and not self.names:
            raise ValueError("it has no name: give `name` (a person) or `names` (an organisation)")
        return self


class CaseFile(SubjectFile):
    """A person whose criminal case is followed."""

    jurisdiction: JurisdictionEntry
    dockets: list[DocketEntry] = []
    status: Annotated[list[StatusEntry], Field(min_length=1)]
    advocates: list[Slug] = []


class AdvocateFile(SubjectFile):
    """A person or organisation that speaks for cases."""


class FeedEntry(_Strict):
    """A feed to poll; `source` is the page on which the outlet documents it."""

    id: Slug
    url: HttpUrl
    outlet: Words
    kind: Literal["feed", "sitemap"] = "feed"
    language: Language | None = None
    country: Country | None = None
    source: HttpUrl | None = None


class FeedsFile(_Strict):
    """The feeds to poll."""

    feeds: list[FeedEntry]


_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FILES: dict[str, type[BaseModel]] = {
    "advocate.json": AdvocateFile,
    "case.json": CaseFile,
    "feeds.json": FeedsFile,
}


def json_schemas() -> dict[str, str]:
    """Return the text of each file under seeds/schema, by its name."""
    return {name: _as_text(model.model_json_schema()) for name, model in _FILES.items()}


def _as_text(schema: dict[str, Any]) -> str:
    return json.dumps({"$schema": _DIALECT, **schema}, indent=2, sort_keys=True) + "\n"
