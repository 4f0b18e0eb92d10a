"""The story's days as they really went, each told from facts in Kafka alone: a day whose facts are missing is a violation, never a sentence.

Nothing here knows how a day should have gone but the conditions of practice.md section 4; instants, people and numbers come from the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from deploy.demo.days import Day
from deploy.demo.ledger import Fact, Ledger
from deploy.demo.result import PERSONS
from deploy.demo.small import MADE_UP
from deploy.demo.telling import Told, at, clock, day_of, together
from deploy.demo.told_of_many import evening, gateway, group_interview, thrown_in, told_second

BERLIN = ZoneInfo("Europe/Berlin")
CLOCKS_BACK = datetime(2026, 10, 25, 3, tzinfo=BERLIN)
LONGEST_WEEK = 7
MONDAY, FRIDAY = 0, 4
GOLDEN_WEEK = (date(2026, 10, 1), date(2026, 10, 7))


def unlawful_need(told: Told) -> str:
    """R-121: refused with its clause, said otherwise, signed by both, opened."""
    of = {"requisition_id": told.requisition("R-121")}
    raised = [one for one in told.any("requisition.registered", **of) if one.body.get("unlawful")]
    clauses = [one["clause"] for fact in told.any("requisition.recorded", **of)[:1] for one in fact.body.get("findings", []) if one["refused"]]
    confirmed, opened = told.any("requisition.confirmed", **of), told.any("requisition.opened", **of)
    if not (raised and clauses and confirmed and opened):
        return ""
    hours = (at(confirmed[0]) - at(raised[0])).total_seconds() / 3600
    quoted, _, instead = clauses[0].partition(" → ")
    return (f"R-121 not opened: “{quoted}” is refused, better: {instead.partition(' / ')[0]}; said lawfully, "
            f"signed by both sides {hours:.1f} h later, open at {at(opened[0]):%H:%M}")


def same_group(told: Told) -> str:
    """邵一凡 works in the client's group: nothing left the house."""
    refused = told.of("shao-yifan", "intake.command_refused", reason="same_group")
    shown = told.of("shao-yifan", "disclosure.made", "candidate.submitted")
    if not refused or shown or str(refused[0].body["reason"]) not in told.whynot:
        return ""
    return f"邵一凡 refused at {clock(refused[0])}: same group; {len(shown)} disclosures, nothing left the house. whynot: “{told.whynot}”"


def verdicts(told: Told) -> str:
    """One page, one sender; who came second; who was known before."""
    pages = together(told.any("ask.answered", kind="client_verdict"))
    second = told_second(told)
    ruled = told.of("xu-mingyuan", "decision.made")
    ruling = next((one.body["decision"] for one in ruled if str(one.body["decision"]).startswith("ownership_")), "")
    if not pages or not ruling or not second:
        return ""
    return f"{len(pages[0])} verdicts on one page by one person; {second}; 许明远 “known since March”: disputed, our director ruled {ruling.removeprefix('ownership_')}"


def replaced(told: Told) -> str:
    """An interviewer leaves before a panel."""
    found = [one for one in told.any("interviewer.replaced") if day_of(one) == "2026-09-10"]
    gone = told.any("staff.left", "person.recorded")
    if not found or not gone:
        return ""
    chairs = {((one.body.get("session") or {}).get("session_id") or one.body["interview_id"], one.body["out_id"]) for one in found}
    many = "s" if len(chairs) > 1 else ""
    return f"{len(chairs)} chair{many} taken by somebody else at {at(found[0]):%H:%M}; the same calendar entry, version {found[0].body['version']}"


def weekend(told: Told) -> str:
    """Scorecards over a weekend, and reminders to people at work on days that nobody works."""
    cards = [one for one in told.any("obligation.opened", kind="scorecard") if (at(one).weekday(), at(one.body["due_at"]).weekday()) == (FRIDAY, MONDAY)]
    sent = [one for one in told.any("message.sent", purpose="remind") if one.body["party"]["role"] not in PERSONS]
    nags = [one for one in sent if at(one).weekday() > FRIDAY and at(one).date().isoformat() not in MADE_UP]
    return f"{len(cards)} scorecards of a Friday were due on Monday; {len(nags)} of {len(sent)} reminders came on a free weekend" if sent and not nags else ""


