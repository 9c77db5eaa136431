"""The statements of the review queue. Each is flat, and as long in a large force as in a small one.

Every list of it walks an index in the order of the due dates, and stops: an index of each unit, or for whoever supervises many of them
that of all reviews. So what is escalated and what is not are lists of their own, the second asked for only where the first does not
fill the page. Of a case they need no more than its officer, so they do not join it: a review is policed by itself.
"""

from cases.queries.queue_filters import Show

# Reviews of the units supervised, which `{unit}` names; `{rest}` filters.
OPEN = "FROM cases_review r WHERE {unit} AND NOT r.is_restricted AND r.completed_at IS NULL AND {rest}"
ITS_UNIT = "r.unit_id = u.unit_id"
# With "+ 0" no index of units answers it, so that the one in the order of the list does.
ANY_UNIT = "r.unit_id + 0 = ANY (%(units)s::bigint[])"
IN_ORDER = "ORDER BY r.due_on, r.id LIMIT %(limit)s"
EACH_UNIT = "FROM unnest(%(units)s::bigint[]) AS u(unit_id) CROSS JOIN LATERAL"
OF_UNITS = f"SELECT b.* {EACH_UNIT} (SELECT {{columns}} {OPEN.replace('{unit}', ITS_UNIT)} {IN_ORDER}) b"
OF_MANY_UNITS = f"(SELECT {{columns}} {OPEN.replace('{unit}', ANY_UNIT)} {IN_ORDER})"
# Rows of cases given or escalated one by one; not of those that are only looked at in an emergency.
OF_OWN_CASES = f"""
  SELECT b.* FROM unnest(ARRAY(SELECT DISTINCT rasso.kept_case_ids())) AS own(case_id) CROSS JOIN LATERAL (
    SELECT {{columns}} FROM cases_review r
    WHERE r.case_id = own.case_id AND (r.is_restricted OR r.unit_id <> ALL (%(units)s::bigint[])) AND r.completed_at IS NULL AND {{rest}}
    {IN_ORDER}) b
"""
COUNTED_OF_UNITS = f"SELECT 1 {EACH_UNIT} (SELECT 1 {OPEN.replace('{unit}', ITS_UNIT)} LIMIT %(cap)s) b"
# Late for so long that it has come to the reader; or sent on to them. The first lies before today, where the index ends.
BY_LATENESS = """(r.due_on <= %(today)s AND (r.escalates_to = ANY (%(roles)s) AND r.escalates_on <= %(today)s
  OR r.escalates_further_to = ANY (%(roles)s) AND r.escalates_further_on <= %(today)s))"""
SENT_ON = "(r.kind = 'ESCALATED' AND r.lowest_role = ANY (%(roles)s))"
ESCALATED = f"({BY_LATENESS} OR {SENT_ON})"
CASES_OF = "ARRAY(SELECT c.id FROM cases_case c WHERE c.officer_id = {whom})"
FILTERS = f"""(%(kind)s = '' OR r.kind = %(kind)s)
  AND (%(officer)s::bigint IS NULL OR r.case_id = ANY ({CASES_OF.format(whom="%(officer)s")}))
  AND (NOT %(covering)s OR r.unit_id = ANY (ARRAY(SELECT w.unit_id FROM rasso.covered_units() w)))"""
# What has come to the reader is theirs, whoever else could sign it.
MINE = (
    f"(NOT %(mine)s OR r.lowest_role = ANY (%(signs)s) AND r.case_id <> ALL ({CASES_OF.format(whom='ANY (%(does_work_of)s)')}))"
)
TO_READER = [BY_LATENESS, f"{SENT_ON} AND NOT {BY_LATENESS}"]
OTHERS = {
    Show.ALL: f"{MINE} AND NOT {ESCALATED}",
    Show.LATE: f"{MINE} AND NOT {ESCALATED} AND r.due_on < %(today)s",
    Show.WEEK: f"{MINE} AND NOT {ESCALATED} AND r.due_on BETWEEN %(today)s AND %(soon)s",
    # None of them is late.
    Show.LATER: f"{MINE} AND NOT {SENT_ON} AND r.due_on > %(soon)s",
    Show.DUE: f"{MINE} AND NOT {ESCALATED} AND r.due_on <= %(soon)s",
}
AFTER = f"""(%(after)s::uuid IS NULL OR (NOT {ESCALATED}, r.due_on, r.id) > (
    SELECT NOT {ESCALATED}, r.due_on, r.id FROM cases_review r WHERE r.id = %(after)s))"""
