"""TABLE: how long records are kept and how soon a subject request is answered, per profile, with the source of each number.

`manage.py migrate` stores the rows (rasso/reference_data.py). To change a number: give the old row a `valid_to`, and add one with the next
version. What was computed under a version stays.
"""

from dataclasses import dataclass
from datetime import date

from cases.offences import EXPOSURE, GROUPS
from cases.rulepacks import EW, JE
from information.enums import Confidence, RuleCode, Unit

# The code of practice speaks of serious sexual offences without a list of its own for these groups.
SERIOUS = tuple(group for group in GROUPS if group != EXPOSURE)
CODE_OF_PRACTICE = (
    "Police Information and Records Management Code of Practice; College of Policing APP, retention, review and disposal"
)
BY_PERSON = "Retention is decided by person and not by case, by a human, with the decision recorded"


@dataclass(frozen=True, kw_only=True)
class InformationRow:
    """The fields of information.models.InformationRule."""

    profile: str
    code: RuleCode
    version: int = 1
    label: str
    amount: int
    unit: Unit
    groups: tuple[str, ...] = ()
    basis: str
    source: str
    confidence: Confidence = Confidence.MEDIUM
    valid_from: date = date(2010, 1, 1)
    valid_to: date | None = None


def retention(profile: str) -> tuple[InformationRow, ...]:
    """The same in both profiles: Jersey follows the English code until it says otherwise."""
    return (
        InformationRow(
            profile=profile,
            code=RuleCode.KEEP_TO_AGE,
            label="Suspect of a serious sexual offence: kept until this age",
            amount=100,
            unit=Unit.YEARS,
            groups=SERIOUS,
            basis=BY_PERSON,
            source=CODE_OF_PRACTICE,
        ),
        InformationRow(
            profile=profile,
            code=RuleCode.REVIEW_EVERY,
            label="Suspect of a serious sexual offence: looked at again after",
            amount=10,
            unit=Unit.YEARS,
            groups=SERIOUS,
            basis=BY_PERSON,
            source=CODE_OF_PRACTICE,
        ),
        InformationRow(
            profile=profile,
            code=RuleCode.CLEAR_PERIOD,
            label="Everybody else: looked at after so long without an entry",
            amount=10,
            unit=Unit.YEARS,
            basis=BY_PERSON,
            source=CODE_OF_PRACTICE,
        ),
    )


RULES: tuple[InformationRow, ...] = (
    *retention(JE),
    *retention(EW),
    InformationRow(
        profile=JE,
        code=RuleCode.ANSWER,
        label="Answer to a subject request",
        amount=4,
        unit=Unit.WEEKS,
        basis="Without undue delay and within four weeks of receiving the request",
        source="Data Protection (Jersey) Law 2018, Article 27",
        valid_from=date(2018, 5, 25),
    ),
    InformationRow(
        profile=JE,
        code=RuleCode.ANSWER_FURTHER,
        label="Further time, where a request is complex",
        amount=8,
        unit=Unit.WEEKS,
        basis="Extended once, where the number or complexity of requests makes it necessary; the requester is told why",
        source="Data Protection (Jersey) Law 2018, Article 27",
        valid_from=date(2018, 5, 25),
    ),
    InformationRow(
        profile=EW,
        code=RuleCode.ANSWER,
        label="Answer to a subject request",
        amount=1,
        unit=Unit.MONTHS,
        basis="Within one month of receiving the request (law enforcement processing)",
        source="Data Protection Act 2018, sections 45 and 54",
        valid_from=date(2018, 5, 25),
    ),
    InformationRow(
        profile=EW,
        code=RuleCode.ANSWER_FURTHER,
        label="Further time, where a request is complex",
        amount=2,
        unit=Unit.MONTHS,
        basis="Extended once, where the number or complexity of requests makes it necessary; the requester is told why",
        source="Data Protection Act 2018, section 54 as amended by the Data (Use and Access) Act 2025",
        valid_from=date(2025, 6, 19),
    ),
)
