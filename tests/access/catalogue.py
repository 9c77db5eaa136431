"""Compares what the database holds with what rasso/database.py declares. Each check answers the faults it found, in words."""

from django.apps import apps

from kit.classification import Classification
from kit.postgres.rules import EVERY_ROLE, TableRules
from rasso import database
from tests.access.sql import ask

SCHEMAS = ("public", "rasso")
# Read by functions only: the clock of the demonstration and tests, the keys that sign who is asking, and that of the audit trigger.
ALSO = {"rasso.demonstration_clock", "rasso.actor_key", "rasso.digest_key"}
COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
POLICED = {Classification.OPERATIONAL, Classification.RECORD, Classification.OWN}


def faults() -> list[str]:
    return [*undeclared_tables(), *tables_without_policy(), *privileges_unlike_declared(), *given_to_everybody(), *loose_views()]


def undeclared_tables() -> list[str]:
    """Every table stands in rasso/database.py by name, so that a new one is noticed."""
    declared = {f"public.{rules.table}" for rules in database.TABLES} | ALSO
    present = {
        f"{schema}.{table}"
        for schema, table in ask(
            "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = ANY(%s) AND c.relkind IN ('r', 'p', 'f', 'm')",
            list(SCHEMAS),
        )
    }
    return [f"{table} is not declared" for table in sorted(present - declared)] + [
        f"{table} is declared and not there" for table in sorted(declared - present - ALSO)
    ]


def tables_without_policy() -> list[str]:
    """Row-level security on, forced, and with as many policies as declared, on every table that holds content."""
    held = {
        table: (on, forced, policies)
        for table, on, forced, policies in ask(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid)"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
        )
    }
    found = []
    for rules in database.TABLES:
        on, forced, policies = held.get(rules.table, (False, False, 0))
        if rules.classification in POLICED and not (on and forced and policies):
            found.append(f"{rules.table} is {rules.classification.name} and stands under no policy")
        if policies != len(rules.policies):
            found.append(f"{rules.table} has {policies} policies and {len(rules.policies)} are declared")
    return found


def models_unlike_their_rules() -> list[str]:
    """Each of our models has rules, under the classification of its base class; history tables are models as well."""
    stated = {rules.table: rules.classification for rules in database.TABLES}
    found = []
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in {"kit", "people", "cases", "information", "audit", "rasso"}:
            continue
        classification = getattr(model, "classification", None)
        if classification is None:
            found.append(f"{model.__name__} has no classification")
        elif stated.get(model._meta.db_table) is not classification:
            found.append(f"{model._meta.db_table} is declared otherwise than its model {model.__name__}")
    return found


def privileges_unlike_declared() -> list[str]:
    found = []
    for rules in database.TABLES:
        for role in EVERY_ROLE:
            if role == "rasso_definer":
                continue  # its grants stand beside its functions, in sql/
            held, declared = held_privileges(rules.table, role), declared_privileges(rules, role)
            if held != declared:
                found.append(f"{role} on {rules.table}: {sorted(held)} instead of {sorted(declared)}")
    return found


def held_privileges(table: str, role: str) -> set[str]:
    """ "SELECT", or "UPDATE (password)" where it is given column by column."""
    whole = {
        command
        for command, held in ask(
            "SELECT c, has_table_privilege(%s, %s, c) FROM unnest(%s::text[]) c", role, f"public.{table}", list(COMMANDS)
        )
        if held
    }
    columns = ask(
        "SELECT c, a.attname FROM pg_attribute a, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) c"
        " WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(%s, a.attrelid, a.attnum, c)",
        f"public.{table}",
        role,
    )
    return whole | {f"{command} ({column})" for command, column in columns if command not in whole}


def declared_privileges(rules: TableRules, role: str) -> set[str]:
    return expand(", ".join(privileges for roles, privileges in rules.privileges.items() if role in roles))


def expand(words: str) -> set[str]:
    """ "SELECT, UPDATE (a, b)" -> SELECT, UPDATE (a), UPDATE (b)."""
    found, command, inside = set(), "", False
    for token in words.replace(",", " ").replace("(", " ( ").replace(")", " ) ").split():
        if token in "()":
            inside = token == "("
            found.discard(command)
        elif inside:
            found.add(f"{command} ({token})")
        else:
            command = token
            found.add(command)
    return found


def given_to_everybody() -> list[str]:
    """Nothing of ours is PUBLIC: no table, no function, no schema to make tables in."""
    tables = ask(
        "SELECT DISTINCT table_schema || '.' || table_name FROM information_schema.table_privileges"
        " WHERE grantee = 'PUBLIC' AND table_schema = ANY(%s)",
        list(SCHEMAS),
    )
    functions = ask(
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,"
        " LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
        " WHERE n.nspname = 'rasso' AND a.grantee = 0 AND p.prorettype <> 'trigger'::regtype"
    )
    schemas = ask(
        "SELECT n.nspname FROM pg_namespace n, LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a"
        " WHERE n.nspname = ANY(%s) AND a.grantee = 0",
        list(SCHEMAS),
    )
    return [f"{name} is given to PUBLIC" for (name,) in (*tables, *functions, *schemas)]


def loose_views() -> list[str]:
    """A view reads with its owner's rights unless it says security_invoker."""
    views = ask(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = ANY(%s) AND c.relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY(c.reloptions), false)",
        list(SCHEMAS),
    )
    return [f"{name} is a view without security_invoker" for (name,) in views]


def writing_functions(role: str) -> set[str]:
    """Functions of ours that this role may call and that may write."""
    return {
        name
        for (name,) in ask(
            "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'rasso'"
            " AND p.provolatile = 'v' AND p.prorettype <> 'trigger'::regtype AND has_function_privilege(%s, p.oid, 'EXECUTE')",
            role,
        )
    }


PATH = 'search_path=pg_catalog, pg_temp"'


def loose_functions() -> list[str]:
    """A function with its owner's rights belongs to rasso_definer, which is no one's login; a function that fixes its path looks for
    names in pg_catalog first and in pg_temp last."""
    return [
        f"{name} runs with the rights of {owner} and search path {settings}"
        for name, owner, settings, has_more_rights in ask(
            "SELECT p.oid::regprocedure::text, r.rolname, coalesce(p.proconfig::text, ''), p.prosecdef FROM pg_proc p"
            " JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner"
            " WHERE n.nspname = ANY(%s)",
            list(SCHEMAS),
        )
        # Without a path of its own a function has its caller's rights and path, and can be written out into the caller's statement.
        if (has_more_rights and owner != "rasso_definer") or ((has_more_rights or settings) and PATH not in settings)
    ]


def who_may_make_types() -> list[str]:
    """Of our roles and everybody; the owner of the database may."""
    return [
        name
        for (name,) in ask(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'rasso%%' AND rolname <> 'rasso_owner'"
            " AND (has_database_privilege(oid, current_database(), 'TEMPORARY') OR has_database_privilege(oid, current_database(), 'CREATE')"
            "   OR has_schema_privilege(oid, 'public', 'CREATE'))"
        )
    ]


def roles_that_pass_policies() -> list[str]:
    return [
        f"{name} passes by policies"
        for (name,) in ask("SELECT rolname FROM pg_roles WHERE rolname LIKE 'rasso%%' AND (rolsuper OR rolbypassrls)")
    ]
