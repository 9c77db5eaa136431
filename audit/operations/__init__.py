"""What is done to prove the record, and what the auditor does about what it shows."""

from audit.operations.checking import Found, Kept, begin_check, check_found, continue_check, keep_seal, seal_is
from audit.operations.sealing import seal_record

__all__ = ["Found", "Kept", "begin_check", "check_found", "continue_check", "keep_seal", "seal_is", "seal_record"]
