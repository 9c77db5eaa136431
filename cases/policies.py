"""The fifth lock for cases: what the database admits, whatever the code forgot.

Each policy repeats one coarse, certain rule, the VIEW reaches of cases/access.py; what may be done is Python's matter.
Shapes are measured: "= ANY (ARRAY(SELECT ...))" runs its function once and can use an index, which suits the few cases given one by
one; "IN (SELECT ...)" runs it once and is hashed, which suits the units, of which somebody may supervise hundreds: a list walks past
thousands of rows. Children that carry a queue repeat the unit and are policed like the case, all others by EXISTS on the policed parent.
"""

from cases.models import (
    Action,
    Case,
    CaseConnection,
    CaseGrant,
    CaseOffence,
    Context,
    Draft,
    EmergencyAccess,
    EndedConnection,
    EscalationAnswer,
    Event,
    Heartbeat,
    ImportRow,
    ImportRun,
    InvestigationPlan,
    LineOfEnquiry,
    LocalDay,
    Message,
    MoreTime,
    OffenceType,
    Person,
    ReferenceNumber,
    RememberedSearch,
    Reminder,
    Review,
    ReviewAnswer,
    Rule,
    SearchWord,
    SentForm,
    Suspect,
    TimeLimit,
    Victim,
    Wish,
)
from kit.postgres.rules import POLICE, POLICE_BOTH, READERS, SYSTEM, WEB, WORKER, Policy, TableRules, definer_sees_everything, of

# A truth, not a comparison: PostgreSQL would guess that a comparison holds for one row in two hundred, and then walks no list in order.
IS_POLICE = "(SELECT rasso.kind() = 'police')"
UNITS = "IN (SELECT rasso.supervised_units())"


def in_reach(key: str) -> str:
    """The case reach of the actor on a table that holds the case's key, unit and restriction itself."""
    return (
        f"{IS_POLICE} AND ({key} = ANY (ARRAY(SELECT rasso.own_case_ids())) OR NOT is_restricted AND unit_id {UNITS})"
        f" AND {key} <> ALL (ARRAY(SELECT rasso.barred_case_ids()))"
    )


def not_only_looked_at(key: str) -> str:
    """An emergency access opens a case to look at: nothing is written to it, whatever a statement asks for."""
    return f"{key} <> ALL (ARRAY(SELECT rasso.only_looked_at()))"


def of_visible_case(key: str) -> str:
    """The parent case is visible: its own policy decides, because the sub-query is policed as well."""
    return f"EXISTS (SELECT 1 FROM cases_case WHERE cases_case.id = {key})"


def scoped(  # type: ignore[no-untyped-def]
    model, changing: tuple[str, ...], check: str = "true", adding: str = "true"
) -> TableRules:
    """A child that carries a queue: which columns an act may change, and what must hold of them then."""
    reach = in_reach("case_id")
    return of(
        model,
        {(POLICE,): f"INSERT, UPDATE ({', '.join(changing)})", POLICE_BOTH: "SELECT"},
        (
            Policy("SELECT", POLICE_BOTH, using=reach),
            Policy("INSERT", (POLICE,), check=f"{of_visible_case('case_id')} AND {not_only_looked_at('case_id')} AND ({adding})"),
            Policy("UPDATE", (POLICE,), using=reach, check=f"{reach} AND {not_only_looked_at('case_id')} AND ({check})"),
            definer_sees_everything(),
        ),
    )


def child(  # type: ignore[no-untyped-def]
    model, key: str = "case_id", changing: tuple[str, ...] = (), adding: str = "true", check: str = "true"
) -> TableRules:
    """Any other child; insert-only unless an act changes some of its columns. ``adding``, ``check``: what must hold of a new row
    and of a changed one."""
    reach = of_visible_case(f"{model._meta.db_table}.{key}")
    policies = [
        Policy("SELECT", POLICE_BOTH, using=reach),
        Policy("INSERT", (POLICE,), check=f"{reach} AND {not_only_looked_at(key)} AND ({adding})"),
        definer_sees_everything(),
    ]
    if changing:
        policies.append(Policy("UPDATE", (POLICE,), using=reach, check=f"{reach} AND {not_only_looked_at(key)} AND ({check})"))
    update = f", UPDATE ({', '.join(changing)})" if changing else ""
    return of(model, {(POLICE,): f"INSERT{update}", POLICE_BOTH: "SELECT"}, policies)


