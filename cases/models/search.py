"""What a search looks in, and what somebody searched for."""

from django.db import models

from cases.models.case import Case
from kit.classification import Classification, Classified, Own
from people.models import Unit, User


class SearchWord(Classified):
    """A word by which a case is found: of a reference, a crime number, or a name of a victim or suspect. Kept by triggers, read by
    nobody but rasso.search (cases/sql/search.sql). The unit stands first, so that a search walks only words of the reader's reach."""

    classification = Classification.OPERATIONAL
    guarded_by = "case"

    pk = models.CompositePrimaryKey("unit", "is_restricted", "word", "case", "called")
    # One foreign key of the three columns together, with ON UPDATE CASCADE and ON DELETE CASCADE, stands in the migration.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    is_restricted = models.BooleanField()
    word = models.CharField(max_length=60, db_collation="C")
    # "V1" or "S2", "reference", "crime number".
    called = models.CharField(max_length=20)

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"
        indexes = (models.Index(fields=["case", "word"], name="search_word_of_case"),)

    def __str__(self) -> str:
        return f"word of {self.called}"


class RememberedSearch(Own):
    """What somebody searched for, so that the address of what was found holds its key and no word. Goes after a day."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=100)
    at = models.DateTimeField()

    unguarded = models.Manager()

    class Meta:
        default_manager_name = "unguarded"

    def __str__(self) -> str:
        return f"search {self.pk}"
