"""The invented cases hold one of each thing that somebody who tries the demonstration should meet."""

import psycopg
import pytest

from tests import databases

WANTED = {
    "a closed case": "SELECT 1 FROM cases_case WHERE status = 'CLOSED'",
    "a case that another body has": "SELECT 1 FROM cases_case WHERE status = 'TRANSFERRED'",
    "a case that was re-opened": "SELECT 1 FROM cases_event WHERE kind = 'CASE_REOPENED'",
    "a second round of reviews": "SELECT 1 FROM cases_review WHERE round = 2 AND completed_at IS NOT NULL",
    "a review for the inspector": "SELECT 1 FROM cases_review WHERE kind = 'ESCALATED' AND lowest_role = 'INSPECTOR' AND completed_at IS NULL",
    "a review for the superintendent": "SELECT 1 FROM cases_review WHERE kind = 'ESCALATED' AND lowest_role = 'SUPERINTENDENT'"
    " AND completed_at IS NULL",
    "a struck entry": "SELECT 1 FROM cases_event WHERE struck_at IS NOT NULL",
    "bail that runs": "SELECT 1 FROM cases_event WHERE kind = 'SUSPECT_BAILED' AND until > current_date",
    "a victim who has not been told": "SELECT 1 FROM cases_timelimit l JOIN cases_rule r ON r.id = l.rule_id WHERE r.code = 'TELL_ARREST'"
    " AND l.met_at IS NULL",
    "a victim who was told": "SELECT 1 FROM cases_timelimit l JOIN cases_rule r ON r.id = l.rule_id WHERE r.code = 'TELL_BAIL'"
    " AND l.met_at IS NOT NULL",
    "a device kept too long": "SELECT 1 FROM cases_timelimit WHERE due_at < now() AND met_at IS NULL",
    "more time that is asked for": "SELECT 1 FROM cases_moretime WHERE answered_at IS NULL",
    "more time that was agreed": "SELECT 1 FROM cases_moretime WHERE is_agreed",
    "an action to verify": "SELECT 1 FROM cases_action WHERE done_at IS NOT NULL AND verified_at IS NULL",
    "a verified action": "SELECT 1 FROM cases_action WHERE verified_at IS NOT NULL",
    "a case without context": "SELECT 1 FROM cases_case c WHERE NOT EXISTS (SELECT 1 FROM cases_context x WHERE x.case_id = c.id)",
    "a line away from the suspect": "SELECT 1 FROM cases_lineofenquiry WHERE leads = 'AWAY'",
    "somebody who covers for a colleague": "SELECT 1 FROM people_cover WHERE starts_on < current_date AND ends_on > current_date"
    " AND ended_at IS NULL",
    "an entry made for an absent colleague": "SELECT 1 FROM cases_event WHERE on_behalf_of_id IS NOT NULL",
    "a crime report begun more than a day ago": "SELECT 1 FROM cases_draft WHERE form = 'log-case' AND begun_at < now() - interval '1 day'",
}


@pytest.mark.parametrize("what", WANTED)
def test_there_is(world: str, what: str) -> None:
    with psycopg.connect(databases.admin_url(world)) as admin:
        assert admin.execute(WANTED[what]).fetchone()
