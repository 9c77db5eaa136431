"""What the database admits to the tables that prove the record: auditors read, functions write (audit/sql)."""

from audit.models import Breach, Check, DataChange, KeptSeal, Seal, Signal, SignalAnswer
from kit.postgres.rules import READERS, Policy, definer_sees_everything, of

AUDITORS = (Policy("SELECT", READERS, using="(SELECT rasso.has_role('AUDITOR'))"), definer_sees_everything())

TABLES = (
    *(of(model, {READERS: "SELECT"}, AUDITORS) for model in (DataChange, Seal)),
    # What an auditor does is itself written down as it was.
    *(of(model, {READERS: "SELECT"}, AUDITORS, is_trailed=True) for model in (Check, KeptSeal, Signal, SignalAnswer, Breach)),
)