COLUMNS = "r.due_on, r.id, r.case_id, r.kind, r.number, r.lowest_role, r.escalated_from_id"
ROWS = """
SELECT page.*, c.reference, c.recorded_at, c.officer_id, c.is_restricted,
  trim(concat_ws(' ', o.rank, o.given_name, o.family_name)) AS officer,
  (SELECT t."group" FROM cases_caseoffence x JOIN cases_offencetype t ON t.id = x.offence_type_id
     WHERE x.case_id = c.id ORDER BY x."order" LIMIT 1) AS offence_group,
  limits.victim_late, limits.device_late, limits.no_early_advice, contact.last_at AS last_contact, bail.until AS bail_until,
  d.updated_at IS NOT NULL AS has_draft, since.at AS changes_since, changes.number AS changes, changes.latest AS last_change,
  EXISTS (SELECT 1 FROM cases_casegrant g WHERE g.content_object_id = c.id AND g.user_id = %(me)s
    AND g.basis = ANY (%(working)s) AND g.ends_at IS NULL) AS works_on_it,
  EXISTS (SELECT 1 FROM cases_casegrant g WHERE g.content_object_id = c.id AND g.user_id = %(me)s
    AND g.basis = ANY (%(working)s) AND g.ends_at > since.at) AS worked_on_it,
  EXISTS (SELECT 1 FROM cases_casegrant g WHERE g.content_object_id = c.id AND g.user_id = ANY (%(covers)s)
    AND g.basis = ANY (%(working)s) AND g.ends_at IS NULL) AS covers_for_it,
  EXISTS (SELECT 1 FROM cases_event e JOIN cases_casegrant g ON g.content_object_id = c.id AND g.user_id = e.on_behalf_of_id
    AND g.basis = ANY (%(working)s) WHERE e.case_id = c.id AND e.by_id = %(me)s AND e.recorded_at > since.at) AS covered_for_it,
  EXISTS (SELECT 1 FROM cases_review s WHERE s.id = page.escalated_from_id AND s.completed_by_id = %(me)s) AS sent_it_on
FROM page JOIN cases_case c ON c.id = page.case_id LEFT JOIN people_user o ON o.id = c.officer_id
  LEFT JOIN cases_draft d ON d.form = 'review' AND d.about = page.id::text AND d.owner_id = %(me)s
  CROSS JOIN LATERAL (SELECT coalesce(max(p.completed_at), c.recorded_at) AS at FROM cases_review p
    WHERE p.case_id = c.id AND p.result <> 'STOOD_DOWN') since
  CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE e.recorded_at > since.at AND e.kind <> 'REVIEW_COMPLETED') AS number,
      max(e.recorded_at) AS latest FROM cases_event e WHERE e.case_id = c.id AND e.kind <> ALL (%(no_progress)s)) changes
  CROSS JOIN LATERAL (SELECT coalesce(bool_or(q.code = ANY (%(victim_codes)s) AND late.is_late), FALSE) AS victim_late,
      coalesce(bool_or(q.code = 'DEVICE_RETURN' AND late.is_late), FALSE) AS device_late,
      coalesce(bool_or(q.code = 'EARLY_ADVICE_DECISION' AND x.due_on <= %(soon)s), FALSE) AS no_early_advice
    FROM cases_timelimit x JOIN cases_rule q ON q.id = x.rule_id
      CROSS JOIN LATERAL (SELECT CASE WHEN x.due_at IS NULL THEN x.due_on < %(today)s ELSE x.due_at < %(now)s END AS is_late) late
    WHERE x.case_id = c.id AND x.met_at IS NULL AND x.stopped_by_id IS NULL AND x.suspended_by_id IS NULL) limits
  CROSS JOIN LATERAL (SELECT max(e.happened_at) AS last_at FROM cases_event e
    WHERE e.case_id = c.id AND e.struck_at IS NULL AND e.kind = ANY (%(contacts)s)) contact
  -- The last entry that stands and says so (SAY_WHETHER_ON_BAIL); who is not on bail by it has no bail that ends.
  CROSS JOIN LATERAL (SELECT min(last.until) AS until FROM (
      SELECT DISTINCT ON (e.subject) e.kind, e.until FROM cases_event e
      WHERE e.case_id = c.id AND e.struck_at IS NULL AND e.kind = ANY (%(say_bail)s)
      ORDER BY e.subject, e.happened_at DESC, e.recorded_at DESC, e.id DESC) last
    WHERE last.kind = ANY (%(bails)s) AND last.until <= %(soon)s) bail
ORDER BY page.not_escalated, page.due_on, page.id
"""
RECENTLY = "r.completed_at >= %(recently)s AND r.result <> 'STOOD_DOWN'"
NEWEST = "ORDER BY r.completed_at DESC, r.id LIMIT %(most)s"
COMPLETED_OF_UNITS = (
    f"SELECT b.* {EACH_UNIT} (SELECT r.* FROM cases_review r WHERE r.unit_id = u.unit_id AND {RECENTLY} {NEWEST}) b"
)
COMPLETED_OF_MANY_UNITS = f"SELECT r.* FROM cases_review r WHERE {ANY_UNIT} AND {RECENTLY}"
COMPLETED = """
SELECT r.id, r.case_id, r.kind, r.result, r.completed_at, c.reference, trim(concat_ws(' ', u.rank, u.given_name, u.family_name))
    || coalesce(' for ' || nullif(trim(concat_ws(' ', w.rank, w.given_name, w.family_name)), ''), '') AS by
FROM (SELECT * FROM ({branch}) r {newest}) r
  JOIN cases_case c ON c.id = r.case_id JOIN people_user u ON u.id = r.completed_by_id
  LEFT JOIN people_user w ON w.id = r.on_behalf_of_id
ORDER BY r.completed_at DESC, r.id
"""
COUNT = "(SELECT count(*) FROM (SELECT 1 FROM ({branches}) b LIMIT %(cap)s) capped) AS {name}"