def history(model, key: str) -> TableRules:  # type: ignore[no-untyped-def]
    """What rows said before: under the rule of the case, and insert-only."""
    return child(model.history.model, key, adding="history_user_id = (SELECT rasso.actor())")


# Who hears of a date and when; it moves with the date.
NOTICE = ("warn_on", "remind_on", "escalates_to", "escalates_on", "escalates_further_to", "escalates_further_on")
CASE_REACH = in_reach("id")
# Whoever could name a person that they know the key of would reach that person's name through their own case.
MAY_NAME = "rasso.may_name(id, person_id)"
# A person is reached through a victim or suspect of a case that the reader may see; whoever adds one sees it at once.
PERSON_REACH = (
    "EXISTS (SELECT 1 FROM cases_victim v WHERE v.person_id = cases_person.id)"
    " OR EXISTS (SELECT 1 FROM cases_suspect s WHERE s.person_id = cases_person.id)"
)
ACTOR = "(SELECT rasso.actor())"
CLOSED_BY_AN_INSPECTOR = f"closed_by_id IS NULL AND status IN ('RECORDED', 'INVESTIGATING') OR closed_by_id = {ACTOR} AND (SELECT rasso.has_role('INSPECTOR'))"
# Nobody says that they acted for somebody whom they do not cover for.
FOR_WHOM_THEY_COVER = "(on_behalf_of_id IS NULL OR on_behalf_of_id = ANY (ARRAY(SELECT rasso.covered_people())))"
# The thing that an answer is about belongs to the case that it names.
ANSWERS_FOR_ITS_CASE = " ".join(
    (
        "CASE about",
        *(
            f"WHEN '{about}' THEN EXISTS (SELECT 1 FROM {table} x WHERE x.id = about_id AND x.case_id = cases_escalationanswer.case_id)"
            for about, table in (("REVIEW", "cases_review"), ("LIMIT", "cases_timelimit"), ("ACTION", "cases_action"))
        ),
        "ELSE false END",
    )
)
# Whoever supervises the case, or the Detective Superintendent, to whom it came.
ANSWERS_AS_SUPERVISOR = (
    "((SELECT rasso.has_role('SUPERINTENDENT')) OR (SELECT rasso.has_role('SERGEANT', 'INSPECTOR')) AND rasso.may_give(case_id))"
)
OWN_ROWS = "owner_id = (SELECT rasso.actor())"
# A tracker that is taken over holds what cases hold: only while its owner may take cases over.
OWN_IMPORTS = f"{IS_POLICE} AND {OWN_ROWS} AND (SELECT rasso.has_role('INSPECTOR'))"
OF_OWN_NEW_IMPORT = "EXISTS (SELECT 1 FROM cases_importrun r WHERE r.id = run_id AND r.owner_id = cases_importrow.owner_id AND r.mapped_at IS NULL)"
# A crime report that somebody began a day ago and has not logged: their supervisors see it, unless it concerns staff.
UNFINISHED_REPORT = (
    f"{IS_POLICE} AND form = 'log-case' AND begun_at <= (SELECT rasso.now()) - interval '24 hours'"
    " AND payload #>> '{safety,has_connected_staff,0}' IS DISTINCT FROM 'yes'"
    " AND owner_id = ANY (ARRAY(SELECT rasso.supervised_people()))"
    # Whoever is named in it does not read it, whatever was answered about staff so far.
    " AND position((SELECT rasso.own_family_name()) IN lower(payload::text)) = 0"
)

