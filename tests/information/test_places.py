"""Every column in which somebody writes words about a case is one that requests read and disposals erase."""

from django.apps import apps
from django.db import connection
from django.db.models import CharField, JSONField, TextField

from information.queries.requests import PLACES
from tests.worlds import building

# Words of ours and of the law, keys, references and digests: nobody is named in them.
NO_WORDS = {
    "cases_case": {"reference", "crime_number"},
    "cases_historicalcase": {"reference", "crime_number"},
    "cases_event": {"subject"},
    "cases_timelimit": {"subject"},
    "cases_draft": {"form", "about", "sendings"},
    "cases_importrun": {"digest", "heads", "fields", "said"},
    "cases_importrow": {"crime_number"},
    "cases_message": {"last_error"},
}
# Kept by triggers as the names are.
NO_WORDS["cases_searchword"] = {"word", "called"}
# Erased by name in rasso.erase_person.
PERSON = {"cases_person": {"name", "aliases", "force_person_number"}}
# The same for everybody.
REFERENCE = {"cases_rule", "cases_offencetype", "cases_localday", "cases_heartbeat"}


def places() -> set[tuple[str, str]]:
    with building(), connection.cursor() as cursor:
        cursor.execute("SELECT source, field FROM rasso.text_places()")
        return set(cursor.fetchall())


def columns_of_words() -> set[tuple[str, str]]:
    found = set()
    for model in apps.get_app_config("cases").get_models(include_auto_created=True):
        table = model._meta.db_table
        known = NO_WORDS.get(table, set()) | PERSON.get(table, set()) | {"history_change_reason", "history_type"}
        for field in model._meta.concrete_fields:
            is_words = isinstance(field, TextField | CharField | JSONField) and not field.choices
            if is_words and table not in REFERENCE and field.column not in known:
                found.add((table, field.column))
    return found


def test_every_column_of_words_is_a_place(db: None) -> None:
    assert places() == columns_of_words()


def test_every_place_has_a_label(db: None) -> None:
    assert {f"{table.replace('historical', '', 1)}.{field}" for table, field in places()} <= set(PLACES)
