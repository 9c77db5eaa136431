"""The offences that a case can be logged under, chosen by the dates on which they happened.

The rows are facts in our own words, stored by `manage.py migrate` (rasso/reference_data.py). Jersey: the Sexual Offences
(Jersey) Law 2018 from 23 November 2018, customary law and earlier statutes before. England and Wales: the Sexual Offences
Act 2003 from 1 May 2004, the Sexual Offences Act 1956 and others before. Whatever is not listed goes under the last row of
each profile, so that nobody has to choose a wrong one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol, TypeVar

from cases.rulepacks import EW, JE
from kit.dates import day as in_words

RAPE = "Rape"
PENETRATION = "Penetration"
SEXUAL_ASSAULT = "Sexual assault"
CAUSING = "Causing sexual activity"
CHILD = "Child sexual offence"
EXPLOITATION = "Exploitation"
EXPOSURE = "Voyeurism or exposure"
# Also where a narrower name would tell something about V1, such as an illness or a relative.
OTHER = "Other sexual offence"
GROUPS = (RAPE, PENETRATION, SEXUAL_ASSAULT, CAUSING, CHILD, EXPLOITATION, EXPOSURE, OTHER)

ONE_DAY = timedelta(days=1)

JE_2018 = "Sexual Offences (Jersey) Law 2018"
JE_2018_BEGINS = date(2018, 11, 23)
JE_2007 = "Sexual Offences (Jersey) Law 2007"
JE_2007_BEGINS = date(2007, 1, 1)  # the year of the law; offered a little early rather than not at all
JE_1895 = "Loi (1895) modifiant le droit criminel"
JE_1895_BEGINS = date(1895, 1, 1)
CUSTOMARY = "Customary law of Jersey"
CUSTOMARY_PROVISION = "customary law"
BEFORE_JE_2018 = JE_2018_BEGINS - ONE_DAY

EW_2003 = "Sexual Offences Act 2003"
EW_2003_BEGINS = date(2004, 5, 1)
EW_1956 = "Sexual Offences Act 1956"
EW_1956_BEGINS = date(1957, 1, 1)
BEFORE_EW_2003 = EW_2003_BEGINS - ONE_DAY
EW_1960 = "Indecency with Children Act 1960"
EW_2000 = "Sexual Offences (Amendment) Act 2000"
ATTEMPTS_ACT = "Criminal Attempts Act 1981"
ATTEMPTS_ACT_BEGINS = date(1981, 8, 27)
CONSPIRACY_ACT = "Criminal Law Act 1977"
CONSPIRACY_ACT_BEGINS = date(1977, 12, 1)


class InForce(Protocol):
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


class Dated(InForce, Protocol):
    @property
    def profile(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def provision(self) -> str: ...


Row = TypeVar("Row", bound=InForce)


@dataclass(frozen=True)
class Offence:
    """The fields of cases.models.OffenceType; `valid_to` is the last day in force."""

    code: str
    profile: str
    law: str
    provision: str
    label: str
    group: str
    valid_from: date | None = None
    valid_to: date | None = None
    home_office_class: str = ""

    def __str__(self) -> str:
        return f"{self.label} ({self.provision})"


@dataclass(frozen=True)
class Era:
    """A time with one main list of offences, and how to name that list in a sentence."""

    begins: date | None
    ends: date | None
    list_name: str


ERAS: dict[str, tuple[Era, ...]] = {
    JE: (
        Era(None, BEFORE_JE_2018, "the customary-law list"),
        Era(JE_2018_BEGINS, None, "the list of the 2018 Law"),
    ),
    EW: (
        Era(None, BEFORE_EW_2003, "the list of offences before May 2004"),
        Era(EW_2003_BEGINS, None, "the list of the 2003 Act"),
    ),
}


def offences_for(rows: Iterable[Row], happened_from: date | None, happened_to: date | None) -> list[Row]:
    """The rows in force on any date of the span, in their order; all of them when no date is known, and one date counts for
    both ends when only one is."""
    span = _span(happened_from, happened_to)
    return [row for row in rows if span is None or _touches(row.valid_from, row.valid_to, span)]


def sentence_when_not_in_force(offence: Dated, happened_from: date | None, happened_to: date | None) -> str | None:
    """What to tell somebody who chose an offence that was not in force on any date of the span; None when it was, or when no
    date is known."""
    span = _span(happened_from, happened_to)
    if span is None or _touches(offence.valid_from, offence.valid_to, span):
        return None
    chosen = f"{offence.label} ({offence.provision})"
    if offence.valid_from is not None and span[1] < offence.valid_from:
        first, boundary = f"{chosen} began on {in_words(offence.valid_from)}.", offence.valid_from
    else:
        ended = offence.valid_to or span[0]
        first, boundary = f"{chosen} ended on {in_words(ended)}.", ended
    return f"{first} For {_span_in_words(span, boundary)} choose from {_list_for(offence.profile, span)} below."


def list_name(offence: Dated) -> str:
    """The heading under which a row stands in a list that spans two times, such as “Customary-law list”."""
    eras = [era for era in ERAS[offence.profile] if _touches(offence.valid_from, offence.valid_to, (_first(era), _last(era)))]
    words = eras[0].list_name.removeprefix("the ") if len(eras) == 1 else "list for every date"
    return words[0].upper() + words[1:]


def _span(happened_from: date | None, happened_to: date | None) -> tuple[date, date] | None:
    if happened_from is None and happened_to is None:
        return None
    known = [end for end in (happened_from, happened_to) if end is not None]
    return min(known), max(known)


def _touches(begins: date | None, ends: date | None, span: tuple[date, date]) -> bool:
    return (begins is None or begins <= span[1]) and (ends is None or span[0] <= ends)


def _first(era: Era) -> date:
    return era.begins or date.min


def _last(era: Era) -> date:
    return era.ends or date.max


def _list_for(profile: str, span: tuple[date, date]) -> str:
    """Named only if the whole span lies in one time."""
    for era in ERAS[profile]:
        if _first(era) <= span[0] and span[1] <= _last(era):
            return era.list_name
    return "the list"


def _span_in_words(span: tuple[date, date], boundary: date) -> str:
    """2010; 2010 to 2012; the days themselves where the year alone would be that of the boundary."""
    begins, ends = span
    if boundary.year not in (begins.year, ends.year):
        return str(begins.year) if begins.year == ends.year else f"{begins.year} to {ends.year}"
    return in_words(begins) if begins == ends else f"{in_words(begins)} to {in_words(ends)}"


def _attempt(offence: Offence) -> Offence:
    """The attempt at an offence, for the same dates; a class of the Home Office counts attempts with the offence."""
    begins = offence.valid_from
    if offence.profile == EW and begins is not None:
        begins = max(begins, ATTEMPTS_ACT_BEGINS)
    return replace(
        offence,
        code=f"{offence.code}-ATTEMPT",
        provision=f"attempt, {offence.provision}",
        label=f"Attempted {offence.label[0].lower()}{offence.label[1:]}",
        valid_from=begins,
    )


def _je_2018(article: int, label: str, group: str) -> Offence:
    return Offence(f"JE-2018-{article}", JE, JE_2018, f"article {article}", label, group, JE_2018_BEGINS)


def _je_customary(code: str, label: str, group: str, ends: date | None = BEFORE_JE_2018) -> Offence:
    return Offence(f"JE-CUSTOMARY-{code}", JE, CUSTOMARY, CUSTOMARY_PROVISION, label, group, None, ends)


JE_NOW = (
    _je_2018(5, "Rape", RAPE),
    _je_2018(6, "Sexual penetration without consent", PENETRATION),
    _je_2018(7, "Sexual touching without consent", SEXUAL_ASSAULT),
    _je_2018(8, "Causing a sexual act without consent", CAUSING),
    _je_2018(9, "Penetration or sexual touching of a child aged 12 or under", CHILD),
    _je_2018(10, "Causing or inciting a sexual act with a child aged 12 or under", CHILD),
    _je_2018(11, "Intercourse with, penetration or sexual touching of a child aged 13 to 15", CHILD),
    _je_2018(12, "Causing or inciting a sexual act with a child aged 13 to 15", CHILD),
    _je_2018(13, "Unlawful sexual act between children", CHILD),
    _je_2018(14, "Causing a child to watch or be present during a sexual act", CHILD),
    _je_2018(15, "Sexual grooming of a child", CHILD),
    _je_2018(16, "Paying for sexual services of a child", EXPLOITATION),
    _je_2018(17, "Prostitution or pornography involving a child", EXPLOITATION),
    _je_2018(18, "Abuse of a position of trust, person aged 16 or 17", CHILD),
    Offence("JE-2018-OTHER", JE, JE_2018, "another article", "Another offence under the 2018 Law", OTHER, JE_2018_BEGINS),
)
JE_BEFORE = (
    _je_customary("RAPE", "Rape", RAPE),
    _je_customary("SODOMY", "Sodomy", PENETRATION),
    _je_customary("GROSS-INDECENCY", "Gross indecency", OTHER),
    _je_customary("INCEST", "Incest", OTHER),
    Offence(
        "JE-1895-UNDER-13",
        JE,
        JE_1895,
        "1895 Law",
        "Unlawful intercourse with a girl under 13",
        CHILD,
        JE_1895_BEGINS,
        BEFORE_JE_2018,
    ),
    Offence(
        "JE-1895-UNDER-16",
        JE,
        JE_1895,
        "1895 Law",
        "Unlawful intercourse with a girl under 16",
        CHILD,
        JE_1895_BEGINS,
        BEFORE_JE_2018,
    ),
    Offence(
        "JE-2007-2", JE, JE_2007, "article 2, 2007 Law", "Meeting a child after grooming", CHILD, JE_2007_BEGINS, BEFORE_JE_2018
    ),
    Offence(
        "JE-2007-TRUST",
        JE,
        JE_2007,
        "2007 Law",
        "Abuse of a position of trust, earlier law",
        CHILD,
        JE_2007_BEGINS,
        BEFORE_JE_2018,
    ),
)
JE_ANY_TIME = (
    # The 2018 Law left these two of customary law standing, so they have no last day.
    _je_customary("INDECENT-ASSAULT", "Indecent assault", SEXUAL_ASSAULT, None),
    _je_customary("INDECENT-EXPOSURE", "Indecent exposure", EXPOSURE, None),
    Offence("JE-ATTEMPT", JE, CUSTOMARY, CUSTOMARY_PROVISION, "Attempt at another sexual offence", OTHER),
    Offence("JE-CONSPIRACY", JE, CUSTOMARY, CUSTOMARY_PROVISION, "Conspiracy to commit a sexual offence", OTHER),
    Offence("JE-OTHER", JE, "Another law of Jersey", "another law", "Another sexual offence, not in this list", OTHER),
)
JE_OFFENCES = (
    *JE_NOW,
    *(_attempt(offence) for offence in JE_NOW[:4]),
    *JE_BEFORE,
    _attempt(JE_BEFORE[0]),
    *JE_ANY_TIME,
)


def _ew_2003(sections: str, label: str, group: str, home_office_class: str = "", *, begins: date = EW_2003_BEGINS) -> Offence:
    several = any(sign in sections for sign in ("-", ","))
    provision = f"{'sections' if several else 'section'} {sections.replace('-', ' to ')}"
    code = f"EW-2003-{sections.replace(', ', '-')}"
    return Offence(code, EW, EW_2003, provision, label, group, begins, None, home_office_class)


def _ew_1956(section: str, label: str, group: str, home_office_class: str = "") -> Offence:
    code = f"EW-1956-{section}"
    provision = f"section {section}, 1956 Act"
    return Offence(code, EW, EW_1956, provision, label, group, EW_1956_BEGINS, BEFORE_EW_2003, home_office_class)


# The class is the one of the Home Office counting rules (two where it depends on V1's sex); empty where the source is thin.
EW_ADULT = (
    replace(_ew_2003("1", "Rape of a person aged 16 or over", RAPE, "19C/19F"), code="EW-2003-1-ADULT"),
    replace(_ew_2003("1", "Rape by several people not told apart", RAPE, "19J/19K"), code="EW-2003-1-SEVERAL"),
    _ew_2003("2", "Assault by penetration, person aged 13 or over", PENETRATION, "20A/17A"),
    _ew_2003("3", "Sexual assault, person aged 13 or over", SEXUAL_ASSAULT, "20A/17A"),
    _ew_2003("4", "Causing sexual activity without consent", CAUSING, "22A"),
)
EW_CHILD = (
    replace(_ew_2003("1", "Rape of a child aged 13 to 15", RAPE, "19D/19G"), code="EW-2003-1-CHILD"),
    _ew_2003("5", "Rape of a child under 13", RAPE, "19E/19H"),
    _ew_2003("6", "Assault of a child under 13 by penetration", PENETRATION, "20B/17B"),
    _ew_2003("7", "Sexual assault of a child under 13", SEXUAL_ASSAULT, "20B/17B"),
    _ew_2003("8", "Causing or inciting a child under 13 to sexual activity", CHILD, "21"),
    _ew_2003("9", "Sexual activity with a child under 16", CHILD, "22B"),
    _ew_2003("10", "Causing or inciting a child under 16 to sexual activity", CHILD, "22B"),
    _ew_2003("11", "Sexual activity in the presence of a child", CHILD, "22B"),
    _ew_2003("12", "Causing a child to watch a sexual act", CHILD, "22B"),
    _ew_2003("13", "Child sexual offence by a person under 18", CHILD, "22B"),
    _ew_2003("14", "Arranging or facilitating a child sexual offence", CHILD),
    _ew_2003("15", "Meeting a child after grooming", CHILD, "88A"),
    _ew_2003("15A", "Sexual communication with a child", CHILD, begins=date(2017, 4, 3)),
    _ew_2003("16-19", "Abuse of a position of trust, person under 18", CHILD, "73"),
    _ew_2003("25-26", "Sexual activity with a child family member", CHILD, "23"),
)
EW_FURTHER = (
    _ew_2003("30-33", "Sexual activity with a person whose mental disorder prevents choice", OTHER, "70"),
    _ew_2003("34-37", "Inducement, threat or deception of a person with a mental disorder", OTHER, "70"),
    _ew_2003("38-41", "Sexual activity by a care worker", OTHER, "70"),
    _ew_2003("47", "Paying for sexual services of a child", EXPLOITATION, "71"),
    _ew_2003("48-50", "Sexual exploitation of a child", EXPLOITATION, "71"),
    _ew_2003("52-53", "Causing, inciting or controlling prostitution for gain", EXPLOITATION, "24"),
    _ew_2003("53A", "Paying for sexual services of a person who was forced", EXPLOITATION, begins=date(2010, 4, 1)),
    _ew_2003("61", "Administering a substance with sexual intent", OTHER, "88C"),
    _ew_2003("62", "Committing an offence with intent to commit a sexual offence", OTHER, "88C"),
    _ew_2003("63", "Trespass with intent to commit a sexual offence", OTHER, "88C"),
    _ew_2003("64-65", "Penetrative sex with an adult relative", OTHER, "23"),
    _ew_2003("66", "Exposure", EXPOSURE, "88E"),
    _ew_2003("66A", "Sending a photograph or film of genitals", EXPOSURE, "88E", begins=date(2024, 1, 31)),
    _ew_2003("66B", "Sharing or threatening to share an intimate photograph or film", EXPOSURE, "88E", begins=date(2024, 1, 31)),
    _ew_2003("67", "Voyeurism", EXPOSURE, "88E"),
    _ew_2003("67A", "Voyeurism under clothing", EXPOSURE, "88E", begins=date(2019, 4, 12)),
    _ew_2003("69", "Intercourse with an animal", OTHER, "88D"),
    _ew_2003("70", "Sexual penetration of a corpse", OTHER, "88D"),
    Offence("EW-2003-OTHER", EW, EW_2003, "another section", "Another offence under the 2003 Act", OTHER, EW_2003_BEGINS),
)
EW_BEFORE = (
    _ew_1956("1", "Rape", RAPE, "19C/19F"),
    _ew_1956("2", "Procuring a woman by threats", OTHER),
    _ew_1956("3", "Procuring a woman by false pretences", OTHER),
    _ew_1956("4", "Administering drugs for intercourse", OTHER),
    _ew_1956("5", "Intercourse with a girl under 13", CHILD),
    _ew_1956("6", "Intercourse with a girl under 16", CHILD),
    _ew_1956("10", "Incest by a man", OTHER, "23"),
    _ew_1956("11", "Incest by a woman", OTHER, "23"),
    _ew_1956("12", "Buggery", PENETRATION),
    _ew_1956("14", "Indecent assault on a woman or girl", SEXUAL_ASSAULT, "20A/20B"),
    _ew_1956("15", "Indecent assault on a man or boy", SEXUAL_ASSAULT, "17A/17B"),
    _ew_1956("16", "Assault with intent to commit buggery", SEXUAL_ASSAULT),
    Offence("EW-1960-1", EW, EW_1960, "section 1, 1960 Act", "Indecency with a child", CHILD, date(1960, 7, 2), BEFORE_EW_2003),
    Offence(
        "EW-2000-3", EW, EW_2000, "section 3, 2000 Act", "Abuse of a position of trust", CHILD, date(2001, 1, 8), BEFORE_EW_2003
    ),
    Offence(
        "EW-BEFORE-OTHER", EW, "Earlier law", "earlier law", "Another sexual offence before May 2004", OTHER, None, BEFORE_EW_2003
    ),
)
EW_ANY_TIME = (
    Offence(
        "EW-ATTEMPT",
        EW,
        ATTEMPTS_ACT,
        "section 1, 1981 Act",
        "Attempt at another sexual offence",
        OTHER,
        ATTEMPTS_ACT_BEGINS,
        None,
    ),
    Offence(
        "EW-ATTEMPT-COMMON-LAW",
        EW,
        "Common law",
        "common law",
        "Attempt at a sexual offence before 1981 Act",
        OTHER,
        None,
        ATTEMPTS_ACT_BEGINS - ONE_DAY,
    ),
    Offence(
        "EW-CONSPIRACY",
        EW,
        CONSPIRACY_ACT,
        "section 1, 1977 Act",
        "Conspiracy to commit a sexual offence",
        OTHER,
        CONSPIRACY_ACT_BEGINS,
    ),
    Offence("EW-OTHER", EW, "Another law of England and Wales", "another law", "Another sexual offence, not in this list", OTHER),
)
EW_OFFENCES = (
    *EW_ADULT,
    *(_attempt(offence) for offence in (EW_ADULT[0], *EW_ADULT[2:])),
    *EW_CHILD,
    *(_attempt(offence) for offence in EW_CHILD[:3]),
    *EW_FURTHER,
    *EW_BEFORE,
    _attempt(EW_BEFORE[0]),
    *EW_ANY_TIME,
)

OFFENCES: tuple[Offence, ...] = (*JE_OFFENCES, *EW_OFFENCES)
