"""The vocabulary of retention, disposal and subject requests. Codes are stored; labels may change."""

from django.db.models import TextChoices


class RuleCode(TextChoices):
    KEEP_TO_AGE = "KEEP_TO_AGE", "Kept until the person would be so old"
    REVIEW_EVERY = "REVIEW_EVERY", "Reviewed again so long after each review"
    CLEAR_PERIOD = "CLEAR_PERIOD", "Reviewed so long after the last entry about them"
    ANSWER = "ANSWER", "Time to answer a request"
    ANSWER_FURTHER = "ANSWER_FURTHER", "Further time for a difficult request"


class Unit(TextChoices):
    WEEKS = "WEEKS", "weeks"
    MONTHS = "MONTHS", "months"
    YEARS = "YEARS", "years"


class Confidence(TextChoices):
    """How sure it is that the number is what its source says."""

    HIGH = "HIGH", "The source was read"
    MEDIUM = "MEDIUM", "From a summary of the source: read the source before relying on it"


# Requests ------------------------------------------------------------------------------------------------------------


class RequestState(TextChoices):
    OPENED = "OPENED", "Opened"
    SEARCHING = "SEARCHING", "Searching"
    REVIEWING = "REVIEWING", "Deciding"
    SENT = "SENT", "Sent"
    REFUSED = "REFUSED", "Refused"
    CLOSED = "CLOSED", "Closed"


RUNNING = (RequestState.OPENED, RequestState.SEARCHING, RequestState.REVIEWING)


class CameBy(TextChoices):
    LETTER = "LETTER", "Letter"
    EMAIL = "EMAIL", "Email"
    FORM = "FORM", "The force’s form"
    IN_PERSON = "IN_PERSON", "In person"


class Identity(TextChoices):
    NOT_YET = "NOT_YET", "Not yet"
    DOCUMENT = "DOCUMENT", "A passport, driving licence or other document with a picture was seen"
    TWO_PAPERS = "TWO_PAPERS", "Two papers with their name and address were seen"
    LAWYER = "LAWYER", "Their lawyer confirmed it and showed the authority to act"


class Part(TextChoices):
    """Where an item of the bundle stands before anybody has decided."""

    THEIRS = "THEIRS", "About them only"
    APART = "APART", "Apart: other people’s data, or something that may have to be withheld"


class Decision(TextChoices):
    GIVE = "GIVE", "Give it whole"
    GIVE_BLACKED = "GIVE_BLACKED", "Give it with the other people blacked out"
    WITHHOLD = "WITHHOLD", "Withhold it"


class Ground(TextChoices):
    """Why an item is withheld, or stands apart."""

    OTHER_PERSON = "OTHER_PERSON", "It is another person’s data"
    PRIVILEGED = "PRIVILEGED", "Legal advice: privileged"
    PREJUDICE = "PREJUDICE", "It would prejudice an investigation or a prosecution"
    SAFETY = "SAFETY", "It would put somebody in danger"
    NOT_THEIRS = "NOT_THEIRS", "It is not about them"


class Outcome(TextChoices):
    """How a request ended without a bundle."""

    NOTHING_HELD = "NOTHING_HELD", "Nothing is held about them"
    WITHDRAWN = "WITHDRAWN", "They withdrew the request"
    NOT_IDENTIFIED = "NOT_IDENTIFIED", "Who they are was not shown"
    UNFOUNDED = "UNFOUNDED", "The request is manifestly unfounded or excessive"


REFUSALS = (Outcome.NOT_IDENTIFIED, Outcome.UNFOUNDED)


class SentHow(TextChoices):
    COLLECTED = "COLLECTED", "Collected in person"
    POST = "POST", "Tracked post"
    SECURE_EMAIL = "SECURE_EMAIL", "Encrypted email"


# Retention and disposal ----------------------------------------------------------------------------------------------


class HoldKind(TextChoices):
    INQUIRY = "INQUIRY", "A public inquiry"
    COMPLAINT = "COMPLAINT", "A complaint"
    LITIGATION = "LITIGATION", "Litigation"


class HoldAbout(TextChoices):
    PERSON = "PERSON", "One record"
    CASE = "CASE", "Everybody in one case"
    EVERYTHING = "EVERYTHING", "Every record"


class Why(TextChoices):
    """Why a record is to be looked at on that day."""

    REVIEW_EVERY = "REVIEW_EVERY", "Suspect of a serious sexual offence: kept until the age of 100, looked at every 10 years"
    KEEP_TO_AGE = "KEEP_TO_AGE", "Suspect of a serious sexual offence who would now be 100"
    CLEAR_PERIOD = "CLEAR_PERIOD", "Nothing was entered about them for 10 years"
    KEPT_UNTIL = "KEPT_UNTIL", "Kept at the last review until this day"


class Kept(TextChoices):
    KEEP = "KEEP", "Keep the record"
    DISPOSE = "DISPOSE", "Propose to dispose of it"


class Answer(TextChoices):
    """What became of a proposal to dispose of a record."""

    APPROVED = "APPROVED", "Approved and erased"
    REFUSED = "REFUSED", "Refused"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"
