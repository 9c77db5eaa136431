"""What the database admits to the tables of the information manager. Each is written only by functions that check who asks
(information/sql); no policy gives an information manager a row of a case.
"""

from information.models import (
    Certificate,
    Disposal,
    DisposalAnswer,
    DisposalMark,
    Hold,
    HoldEnd,
    InformationRule,
    ItemDecision,
    Opening,
    Requester,
    RequestPerson,
    RequestStep,
    RetentionDecision,
    Rewriting,
    SubjectRequest,
)
from kit.postgres.rules import POLICE_BOTH, READERS, SYSTEM, WEB, WORKER, Policy, definer_sees_everything, of

MANAGER = "(SELECT rasso.has_role('INFORMATION_MANAGER'))"
# Whoever may be the second person of a disposal.
EITHER_OF_TWO = "(SELECT rasso.has_role('INFORMATION_MANAGER', 'SUPERINTENDENT'))"
# The registers; an auditor may be of an oversight body.
AND_AUDITOR = "(SELECT rasso.has_role('INFORMATION_MANAGER', 'AUDITOR'))"
ALL_THREE = "(SELECT rasso.has_role('INFORMATION_MANAGER', 'SUPERINTENDENT', 'AUDITOR'))"

TABLES = (
    # Whoever changes one changes what is due for disposal.
    of(InformationRule, {(WEB, WORKER, SYSTEM, *READERS): "SELECT"}, is_trailed=True),
    *(
        of(
            model,
            {POLICE_BOTH: "SELECT"},
            (Policy("SELECT", POLICE_BOTH, using=using), definer_sees_everything()),
            is_trailed=True,
        )
        for model, using in (
            (Requester, MANAGER),
            (RequestPerson, MANAGER),
            (ItemDecision, MANAGER),
            (DisposalMark, EITHER_OF_TWO),
            (Opening, MANAGER),
            (RetentionDecision, MANAGER),
        )
    ),
    *(
        of(model, {READERS: "SELECT"}, (Policy("SELECT", READERS, using=using), definer_sees_everything()), is_trailed=True)
        for model, using in (
            (SubjectRequest, AND_AUDITOR),
            (RequestStep, AND_AUDITOR),
            (Hold, AND_AUDITOR),
            (HoldEnd, AND_AUDITOR),
            (Disposal, ALL_THREE),
            (DisposalAnswer, ALL_THREE),
            (Certificate, ALL_THREE),
            (Rewriting, ALL_THREE),
        )
    ),
)
