"""The named acts; the only public writers. Each is guarded: one transaction, the case locked, the right looked at again."""

from cases.operations.actions import (
    answer_more_time,
    ask_for_more_time,
    complete_action,
    give_action,
    send_back_action,
    verify_action,
)
from cases.operations.allocate import allocate_case
from cases.operations.closing import close_case, reopen_case
from cases.operations.connected import decide_connection, end_connection, say_connected, say_i_am_connected
from cases.operations.drafts import discard_draft, save_draft, save_page
from cases.operations.emergency import end_emergency_access, open_emergency_access, review_emergency_access
from cases.operations.escalations import answer_escalation
from cases.operations.events import record_event, strike_event
from cases.operations.hand_over_all import Handing, allocate_cases, hand_over_all
from cases.operations.hand_over_beside import hand_over_beside
from cases.operations.imports import TriedEnough, begin_import, check_import, load_import, map_import, undo_import
from cases.operations.investigation import Line, add_line, change_line, record_context, record_wish, set_plan
from cases.operations.limits import restart_limit, resume_limit, stop_limit, suspend_limit
from cases.operations.log_case import NewCase, log_case
from cases.operations.messages import try_message_again
from cases.operations.officers import add_officer, take_officer_off
from cases.operations.restricted import lift_restriction, name_on_case, name_supervisor_unseen, restrict_case, unname_on_case
from cases.operations.reviews import Direction, ReviewFindings, complete_review
from cases.operations.rules import add_local_day, change_rule
from cases.operations.search import remember_search
from cases.operations.suspects import update_suspect

__all__ = [
    "Direction",
    "Handing",
    "Line",
    "NewCase",
    "ReviewFindings",
    "TriedEnough",
    "add_line",
    "add_local_day",
    "add_officer",
    "allocate_case",
    "allocate_cases",
    "answer_escalation",
    "answer_more_time",
    "ask_for_more_time",
    "begin_import",
    "change_line",
    "change_rule",
    "check_import",
    "close_case",
    "complete_action",
    "complete_review",
    "decide_connection",
    "discard_draft",
    "end_connection",
    "end_emergency_access",
    "give_action",
    "hand_over_all",
    "hand_over_beside",
    "lift_restriction",
    "load_import",
    "log_case",
    "map_import",
    "name_on_case",
    "name_supervisor_unseen",
    "open_emergency_access",
    "record_context",
    "record_event",
    "record_wish",
    "remember_search",
    "reopen_case",
    "restart_limit",
    "restrict_case",
    "resume_limit",
    "review_emergency_access",
    "save_draft",
    "save_page",
    "say_connected",
    "say_i_am_connected",
    "send_back_action",
    "set_plan",
    "stop_limit",
    "strike_event",
    "suspend_limit",
    "take_officer_off",
    "try_message_again",
    "undo_import",
    "unname_on_case",
    "update_suspect",
    "verify_action",
]
