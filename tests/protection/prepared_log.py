"""The log and its review, gone through once from a reading of the protected household to the citizen's disclosure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from kyufu.audit import api as audit
from kyufu.platform.access import Channel
from kyufu.platform.clock import current_instant
from kyufu.registry import api as registry
from tests.cases.world import APPROVER, LATER
from tests.conftest import TESTER
from tests.protection.scene import MOTHER, ON, Scene

DAY = timedelta(days=1)
WALKED = (
    "answer_review", "assign_review", "close_review", "disclosure_csv", "draw_sample", "find_review",
    "open_odd_reads", "reads_of", "record_disclosure", "review_queue", "review_steps", "reviewed_read",
    "reviews_to_answer", "search_log", "unwatch_person", "watch_person", "watched_persons",
)  # fmt: skip


class Suspicious:
    """Facts by which whoever read is a neighbour of everybody."""

    def persons(self, addressee_ids: Collection[int]) -> Mapping[int, audit.PersonFacts]:
        """Protected, without a case, at the reader's own address."""
        facts = audit.PersonFacts(address_key="here", is_protected=True)
        return dict.fromkeys(addressee_ids, facts)

    def staff(self, staff_numbers: Collection[str]) -> Mapping[str, audit.StaffFacts]:
        """At the same address."""
        return dict.fromkeys(staff_numbers, audit.StaffFacts(address_key="here"))

    def is_holiday(self, at: datetime) -> bool:  # noqa: ARG002 - of the protocol
        """Never open."""
        return True


def reviewed(scene: Scene) -> object:
    """All that the log tells of the protected household, to whom it is shown."""
    now = current_instant()
    with audit.acting(TESTER._replace(channel=Channel.SCREEN)):
        registry.people(scene.sheltered, valid_on=ON, today=ON)
        registry.search_people("秘匿", today=ON)
    with audit.acting(TESTER._replace(channel=Channel.SCREEN)):
        return [_reviews(since=now, until=now + DAY), _log(scene, since=now, until=now + DAY)]


def _reviews(*, since: datetime, until: datetime) -> object:
    period = {"since": since, "until": until}
    opened = audit.open_odd_reads(**period, on=ON, facts=Suspicious(), by=LATER, at=until)
    drawn = audit.draw_sample(seed="1", size=3, **period, by=LATER, at=until)
    assert opened + drawn > 0
    queue = audit.review_queue(limit=50)
    one = queue[0].review_id
    audit.assign_review(one, question="何のために見ましたか。", by=LATER, at=until)
    waiting = audit.reviews_to_answer(TESTER.actor.staff_id)
    audit.answer_review(one, explanation="窓口の申請のため", by=TESTER.actor, at=until)
    seen = [audit.find_review(one), audit.reviewed_read(one)]
    audit.close_review(one, finding=audit.Finding.JUSTIFIED, why="申請がある", by=APPROVER, at=until)
    return queue, waiting, seen, audit.review_steps(one)


def _log(scene: Scene, *, since: datetime, until: datetime) -> object:
    mother = scene.ids[MOTHER]
    audit.watch_person(mother, since=ON, until=None, reason="報道", by=LATER, at=until)
    watched = audit.watched_persons(on=ON)
    audit.unwatch_person(watched[0].watched_id, until=ON + DAY)
    rows = audit.reads_of([mother], since=since, until=until, on=ON)
    assert rows
    audit.record_disclosure(mother, request_no="開示1", rows=rows)
    query = audit.LogQuery(since, until, addressee_id=mother)
    found = [audit.search_log(stream, query=query, limit=100) for stream in audit.Stream]
    return watched, rows, audit.disclosure_csv(rows), found
