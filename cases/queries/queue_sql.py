"""The statements of the review queue. Each is flat, and as long in a large force as in a small one: whoever supervises hundreds of units
is shown fifty rows of at most fifty of them.

Every list of it walks an index of each unit in the order of the due dates, and stops. So what is escalated and what is not are lists
of their own, the second asked for only where the first does not fill the page.
"""

from cases.queries.queue_filters import Show

# Rows of the units supervised: of the units whose first rows come first, as many as the page holds. `{rest}` filters.
OF_UNITS = """
  SELECT b.* FROM (
    SELECT u.unit_id FROM unnest(%(units)s::bigint[]) AS u(unit_id) CROSS JOIN LATERAL (
      SELECT r.due_on, r.id FROM cases_review r JOIN cases_case c ON c.id = r.case_id
      WHERE r.unit_id = u.unit_id AND NOT r.is_restricted AND r.completed_at IS NULL AND {rest}
      ORDER BY r.due_on, r.id LIMIT 1) f
    ORDER BY f.due_on, f.id LIMIT %(limit)s) AS earliest
  CROSS JOIN LATERAL (
    SELECT {columns} FROM cases_review r JOIN cases_case c ON c.id = r.case_id
    WHERE r.unit_id = earliest.unit_id AND NOT r.is_restricted AND r.completed_at IS NULL AND {rest}
    ORDER BY r.due_on, r.id LIMIT %(limit)s) b
"""
# Rows of cases given or escalated one by one.
OF_OWN_CASES = """
  SELECT b.* FROM unnest(ARRAY(SELECT DISTINCT rasso.own_case_ids())) AS own(case_id) CROSS JOIN LATERAL (
    SELECT {columns} FROM cases_review r JOIN cases_case c ON c.id = r.case_id
    WHERE r.case_id = own.case_id AND (r.is_restricted OR r.unit_id <> ALL (%(units)s::bigint[])) AND r.completed_at IS NULL AND {rest}
    ORDER BY r.due_on, r.id LIMIT %(limit)s) b
"""
COUNTED_OF_UNITS = """
  SELECT 1 FROM unnest(%(units)s::bigint[]) AS u(unit_id) CROSS JOIN LATERAL (
    SELECT 1 FROM cases_review r JOIN cases_case c ON c.id = r.case_id
    WHERE r.unit_id = u.unit_id AND NOT r.is_restricted AND r.completed_at IS NULL AND {rest} LIMIT %(cap)s) b
"""
# Late for so long that it has come to the reader; or sent on to them. The first lies before today, where the index ends.
BY_LATENESS = """(r.due_on <= %(today)s AND (r.escalates_to = ANY (%(roles)s) AND r.escalates_on <= %(today)s
  OR r.escalates_further_to = ANY (%(roles)s) AND r.escalates_further_on <= %(today)s))"""
SENT_ON = "(r.kind = 'ESCALATED' AND r.lowest_role = ANY (%(roles)s))"
ESCALATED = f"({BY_LATENESS} OR {SENT_ON})"
FILTERS = f"""(%(kind)s = '' OR r.kind = %(kind)s)
  AND (%(officer)s::bigint IS NULL OR c.officer_id = %(officer)s)
  AND (NOT %(covering)s OR r.unit_id = ANY (ARRAY(SELECT w.unit_id FROM rasso.covered_units() w)))
  AND (NOT %(mine)s OR r.lowest_role = ANY (%(signs)s) AND (c.officer_id IS NULL OR c.officer_id <> ALL (%(does_work_of)s)) OR {ESCALATED})"""
