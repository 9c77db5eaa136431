"""TABLE: what the record calls tables, columns and pages, where the name of the model or of the address does not read well."""

from django.apps import apps

from kit.records import page_in_words

TABLES = {
    "audit_check": "check of the record",
    "audit_keptseal": "seal kept elsewhere",
    "audit_signal": "something to look at",
    "audit_signalanswer": "answer to something to look at",
    "cases_caseconnection": "connection with somebody in the case",
    "cases_casegrant": "who is given the case",
    "cases_caseoffence": "offence of the case",
    "cases_context": "context of the offence",
    "cases_endedconnection": "end of a connection",
    "cases_escalationanswer": "answer to an escalation",
    "cases_event": "entry of the chronology",
    "cases_moretime": "request for more time",
    "cases_referencenumber": "number of a case",
    "cases_reviewanswer": "answer in a review",
    "information_certificate": "certificate of a disposal",
    "information_disposalanswer": "answer to a proposed disposal",
    "information_disposalmark": "what a disposal left of a record",
    "information_holdend": "end of a hold",
    "information_informationrule": "rule of retention",
    "information_itemdecision": "decision about an item of a request",
    "information_opening": "what a request opened",
    "information_requester": "who made a request",
    "information_requestperson": "whom a request is about",
    "information_requeststep": "step of a request",
    "information_retentiondecision": "decision about retention",
    "information_rewriting": "backups written anew",
    "people_membership": "unit of a person",
    "people_peoplechange": "list of changes to people",
    "people_roleassignment": "role of a person",
    "people_searchedwords": "what was searched for",
    "people_user": "person",
}
COLUMNS = {
    "content_object": "case",
    "ends_at": "until when",
    "ends_on": "last day",
    "is_active": "whether active",
    "permission": "for what",
    "starts_at": "from when",
    "starts_on": "first day",
}
PAGES = {
    "audit-check": "check of the record",
    "audit-registers": "registers of the record",
    "audit-signal": "something to look at",
    "case-as-at": "the case as it was at a moment",
    "case-access": "who may see the case",
    "explain-access": "why somebody may see a case",
    "export-entries": "entries of the record",
    "export-seal": "the newest seal",
    "of-auditors": "what auditors looked at",
    "search-names": "results of a search with names",
    "searched-words": "what was searched for",
    "signal-of-auditor": "something to look at of an auditor",
    "words-of-auditor": "what an auditor asked for",
}
NAMES = {model._meta.db_table: str(model._meta.verbose_name) for model in apps.get_models()} | TABLES
# Tables that keep what a row held before; each change of the row stands in the record beside it.
HISTORY = "_historical"


def table(name: str) -> str:
    if HISTORY in name:
        return f"earlier values of {table(name.replace(HISTORY, '_'))}"
    return NAMES.get(name, name)


def changed(name: str, columns: str) -> str:
    """“time limit (met at, met by)”."""
    each = [column.removesuffix("_id") for column in columns.split(", ") if column]
    said = ", ".join(COLUMNS.get(column, column.replace("_", " ")) for column in each)
    return table(name) + (f" ({said})" if said else "")


def page(name: str) -> str:
    return PAGES.get(name, page_in_words(name))
