"""TABLE: what the record may be used for, in the words of each profile's law."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Purpose:
    says: str
    basis: str


# The Jersey law has no provision of its own about logs of processing; the same record is kept under its security principle.
PURPOSES = {
    "JE": Purpose(
        "This record may be used to check that people’s data was handled lawfully, for discipline, to keep data secure and whole, and for"
        " criminal proceedings. It may not be used to measure or compare how anybody works.",
        "Data Protection (Jersey) Law 2018, Articles 8, 14 and 21",
    ),
    "EW": Purpose(
        "This record may be used to verify that processing was lawful, for self-monitoring, including internal disciplinary proceedings, to"
        " ensure the integrity and security of personal data, and for criminal proceedings. It may not be used to measure or compare how"
        " anybody works.",
        "Data Protection Act 2018, section 62",
    ),
}


def purpose() -> Purpose:
    return PURPOSES[settings.FORCE_PROFILE]
