"""Days of the story on which many things come at once: records thrown in, a gateway that opens every link, a Friday evening, a group interview."""

from __future__ import annotations

from deploy.demo.ledger import Fact
from deploy.demo.telling import Told, at, clock, day_of, together

THURSDAY, MONDAY_7, FRIDAY, MONDAY, CAMPUS_DAY = "2026-09-03", "2026-09-07", "2026-09-11", "2026-09-14", "2026-10-10"
GATEWAY = "2026-09-09T08:03"
SEATS_DECIDED = 5
AT_ONCE = 60
"""Seconds: who comes that much later had the same page open."""


def thrown_in(told: Told) -> str:
    """What publishers sent on 3 September, as the door answered them, beside what came of it."""
    sent, accepted, waiting, duplicate, parked = (told.outside.get(name, 0) for name in ("sent", "accepted", "waiting", "duplicate", "parked"))
    hires = [one for one in told.any("application.received") if day_of(one) == THURSDAY]
    known = [one for one in told.any("duplicate.suspected") if day_of(one) == THURSDAY]
    if not sent or not waiting or accepted + duplicate + parked != sent or len(hires) + len(known) != accepted:
        return ""
    return (f"{sent} sent = {accepted} accepted ({waiting} of them waiting) + {duplicate} duplicate + {parked} parked; "
            f"{len(hires)} hires began, {len(known)} more were of somebody known and joined her hire")


def told_second(told: Told) -> str:
    """张岚 answers what 何立 had answered less than a minute before; empty where she did not, or was not told."""
    first = {one.body["ask_id"]: one for one in told.any("ask.answered", kind="client_verdict")}
    waits = []
    for one in told.any("ask.answered_second", kind="client_verdict"):
        was = first.get(one.body["ask_id"])
        if was is not None and day_of(one) == MONDAY_7 and _is(told, one.body["by"], "hr_head") and _is(told, one.body["first_by"], "hiring_manager"):
            waits.append(round((at(one) - at(was)).total_seconds()))
    soon = [seconds for seconds in waits if seconds <= AT_ONCE]
    return f"张岚 answers {len(soon)} of them {max(soon)} s later and is told that 何立 was first" if soon else ""


def _is(told: Told, person: str, role: str) -> bool:
    return role in told.persons.get(str(person), {}).get("roles", ())


def gateway(told: Told) -> str:
    """Every link opened by a machine: a GET changes nothing."""
    opened = told.outside.get("opened", 0)
    answers = [one for one in told.any("ask.answered", "ask.answered_late") if f"{at(one):%Y-%m-%dT%H:%M}" == GATEWAY]
    return f"海港's mail gateway opened {opened} links: {opened} GETs, {len(answers)} answers" if opened and not answers else ""


def evening(told: Told) -> str:
    """An interview that ends on a Friday evening: the card is due on Monday, the candidate knows tonight when the next word comes."""
    ended = [one for one in told.any("interview.scheduled", "interview.moved") if day_of(one.body["ends_at"]) == FRIDAY]
    for one in sorted(ended, key=lambda fact: str(fact.body["ends_at"]), reverse=True):
        hire = one.body["hire_id"]
        cards = [card for card in told.any("obligation.opened", kind="scorecard", hire_id=hire) if day_of(card) == FRIDAY and day_of(card.body["due_at"]) == MONDAY]
        words = [word for word in told.any("message.sent", hire_id=hire) if _word(word) and at(one.body["ends_at"]) <= at(word) and day_of(word) == FRIDAY]
        if cards and words:
            return (f"an interview ended at {at(one.body['ends_at']):%H:%M}: scorecard due {clock(cards[0].body['due_at'])}; "
                    f"at {at(words[0]):%H:%M} the candidate knew when the next word comes")
    return ""


def _word(fact: Fact) -> bool:
    return fact.body["template"] == "interim" and fact.body["party"]["role"] == "candidate"


def group_interview(told: Told) -> str:
    """10 October: the chairs of one session, who did not come, the page that decided, and who answered too late."""
    held = [one for one in told.any("interview.scheduled") if one.body.get("session") and day_of(one.body["starts_at"]) == CAMPUS_DAY]
    seated = {one.body["hire_id"] for one in held}
    absent = [one for one in told.any("interview.no_show", party="candidate") if one.body["hire_id"] in seated and day_of(one) == CAMPUS_DAY]
    pages = together(one for one in told.any("ask.answered", kind="session_verdict") if one.body["hire_id"] in seated)
    late = [one for one in told.of("shen-anning", "ask.answered_late", kind="choose_slot") if day_of(one) == CAMPUS_DAY]
    next_one = [one for one in told.of("shen-anning", "interview.scheduled") if late and one.body.get("session") and at(one) >= at(late[0])]
    if len({one.body["session"]["session_id"] for one in held}) != 1 or len(absent) != 1 or not next_one:
        return ""
    chairs = held[0].body["session"]["capacity"]
    if len(seated) != chairs or not pages or len(pages[0]) != SEATS_DECIDED:
        return ""
    return (f"{len(seated)} of {chairs} chairs taken, {len(absent)} did not come, {len(pages[0])} decided on one page ({clock(pages[0][0])}); "
            f"沈安宁 answered at {at(late[0]):%H:%M}, too late: welcome, told what became of it, seated {clock(next_one[0].body['starts_at'])}")
