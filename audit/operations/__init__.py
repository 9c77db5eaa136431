"""What is done to prove the record, and what the auditor does about what it shows."""

from audit.operations.answering import answer_signal, close_breach, decide_breach, enter_breach
from audit.operations.checking import (
    SYSTEM,
    Found,
    Kept,
    begin_check,
    check_daily,
    check_found,
    continue_check,
    keep_seal,
    seal_is,
)
from audit.operations.sealing import seal_record

__all__ = [
    "SYSTEM",
    "Found",
    "Kept",
    "answer_signal",
    "begin_check",
    "check_daily",
    "check_found",
    "close_breach",
    "continue_check",
    "decide_breach",
    "enter_breach",
    "keep_seal",
    "seal_is",
    "seal_record",
]
