"""TABLE: everybody who may sign in to the demonstration. All are invented; their surnames exist nowhere.

The first list is a promise: other documents and people rely on its user names. All share settings.DEMONSTRATION_PASSWORD.
"""

from dataclasses import dataclass

from people.roles import OrganisationKind, Role


@dataclass(frozen=True)
class Team:
    """A unit of the invented force, and the unit above it."""

    name: str
    organisation: str
    above: str = ""


@dataclass(frozen=True)
class Account:
    username: str
    roles: tuple[Role, ...]
    rank: str
    given_name: str
    family_name: str
    organisation: str
    unit: str = ""

    @property
    def does(self) -> str:
        """The roles in words, for whoever chooses an account."""
        return ", ".join(role.label for role in self.roles)


FORCE = "Invented Island Police"
HONORARY = "Invented Honorary Police"
PROSECUTION = "Invented Law Officers’ Department"
ISVA_SERVICE = "Invented Island ISVA Service"
OVERSIGHT = "Invented Data Protection Office"
CITIZENS = "Invented Citizens’ Panel"
GOVERNMENT = "Invented Island Government"

ORGANISATIONS = {
    FORCE: OrganisationKind.POLICE,
    HONORARY: OrganisationKind.POLICE,
    PROSECUTION: OrganisationKind.PROSECUTION,
    ISVA_SERVICE: OrganisationKind.ISVA_SERVICE,
    OVERSIGHT: OrganisationKind.OVERSIGHT,
    CITIZENS: OrganisationKind.OTHER,
    GOVERNMENT: OrganisationKind.OTHER,
}

CRIME = "Crime Command"
OFFENCES_UNIT = "Sexual Offences Unit"
TEAM_ONE = "Sexual Offences Team One"
TEAM_TWO = "Sexual Offences Team Two"
OPERATIONS = "Operations Command"
RESPONSE = "Response Team"
JUSTICE = "Justice and Standards"
PARISH = "Parish of St Nowhere"

# Each unit stands below one that comes before it.
TEAMS = (
    Team(CRIME, FORCE),
    Team(OFFENCES_UNIT, FORCE, above=CRIME),
    Team(TEAM_ONE, FORCE, above=OFFENCES_UNIT),
    Team(TEAM_TWO, FORCE, above=OFFENCES_UNIT),
    Team(OPERATIONS, FORCE),
    Team(RESPONSE, FORCE, above=OPERATIONS),
    Team(JUSTICE, FORCE),
    Team(PARISH, HONORARY),
)

ACCOUNTS: tuple[Account, ...] = (
    Account("firstofficer", (Role.FIRST_OFFICER,), "PC", "Ben", "Sampleford", FORCE, RESPONSE),
    Account("investigator", (Role.INVESTIGATOR,), "DC", "Ada", "Examplewick", FORCE, TEAM_ONE),
    Account("investigator2", (Role.INVESTIGATOR,), "DC", "Idris", "Fablethorn", FORCE, TEAM_ONE),
    Account("solo", (Role.LIAISON_OFFICER,), "DC", "Nell", "Storybrooke", FORCE, TEAM_ONE),
    Account("sergeant", (Role.SERGEANT,), "DS", "Maya", "Fictionby", FORCE, TEAM_ONE),
    Account("sergeant2", (Role.SERGEANT,), "DS", "Owen", "Pretendham", FORCE, TEAM_TWO),
    Account("inspector", (Role.INSPECTOR,), "DI", "Grace", "Hypotheton", FORCE, OFFENCES_UNIT),
    Account("superintendent", (Role.SUPERINTENDENT,), "Det Supt", "Karim", "Paradigmore", FORCE, CRIME),
    Account("cjd", (Role.CRIMINAL_JUSTICE,), "", "Lena", "Illustrand", FORCE, JUSTICE),
    Account("registrar", (Role.REGISTRAR,), "", "Tom", "Demonstrand", FORCE, JUSTICE),
    Account("coordinator", (Role.COORDINATOR,), "", "Isla", "Makebeleigh", FORCE, JUSTICE),
    Account("analyst", (Role.ANALYST,), "", "Yusuf", "Figmenton", FORCE, JUSTICE),
    Account("information", (Role.INFORMATION_MANAGER,), "", "Rose", "Conjureby", FORCE, JUSTICE),
    Account("auditor", (Role.AUDITOR,), "", "Piotr", "Unrealton", OVERSIGHT),
    Account("administrator", (Role.ADMINISTRATOR,), "", "Hana", "Supposeley", FORCE, JUSTICE),
    Account("prosecutor", (Role.PROSECUTOR,), "", "Clare", "Imaginard", PROSECUTION),
    Account("prosecutor2", (Role.PROSECUTOR,), "", "Luc", "Whimsbury", PROSECUTION),
    Account("headcriminal", (Role.HEAD_OF_CRIMINAL_DIVISION,), "Crown Advocate", "Edith", "Exemplarde", PROSECUTION),
    Account("isva", (Role.ISVA,), "", "Joy", "Dreamerley", ISVA_SERVICE),
    Account("isva2", (Role.ISVA,), "", "Mina", "Fancifield", ISVA_SERVICE),
    Account("isvamanager", (Role.ISVA_MANAGER,), "", "Ruth", "Notrealle", ISVA_SERVICE),
    Account("chair", (Role.CHAIR,), "", "Amos", "Nonesuchby", CITIZENS),
    Account("panel", (Role.PANEL_MEMBER,), "", "Vera", "Inventley", CITIZENS),
    Account("panel2", (Role.PANEL_MEMBER,), "", "Simon", "Mythaven", PROSECUTION),
    Account("board", (Role.BOARD_MEMBER,), "", "Freya", "Phantomere", GOVERNMENT),
    Account("centenier", (Role.CENTENIER,), "Centenier", "Jean", "Madeupard", HONORARY, PARISH),
)

# No promise about these: they make lists look like those of a real force.
COLLEAGUES: tuple[Account, ...] = (
    Account("wherevere", (Role.INVESTIGATOR,), "DC", "Callum", "Wherevere", FORCE, TEAM_ONE),
    Account("talespin", (Role.INVESTIGATOR,), "DC", "Priya", "Talespinner", FORCE, TEAM_TWO),
    Account("seemingly", (Role.INVESTIGATOR,), "DC", "Gareth", "Seemingleigh", FORCE, TEAM_TWO),
    Account("wishford", (Role.LIAISON_OFFICER,), "DC", "Bea", "Wishfordly", FORCE, TEAM_TWO),
    Account("placehold", (Role.FIRST_OFFICER,), "PC", "Zara", "Placeholdt", FORCE, RESPONSE),
    Account("mockforth", (Role.FIRST_OFFICER,), "PC", "Rhys", "Mockforth", FORCE, RESPONSE),
)