def made_up_sunday(told: Told) -> str:
    """A Sunday that is a working day in China, and only there."""
    due = [one for one in told.any("obligation.opened") if at(one.body["due_at"]).date() == date(2026, 9, 20)]
    berlin = [one for one in due if _zone(told, one) == "Europe/Berlin"]
    return f"{len(due)} dues in Shanghai, {len(berlin)} in Munich" if due and not berlin else ""


def offer_out(told: Told) -> str:
    """How long a letter stays open around the holidays."""
    sent = told.of("song-zhiyuan", "offer.sent")
    asked = told.of("song-zhiyuan", "obligation.opened", kind="offer_answer")
    return f"宋知远's offer delivered {clock(sent[0])}, open until {clock(asked[0].body['due_at'])}" if sent and asked else ""


def offer_stands(told: Told) -> str:
    """A freeze after the letter was delivered: two people look, the candidate accepts."""
    reviews = told.of("song-zhiyuan", "obligation.opened", kind="offer_withdrawal_review")
    accepted = told.of("song-zhiyuan", "offer.accepted")
    sent = told.of("song-zhiyuan", "offer.sent")
    if len(reviews) < 2 or not accepted or not sent or at(sent[0]) > at(reviews[0]):
        return ""
    roles = " and ".join(sorted({str(one.body["owed_by"]["role"]).replace("_", " ") for one in reviews}))
    return f"delivered {clock(sent[0])}: not possible any more; {roles} look, the offer stands, accepted {clock(accepted[0])}"


def golden_week(told: Told) -> str:
    """Messages in the holiday by the reader's zone."""
    sent = [one for one in told.any("message.sent") if GOLDEN_WEEK[0] <= at(one).date() <= GOLDEN_WEEK[1]]
    china = [one for one in sent if _zone(told, one) == "Asia/Shanghai" and _began(one)]
    return f"begun by the machine to China: {len(china)}; Munich: {sum(_zone(told, one) == 'Europe/Berlin' for one in sent)}" if sent and not china else ""


def second_version(told: Told) -> str:
    """A counter-offer: only those are asked whose question is new, about the difference."""
    changed = [one for one in told.of("gu-siqi", "offer.changed") if one.body.get("changed")]
    if not changed:
        return ""
    asked = [one for one in told.of("gu-siqi", "obligation.opened", kind="approve_offer") if at(one) >= at(changed[0])]
    approved = told.of("gu-siqi", "offer.approved", version=changed[0].body["version"])
    if not asked or not approved:
        return ""
    who = ", ".join(str(one.body["owed_by"]["role"]).replace("_", " ") for one in asked)
    return (f"顾思齐's version {changed[0].body['version']} differs in {', '.join(changed[0].body['changed'])}: asked {who}"
            f"{' (by delegate)' if _by_delegate(told, asked) else ''}; approved {clock(approved[0])}")


def _by_delegate(told: Told, asked: list[Fact]) -> bool:
    """Whether somebody of those asked stands in for somebody who is away then."""
    away = {person for person, body in told.persons.items()
            for one in body.get("absences", []) if datetime.fromisoformat(one["starts_at"]) <= at(asked[0]) < datetime.fromisoformat(one["ends_at"])}
    delegates = {told.persons[person].get("delegate_id") for person in away}
    return any(one.body["owed_by"].get("person_id") in delegates for one in asked)


def summer_time(told: Told) -> str:
    """A duty in Munich over the night in which its clocks change: the same wall there, another one here."""
    for one in told.any("obligation.opened"):
        opened, due = at(one.body["opened_at"]), at(one.body["due_at"])
        if _zone(told, one) != "Europe/Berlin" or not opened < CLOCKS_BACK < due:
            continue
        there = [instant.astimezone(BERLIN) for instant in (opened, due)]
        if f"{there[0]:%H:%M}" == f"{there[1]:%H:%M}" and due.date().toordinal() - opened.date().toordinal() <= LONGEST_WEEK:
            what = str(one.body["kind"]).replace("_", " ")
            return f"Munich left summer time: {what} at {there[0]:%H:%M} there before and after, {opened:%H:%M} and then {due:%H:%M} here"
    return ""


