"""The named acts of the information manager; the only public writers. The functions of the database look again who asks."""

from information.operations.disposals import approve_disposal, propose_disposal, refuse_disposal, withdraw_disposal
from information.operations.requests import (
    begin_review,
    choose_subject,
    confirm_identity,
    decide_item,
    end_request,
    extend_request,
    give_all_of_theirs,
    open_request,
    search_again,
    send_bundle,
)
from information.operations.retention import keep_record, lift_hold, open_review, place_hold

__all__ = [
    "approve_disposal",
    "begin_review",
    "choose_subject",
    "confirm_identity",
    "decide_item",
    "end_request",
    "extend_request",
    "give_all_of_theirs",
    "keep_record",
    "lift_hold",
    "open_request",
    "open_review",
    "place_hold",
    "propose_disposal",
    "refuse_disposal",
    "search_again",
    "send_bundle",
    "withdraw_disposal",
]