TABLES = (
    of(
        Case,
        # Its officer is changed only by rasso.allocate_case, its restriction by rasso.restrict_case and rasso.lift_restriction, its unit
        # by no act yet.
        {
            (POLICE,): "INSERT, UPDATE (version, status, closed_at, closed_by_id, closing_grounds, relationship)",
            POLICE_BOTH: "SELECT",
        },
        (
            Policy("SELECT", POLICE_BOTH, using=CASE_REACH),
            Policy("INSERT", (POLICE,), check=f"{IS_POLICE} AND logged_by_id = (SELECT rasso.actor()) AND officer_id IS NULL"),
            Policy(
                "UPDATE",
                (POLICE,),
                using=CASE_REACH,
                check=f"{CASE_REACH} AND {not_only_looked_at('id')} AND ({CLOSED_BY_AN_INSPECTOR})",
            ),
            definer_sees_everything(),
        ),
    ),
    history(Case, "id"),
    of(ReferenceNumber, {}, (definer_sees_everything(),)),
    # Written by triggers and read by rasso.search, which answers keys of cases in the actor's reach; read by nobody.
    of(SearchWord, {}, (definer_sees_everything(),), is_trailed=False),
    of(
        RememberedSearch,
        {(POLICE,): "SELECT, INSERT, DELETE", POLICE_BOTH: "SELECT"},
        (Policy("ALL", POLICE_BOTH, using=f"{IS_POLICE} AND {OWN_ROWS}"), definer_sees_everything()),
    ),
    child(CaseOffence),
    # Given and ended only by rasso.grant_case and rasso.allocate_case, which check the giver.
    of(
        CaseGrant,
        {POLICE_BOTH: "SELECT"},
        (
            Policy(
                "SELECT",
                POLICE_BOTH,
                using=f"user_id = (SELECT rasso.actor()) OR {of_visible_case('cases_casegrant.content_object_id')}",
            ),
            definer_sees_everything(),
        ),
    ),
    # Written only by rasso.open_emergency_access and its sisters, which check who asks.
    of(
        EmergencyAccess,
        {POLICE_BOTH: "SELECT"},
        (
            Policy("SELECT", POLICE_BOTH, using=f"user_id = {ACTOR} OR {of_visible_case('cases_emergencyaccess.case_id')}"),
            definer_sees_everything(),
        ),
    ),
    of(
        CaseConnection,
        {(POLICE,): "SELECT, INSERT", POLICE_BOTH: "SELECT"},
        (
            Policy(
                "SELECT",
                POLICE_BOTH,
                using=f"user_id = (SELECT rasso.actor()) OR {of_visible_case('cases_caseconnection.case_id')}",
            ),
            Policy(
                "INSERT",
                (POLICE,),
                check="said_by_id = (SELECT rasso.actor()) AND rasso.may_give(case_id) AND decided_at IS NULL AND because_of_id IS NULL",
            ),
            definer_sees_everything(),
        ),
    ),
    # Written only by rasso.end_connection.
    of(
        EndedConnection,
        {POLICE_BOTH: "SELECT"},
        (
            Policy("SELECT", POLICE_BOTH, using=f"user_id = {ACTOR} OR {of_visible_case('cases_endedconnection.case_id')}"),
            definer_sees_everything(),
        ),
    ),
    of(
        Person,
        {(POLICE,): "INSERT", POLICE_BOTH: "SELECT"},
        (
            Policy("SELECT", POLICE_BOTH, using=PERSON_REACH),
            Policy("INSERT", (POLICE,), check=f"{IS_POLICE} AND added_by_id = {ACTOR}"),
            definer_sees_everything(),
        ),
    ),
    child(Victim, adding=MAY_NAME),
    history(Victim, "case_id"),
    child(Wish, adding=f"recorded_by_id = {ACTOR}"),
    child(
        Suspect,
        changing=("known", "person_id", "description", "version"),
        adding=MAY_NAME,
        check=MAY_NAME,
    ),
    history(Suspect, "case_id"),
    child(
        Event,
        changing=("struck_at", "struck_by_id", "struck_because"),
        adding=f"by_id = {ACTOR} AND struck_at IS NULL AND {FOR_WHOM_THEY_COVER}",
        check=f"struck_by_id = {ACTOR}",
    ),
    scoped(TimeLimit, ("met_by_id", "met_at", "suspended_by_id", "stopped_by_id", "due_on", "due_at", *NOTICE)),
    child(
        Context,
        changing=(
            "how_known",
            "duration",
            "domestic_abuse",
            "power",
            "victim_context",
            "exploited",
            "suspect_context",
            "version",
        ),
    ),
    history(Context, "case_id"),
    child(InvestigationPlan, changing=("story", "suspect", "victim", "material", "protection", "first_steps", "version")),
    history(InvestigationPlan, "case_id"),
    child(LineOfEnquiry, changing=("what", "leads", "state", "outcome", "version")),
    history(LineOfEnquiry, "case_id"),
    scoped(
        Review,
        (
            *("completed_at", "completed_by_id", "on_behalf_of_id", "officer_then_id"),
            *("result", "own_words", "is_same_again", "version"),
        ),
        # Nobody signs in another's name.
        check=f"(completed_by_id IS NULL OR completed_by_id = {ACTOR}) AND {FOR_WHOM_THEY_COVER}",
        adding="completed_at IS NULL AND on_behalf_of_id IS NULL",
    ),
    history(Review, "case_id"),
    child(
        ReviewAnswer,
        adding="EXISTS (SELECT 1 FROM cases_review r WHERE r.id = review_id AND r.case_id = cases_reviewanswer.case_id)",
    ),
    scoped(
        Action,
        (
            *("owner_id", "due_on", "look_again_on", "extended_count", *NOTICE),
            *("done_at", "done_by_id", "done_how", "evidence", "verified_at", "verified_by_id"),
        ),
        # Nobody verifies in another's name.
        check=f"verified_by_id IS NULL OR verified_by_id = {ACTOR}",
        adding=f"given_by_id = {ACTOR} AND done_at IS NULL AND verified_at IS NULL",
    ),
    child(
        MoreTime,
        changing=("is_agreed", "answer", "answered_by_id", "answered_at"),
        # Nobody asks or answers in another's name.
        adding=f"asked_by_id = {ACTOR} AND answered_by_id IS NULL"
        " AND EXISTS (SELECT 1 FROM cases_action a WHERE a.id = action_id AND a.case_id = cases_moretime.case_id)",
        check=f"answered_by_id IS NULL OR answered_by_id = {ACTOR}",
    ),
    history(Action, "case_id"),
    of(
        Draft,
        {(POLICE,): "SELECT, INSERT, UPDATE, DELETE", POLICE_BOTH: "SELECT"},
        (
            Policy("ALL", POLICE_BOTH, using=OWN_ROWS, check=OWN_ROWS),
            Policy("SELECT", POLICE_BOTH, using=UNFINISHED_REPORT),
            definer_sees_everything(),
        ),
    ),
    # How far a run has come and what became of its rows is written by functions (cases/sql/imports.sql), which say of what they are sure.
    *(
        of(
            model,
            {(POLICE,): privileges, POLICE_BOTH: "SELECT"},
            (
                Policy("SELECT", POLICE_BOTH, using=OWN_IMPORTS),
                Policy("UPDATE", (POLICE,), using=OWN_IMPORTS, check=OWN_IMPORTS),
                Policy("INSERT", (POLICE,), check=f"{OWN_IMPORTS} AND {new}"),
                definer_sees_everything(),
            ),
        )
        for model, privileges, new in (
            (
                ImportRun,
                "INSERT, UPDATE (fields, unit_id, said, mapped_at, quiet_until)",
                "num_nulls(loading_at, finished_at, undone_at, erased_at) = 4",
            ),
            (ImportRow, "INSERT", f"state = 'STAGED' AND case_id IS NULL AND {OF_OWN_NEW_IMPORT}"),
        )
    ),
    # Written by rasso.first_time, which answers whether a form is sent for the first time; read by nobody.
    of(SentForm, {}, (definer_sees_everything(),)),
    # Made only by rasso.sweep.
    of(Reminder, {POLICE_BOTH: "SELECT"}, (Policy("SELECT", POLICE_BOTH, using=OWN_ROWS), definer_sees_everything())),
    child(EscalationAnswer, adding=f"by_id = {ACTOR} AND {ANSWERS_AS_SUPERVISOR} AND {ANSWERS_FOR_ITS_CASE}"),
    # The administrator sees which messages could not be sent, and to whom of the staff; nothing in them speaks of a case.
    of(
        Message,
        {(SYSTEM,): "SELECT, UPDATE (leased_until, attempts, sent_at, dropped_at, last_error)", POLICE_BOTH: "SELECT"},
        (
            Policy("ALL", (SYSTEM,), using="true", check="true"),
            Policy("SELECT", POLICE_BOTH, using="(SELECT rasso.has_role('ADMINISTRATOR'))"),
            definer_sees_everything(),
        ),
    ),
    of(Heartbeat, {(WEB, WORKER, SYSTEM, *READERS): "SELECT"}),
    *(of(model, {(WEB, WORKER, SYSTEM, *READERS): "SELECT"}, is_trailed=True) for model in (OffenceType, Rule, LocalDay)),
)
