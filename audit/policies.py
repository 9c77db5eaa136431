"""What the database admits to the tables that prove the record: auditors read, functions write (audit/sql)."""

from audit.models import Breach, Check, DataChange, KeptSeal, Seal, Signal, SignalAnswer
from cases.policies import TABLES as CASES
from information.policies import TABLES as INFORMATION
from kit.postgres.rules import READERS, Policy, definer_sees_everything, of
from people.policies import TABLES as PEOPLE

AUDITORS = (Policy("SELECT", READERS, using="(SELECT rasso.has_role('AUDITOR'))"), definer_sees_everything())

TABLES = (
    *(of(model, {READERS: "SELECT"}, AUDITORS) for model in (DataChange, Seal)),
    # What an auditor does is itself written down as it was.
    *(of(model, {READERS: "SELECT"}, AUDITORS, is_trailed=True) for model in (Check, KeptSeal, Signal, SignalAnswer, Breach)),
)
# Whose rows are compared with what the audit trigger said of them.
TRAILED = [rules.table for rules in (*PEOPLE, *CASES, *INFORMATION, *TABLES) if rules.trail is not None]