def reserve(told: Told) -> str:
    """Who reneges on the first morning, and how soon the seat is in somebody's hands."""
    gone = told.of("gu-siqi", "hire.reneged")
    calls = [one for one in told.of("gu-siqi", "obligation.opened", kind="call") if gone and at(one) >= at(gone[0])]
    met = [one for one in told.of("gu-siqi", "obligation.met", kind="call") if calls and one.body["obligation_id"] == calls[0].body["obligation_id"]]
    if not gone or not met:
        return ""
    waits = "，".join(name for name in ("lin-yue", "qiu-ruolan") if told.of(name, "hire.closed", outcome="reserve"))
    minutes = (at(met[0]) - at(gone[0])).total_seconds() / 60
    return f"顾思齐 reneged {at(gone[0]):%H:%M}; the reserve ({waits}) called {minutes:.0f} min later; the seat was never without a holder"


def replacement(told: Told) -> str:
    """A departure within the guarantee."""
    left = told.of("lu-wenqing", "hire.left")
    decided = told.of("lu-wenqing", "obligation.met", kind="replacement_decision")
    opened = told.of("lu-wenqing", "obligation.opened", kind="replacement_shortlist")
    held = told.of("lu-wenqing", "fee.held")
    if not left or not decided or not opened or not held:
        return ""
    shares = ", ".join(f"{one.body['instalment']} of {one.body['of']} ({one.body['share']} %)" for one in held)
    return (f"left on day {left[0].body['day']}, within the guarantee: replacement fee-free, new list owed by {clock(opened[0].body['due_at'])},"
            f" instalment {shares} held")


def provisional(told: Told) -> str:
    """Dues on a calendar that is not published yet."""
    marked = [one for one in told.any("obligation.opened") if one.body.get("provisional")]
    last = max((at(one.body["due_at"]) for one in marked), default=None)
    return f"the list of holidays of 2027 is not out: {len(marked)} dues marked provisional, the last one {last:%a %d %b %Y}" if last else ""


def _zone(told: Told, fact: Fact) -> str:
    party = fact.body.get("owed_by") or fact.body.get("party") or {}
    return str(told.persons.get(str(party.get("person_id")), {}).get("zone", ""))


def _began(fact: Fact) -> bool:
    """Whether the machine began it; what answers somebody's own act, and the reserve's calls, do not count."""
    return fact.body["purpose"] in ("ask", "remind")


DAYS: tuple[tuple[str, Callable[[Told], str], str], ...] = (
    ("Wed 2 Sep", unlawful_need, "baton obligations --state all --kind requirement_confirmation"),
    ("Thu 3 Sep", thrown_in, "baton verify"),
    ("Fri 4 Sep", same_group, "baton whynot {shao-yifan} disclose"),
    ("Mon 7 Sep", verdicts, "baton hire {xu-mingyuan}"),
    ("Wed 9 Sep", gateway, "baton tail --type ask.answered"),
    ("Thu 10 Sep", replaced, "baton tail --type interviewer.replaced"),
    ("Fri 11 Sep", evening, "baton obligations --state all --kind scorecard"),
    ("weekends", weekend, "baton tail --type message.sent"),
    ("Sun 20 Sep", made_up_sunday, "baton obligations --state all"),
    ("Mon 28 Sep", offer_out, "baton hire {song-zhiyuan}"),
    ("Wed 30 Sep", offer_stands, "baton hire {song-zhiyuan}"),
    ("1-7 Oct", golden_week, "baton tail --type message.sent"),
    ("Fri 9 Oct", second_version, "baton hire {gu-siqi}"),
    ("Sat 10 Oct", group_interview, "baton hire {shen-anning}"),
    ("Mon 26 Oct", summer_time, "baton obligations --state all"),
    ("Mon 16 Nov", reserve, "baton hire {gu-siqi}"),
    ("Fri 25 Dec", replacement, "baton hire {lu-wenqing}"),
    ("Mon 15 Feb", provisional, "baton obligations --state all --json"),
)


def days(ledger: Ledger, *, whynot: str = "", outside: Mapping[str, int] | None = None) -> list[Day]:
    """The story, line by line; an empty line is a day that did not go as it should. `whynot`: what that command says of 邵一凡; `outside`: what
    publishers and a mail gateway counted on their own side."""
    told = Told(ledger, whynot, outside)
    made = []
    for when, tell, proof in DAYS:
        for name in ("shao-yifan", "xu-mingyuan", "song-zhiyuan", "gu-siqi", "lu-wenqing", "shen-anning"):
            proof = proof.replace("{" + name + "}", told.hire(name)[:8])  # noqa: PLW2901 - the proof names the hire of this run
        made.append(Day(when, tell(told), proof))
    return made