def page_sql(show: Show, *, of_many: bool) -> str:
    """The rows of a page, or of the whole queue, by `limit`."""
    lists = {
        "to_reader": TO_READER if show in (Show.ALL, Show.ESCALATED) else [],
        "others": [f"{OTHERS[show]} AND (SELECT count(*) FROM to_reader) < %(limit)s"] if show in OTHERS else [],
    }
    named = ", ".join(f"{name} AS MATERIALIZED ({in_order(parts, of_many)})" for name, parts in lists.items())
    return f"""WITH {named}, page AS (
      SELECT FALSE AS not_escalated, * FROM to_reader UNION ALL SELECT TRUE, * FROM others ORDER BY not_escalated, due_on, id LIMIT %(limit)s
    ) {ROWS}"""


def in_order(parts: list[str], of_many: bool) -> str:
    """Of each part what comes first, then of all together."""
    rests = [f"{FILTERS} AND {AFTER} AND {part}" for part in parts] or ["FALSE"]
    branches = (OF_MANY_UNITS if of_many else OF_UNITS, OF_OWN_CASES)
    each = " UNION ALL ".join(of.format(columns=COLUMNS, rest=rest) for rest in rests for of in branches)
    return f"SELECT * FROM ({each}) each ORDER BY due_on, id LIMIT %(limit)s"


def count_sql(show: Show, *, of_many: bool) -> str:
    """How many, but no further than the cap."""
    parts = TO_READER if show is Show.ESCALATED else [OTHERS[show]]
    rests = [f"{FILTERS} AND {part}" for part in parts]
    of_units = COUNTED_OF_UNITS
    if of_many:
        # The walk in order stops soonest, except in a span of days so short that PostgreSQL would sort all of it.
        of_units = OF_MANY_UNITS if show is not Show.WEEK else OF_MANY_UNITS.replace("ORDER BY r.due_on, r.id", "")
    branches = (of_units, OF_OWN_CASES)
    each = " UNION ALL ".join(of.format(columns="1", rest=rest) for rest in rests for of in branches)
    return COUNT.format(branches=each.replace("%(limit)s", "%(cap)s"), name=show.value)


def completed_sql(*, of_many: bool) -> str:
    return COMPLETED.format(branch=COMPLETED_OF_MANY_UNITS if of_many else COMPLETED_OF_UNITS, newest=NEWEST)
