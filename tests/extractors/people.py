"""The people whom the tests of the tagger track. Their facts follow the shipped registry's form."""

from typing import Any

from extractors.model import (
    Advocate,
    Case,
    ContextTerm,
    Docket,
    Jurisdiction,
    NameForm,
    Namesake,
    PersonName,
    Policy,
    Subject,
)

CONTEXT, ALONE = Policy.CONTEXT_REQUIRED, Policy.NAME_SUFFICIENT


def terms(**words: str) -> tuple[ContextTerm, ...]:
    """Return context terms, one kind a keyword, words divided by commas."""
    return tuple(
        ContextTerm(kind, word.strip(), "s1")
        for kind, said in words.items()
        for word in said.split(",")
    )


def make_case(case_id: str, given: str, family: str, **fields: Any) -> Case:
    """Return a case of the US whose name needs context, unless *fields* say otherwise."""
    name = PersonName(
        given=(given,),
        family=(family,),
        middle=fields.pop("middle", ()),
        nick=fields.pop("nick", ()),
        suffix=fields.pop("suffix", None),
    )
    return Case(
        id=case_id,
        name=name,
        display_name=f"{given} {family}",
        policy=fields.pop("policy", CONTEXT),
        kind="person",
        jurisdiction=Jurisdiction("US", fields.pop("region", None), fields.pop("county", None)),
        **fields,
    )


def make_advocate(advocate_id: str, given: str, family: str, **fields: Any) -> Advocate:
    """Return a person who speaks for cases."""
    return Advocate(
        id=advocate_id,
        name=PersonName(given=(given,) if given else (), family=(family,)),
        display_name=f"{given} {family}".strip(),
        policy=fields.pop("policy", ALONE),
        kind="person",
        **fields,
    )


def make_org(org_id: str, name: str, **fields: Any) -> Advocate:
    """Return an organisation that speaks for cases."""
    return Advocate(
        id=org_id,
        name=PersonName(),
        display_name=name,
        policy=ALONE,
        kind="org",
        **fields,
    )


COOPER = make_case(
    "kevin-cooper",
    "Kevin",
    "Cooper",
    region="US-CA",
    county="San Bernardino",
    born=1958,
    hashtags=("FreeKevinCooper",),
    names=(NameForm("Richard Goodman", "birth_name", CONTEXT),),
    context=terms(
        victim="Ryen", prison="San Quentin", crime_place="Chino Hills", official="Newsom"
    ),
    advocates=("kim-kardashian",),
)
JONES = make_case(
    "julius-jones",
    "Julius",
    "Jones",
    region="US-OK",
    context=terms(victim="Paul Howell", prison="Oklahoma State Penitentiary", crime_place="Edmond"),
    namesakes=(Namesake("NFL", ("running back", "Cowboys", "Seahawks", "touchdown")),),
    advocates=("kim-kardashian",),
)
REED = make_case(
    "rodney-reed",
    "Rodney",
    "Reed",
    region="US-TX",
    born=1967,
    middle=("Rodell",),
    context=terms(victim="Stites", crime_place="Bastrop"),
)
GLOSSIP = make_case(
    "richard-glossip",
    "Richard",
    "Glossip",
    region="US-OK",
    solo=("Glossip",),
    policy=ALONE,
    context=terms(victim="Van Treese", lawyer="Don Knight"),
)
FLOWERS = make_case(
    "curtis-flowers",
    "Curtis",
    "Flowers",
    region="US-MS",
    middle=("Giovanni",),
    surname_is_word=True,
    context=terms(victim="Bertha Tardy", crime_place="Tardy Furniture, Winona"),
)
WILLIAMS = make_case(
    "marcellus-williams",
    "Marcellus",
    "Williams",
    region="US-MO",
    nick=("Khaliifah",),
    context=terms(victim="Gayle"),
)
ROBERSON = make_case(
    "robert-roberson",
    "Robert",
    "Roberson",
    region="US-TX",
    suffix="III",
    middle=("Leslie",),
    context=terms(victim="Nikki Curtis", topic_case="shaken baby"),
)
JOHNSON = make_case(
    "alice-marie-johnson",
    "Alice",
    "Johnson",
    middle=("Marie",),
    names=(NameForm("Alice Marie Johnson", "full", ALONE),),
    context=terms(topic_case="drug trafficking", official="Trump"),
    advocates=("kim-kardashian",),
)
BROWN_LONG = make_case(
    "cyntoia-brown-long",
    "Cyntoia",
    "Brown-Long",
    policy=ALONE,
    names=(NameForm("Cyntoia Brown", "former_name", ALONE, followup=("Brown",)),),
)
ABU_JAMAL = make_case(
    "mumia-abu-jamal",
    "Mumia",
    "Abu-Jamal",
    policy=ALONE,
    solo=("Mumia", "Abu-Jamal"),
    names=(NameForm("Wesley Cook", "birth_name", CONTEXT),),
    dockets=(Docket("CP-51-CR-0113571-1982", None, "s1", core="0113571-1982"),),
    context=terms(victim="Faulkner"),
)
KARDASHIAN = make_advocate(
    "kim-kardashian",
    "Kim",
    "Kardashian",
    topic_gate="justice",
    names=(
        NameForm("Kim Kardashian West", "married_name", followup=("Kardashian West",)),
        NameForm("Kim K", "nickname"),
    ),
)
PROJECT = make_org(
    "innocence-project",
    "Innocence Project",
    not_prefix=("California", "Loyola"),
    not_suffix=("of Florida", "New Orleans"),
)
EJI = make_org("equal-justice-initiative", "Equal Justice Initiative", short=("EJI",))

EVERYBODY: tuple[Subject, ...] = (
    COOPER,
    JONES,
    REED,
    GLOSSIP,
    FLOWERS,
    WILLIAMS,
    ROBERSON,
    JOHNSON,
    BROWN_LONG,
    ABU_JAMAL,
    KARDASHIAN,
    PROJECT,
    EJI,
)