PARTS = {
    Show.ALL: "TRUE",
    Show.LATE: "r.due_on < %(today)s",
    Show.WEEK: "r.due_on BETWEEN %(today)s AND %(soon)s",
    Show.LATER: "r.due_on > %(soon)s",
    Show.DUE: "r.due_on <= %(soon)s",
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
# Officers to filter by; no further than a list that somebody would still read.
MOST_OFFICERS = 300
OFFICERS = f"""(SELECT coalesce(json_agg(json_build_array(o.id, trim(concat_ws(' ', o.rank, o.given_name, o.family_name)))
    ORDER BY o.family_name, o.given_name, o.id), '[]')
  FROM (SELECT u.* FROM people_user u WHERE u.is_active AND u.id IN (SELECT r.user_id FROM people_roleassignment r WHERE r.role = 'INVESTIGATOR'
    AND r.starts_on <= %(today)s AND (r.ends_on IS NULL OR r.ends_on >= %(today)s)) LIMIT {MOST_OFFICERS + 1}) o) AS officers"""
RECENTLY = "r.completed_at >= %(recently)s AND r.result <> 'STOOD_DOWN'"
COMPLETED = f"""
SELECT r.id, r.case_id, r.kind, r.result, r.completed_at, c.reference, trim(concat_ws(' ', u.rank, u.given_name, u.family_name))
    || coalesce(' for ' || nullif(trim(concat_ws(' ', w.rank, w.given_name, w.family_name)), ''), '') AS by
FROM (
  SELECT r.* FROM (
    SELECT u.unit_id FROM unnest(%(units)s::bigint[]) AS u(unit_id) CROSS JOIN LATERAL (
      SELECT r.completed_at FROM cases_review r WHERE r.unit_id = u.unit_id AND {RECENTLY} ORDER BY r.completed_at DESC LIMIT 1) f
    ORDER BY f.completed_at DESC LIMIT %(most)s) latest
  CROSS JOIN LATERAL (
    SELECT r.* FROM cases_review r WHERE r.unit_id = latest.unit_id AND {RECENTLY} ORDER BY r.completed_at DESC, r.id LIMIT %(most)s) r
  ORDER BY r.completed_at DESC, r.id LIMIT %(most)s) r
  JOIN cases_case c ON c.id = r.case_id JOIN people_user u ON u.id = r.completed_by_id
  LEFT JOIN people_user w ON w.id = r.on_behalf_of_id
ORDER BY r.completed_at DESC, r.id
"""
COUNT = "(SELECT count(*) FROM (SELECT 1 FROM ({branches}) b LIMIT %(cap)s) capped) AS {name}"


def page_sql(show: Show) -> str:
    """The rows of a page, or of the whole queue, by `limit`."""
    lists = {
        "to_reader": [] if show in PARTS and show is not Show.ALL else [BY_LATENESS, f"{SENT_ON} AND NOT {BY_LATENESS}"],
        "others": []
        if show is Show.ESCALATED
        else [f"NOT {ESCALATED} AND {PARTS[show]} AND (SELECT count(*) FROM to_reader) < %(limit)s"],
    }
    named = ", ".join(f"{name} AS MATERIALIZED ({in_order(parts)})" for name, parts in lists.items())
    return f"""WITH {named}, page AS (
      SELECT FALSE AS not_escalated, * FROM to_reader UNION ALL SELECT TRUE, * FROM others ORDER BY not_escalated, due_on, id LIMIT %(limit)s
    ) {ROWS}"""


def in_order(parts: list[str]) -> str:
    """Of each part what comes first, then of all together."""
    rests = [f"{FILTERS} AND {AFTER} AND {part}" for part in parts] or ["FALSE"]
    each = " UNION ALL ".join(of.format(columns=COLUMNS, rest=rest) for rest in rests for of in (OF_UNITS, OF_OWN_CASES))
    return f"SELECT * FROM ({each}) each ORDER BY due_on, id LIMIT %(limit)s"


def count_sql(show: Show) -> str:
    """How many, but no further than the cap."""
    parts = (
        [BY_LATENESS, f"{SENT_ON} AND NOT {BY_LATENESS}"] if show is Show.ESCALATED else [f"NOT {ESCALATED} AND {PARTS[show]}"]
    )
    rests = [f"{FILTERS} AND {part}" for part in parts]
    of_own = OF_OWN_CASES.replace("%(limit)s", "%(cap)s")
    each = " UNION ALL ".join(
        [*(COUNTED_OF_UNITS.format(rest=rest) for rest in rests), *(of_own.format(columns="1", rest=rest) for rest in rests)]
    )
    return COUNT.format(branches=each, name=show.value)
