"""Facts of whole hires as their owners would publish them, for tests of what reads facts; ids, sequences and times are fixed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.contracts import application as a
from shared.contracts import client, hire, notification, obligation, offer, party, requisition, scheduling, screening
from shared.contracts.base import Message, derive_id
from shared.contracts.envelope import SCHEMA_BASE, Envelope
from shared.contracts.party import PartyRef
from shared.contracts.topics import topic_of

BEGIN = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
"""Before the held clock's first instant, so that a test stack has seen it all."""


def uid(*name: object) -> UUID:
    """The fixed id of what `name` says."""
    return derive_id("story", "thing", *name)


CLIENT, REQUISITION = uid("client"), uid("requisition")


class Teller:
    """Collects envelopes with gap-free sequences per (source, subject), in the order they are told."""

    def __init__(self) -> None:
        self.told: list[Envelope] = []
        self._n: Counter[tuple[str, str]] = Counter()

    def tell(self, message: Message, at: datetime, *, cause: str = "", policy: str = "") -> Envelope:
        """One fact of its owner."""
        cls = type(message)
        source, subject = f"baton/{topic_of(cls).owner.split(',')[0]}", message.subject()
        self._n[source, subject] += 1
        envelope = Envelope(
            id=str(uid("event", source, subject, self._n[source, subject], cls.TYPE)), source=source, type=cls.TYPE, version=cls.VERSION,
            data=message.model_dump_json().encode(), subject=subject, time=at, recordedtime=at.isoformat(), causationid=cause,
            dataschema=f"{SCHEMA_BASE}/{cls.TYPE}/{cls.VERSION}.json", sequence=str(self._n[source, subject]), policyversion=policy)
        self.told.append(envelope)
        return envelope


class HireStory:
    """One hire told step by step: `at` moves with each step."""

    def __init__(self, teller: Teller, name: str, *, begin: datetime = BEGIN) -> None:
        self.teller, self.name, self.at = teller, name, begin
        self.hire, self.person = uid("hire", name), uid("person", name)
        self.who = {"hire_id": self.hire, "requisition_id": REQUISITION, "client_id": CLIENT, "person_id": self.person}
        self.last = ""

    def wait(self, **span: float) -> HireStory:
        """Let business time pass."""
        self.at += timedelta(**span)
        return self

    def tell(self, message: Message, *, policy: str = "") -> str:
        """One fact now, caused by the one before; returns its id."""
        self.last = self.teller.tell(message, self.at, cause=self.last, policy=policy).id
        return self.last

    def applies(self) -> HireStory:
        """Received, and screened as passed."""
        self.tell(a.ApplicationReceived(
            application_id=self.hire, hire_id=self.hire, person_id=self.person, requisition_id=REQUISITION, requisition_version=1, client_id=CLIENT,
            origin="applied", facts=a.Facts(skills=["motion"]), submitted_at=self.at, externalref=f"ats/{self.name}"))
        self.tell(screening.ScreeningPassed(
            application_id=self.hire, hire_id=self.hire, person_id=self.person, requisition_id=REQUISITION, requisition_version=1, client_id=CLIENT,
            rules_version="r1", score=0.9, results=[], at=self.at))
        return self.enters("screening")

    def enters(self, stage: str) -> HireStory:
        """A stage begins."""
        self.tell(hire.StageEntered(**self.who, at=self.at, stage=stage, policy_version="p1"), policy="p1")
        return self

    def leaves(self, stage: str, how: str = "advanced") -> HireStory:
        """A stage ends."""
        self.tell(hire.StageLeft(**self.who, at=self.at, stage=stage, how=how))
        return self

    def duty(self, kind: str, role: str, **more: object) -> obligation.ObligationOpened:
        """An obligation opens, due in 24 h unless `due_at` says otherwise; the same body is used to end it."""
        opened = obligation.ObligationOpened(**{
            "obligation_id": uid("duty", self.name, kind, role), "hire_id": self.hire, "requisition_id": REQUISITION, "client_id": CLIENT, "kind": kind,
            "owed_by": PartyRef(person_id=uid("person", self.name, role), role=role), "owed_to": PartyRef(person_id=None, role="recruiter"),
            "opened_at": self.at, "due_at": self.at + timedelta(hours=24), "rule": f"{kind}: within 1 wd",
            "rungs": [obligation.Rung(n=1, at=self.at + timedelta(hours=12), do="remind")], **more})
        self.tell(opened, policy="p1")
        return opened

    def ends(self, duty: obligation.ObligationOpened, cls: type[obligation.ObligationEnded] = obligation.ObligationMet, **more: object) -> HireStory:
        """The obligation ends now, late if it is past due."""
        body = duty.model_dump(exclude={"rungs", "rule"})
        self.tell(cls(**{**body, "ended_at": self.at, "late": self.at > duty.due_at, **more}))
        return self

    def says(self, purpose: str, template: str, role: str = "candidate", *, state: type[notification.MessageFact] = notification.MessageDelivered) -> HireStory:
        """A message to the candidate (or another role) reaches this state, sent before it where it was sent at all."""
        fact = {"message_id": uid("message", self.name, purpose, template, role), "hire_id": self.hire, "purpose": purpose, "template": template,
                "party": PartyRef(person_id=self.person if role in ("candidate", "new_hire") else uid("person", role), role=role),
                "occasion": f"{uid('occasion', self.name, purpose, template)}/1", "at": self.at}
        if state is not notification.MessageSuppressed:
            self.tell(notification.MessageSent(**fact))
        self.tell(state(**fact, reason="untrue" if state is notification.MessageSuppressed else None))
        return self

    def decides(self, decision: str, stage: str) -> HireStory:
        """A person decided."""
        self.tell(hire.DecisionMade(**self.who, at=self.at, decision=decision, stage=stage, by=uid("person", "hiring_manager")))
        return self

    def meets(self, *, carded: bool = True) -> HireStory:
        """An interview takes place for one hour; the card comes three hours later if at all."""
        panel = [uid("person", "interviewer", n) for n in (1, 2)]
        fact = {"interview_id": uid("interview", self.name), "version": 0, "hire_id": self.hire, "requisition_id": REQUISITION, "candidate_id": self.person,
                "round": 1, "starts_at": self.at, "ends_at": self.at + timedelta(hours=1), "wall_start": "2026-09-08T14:00", "zone": "Asia/Shanghai",
                "panel": panel, "at": self.at}
        self.tell(scheduling.InterviewScheduled(**fact))
        self.wait(hours=1)
        self.tell(scheduling.InterviewAttended(**{**fact, "at": self.at}))
        for member in panel[:2 if carded else 1]:
            self.tell(screening.FeedbackSubmitted(
                interview_id=fact["interview_id"], hire_id=self.hire, interviewer_id=member, commitment="c" * 64, submitted_at=self.at + timedelta(hours=3),
                interview_end=fact["ends_at"]))
        return self

    def offered(self, answer: str) -> HireStory:
        """An offer goes out and is `accepted`, `declined` or stays open (any other word); start in 40 days."""
        base = {"offer_id": uid("offer", self.name), "hire_id": self.hire, "version": 1}
        start = self.at + timedelta(days=40)
        self.tell(offer.OfferDrafted(**base, by="us", start_at=start, at=self.at))
        self.tell(offer.OfferSent(**base, sent_at=self.at))
        self.wait(days=2)
        if answer == "accepted":
            self.tell(offer.OfferAccepted(**base, accepted_at=self.at, start_at=start))
        elif answer == "declined":
            self.tell(offer.OfferDeclined(**base, declined_at=self.at, reason="salary"))
        return self

    def closes(self, outcome: str, stage: str) -> HireStory:
        """The hire is over."""
        self.tell(hire.HireClosed(**self.who, at=self.at, outcome=outcome, stage=stage))
        return self


def records(teller: Teller) -> None:
    """The client, the requisition and one person, with an identity that must not be kept."""
    teller.tell(client.ClientRecord(client_id=CLIENT, version=1, name="海港机器人", name_latin="Harbour Robotics", tier="strategic"), BEGIN)
    teller.tell(requisition.RequisitionRecord(requisition_id=REQUISITION, version=1, client_id=CLIENT, externalref="ats/R-118", code="R-118",
                                              title="高级运动控制工程师", title_en="Senior Motion Control Engineer"), BEGIN)
    sealed = {"person_id": str(uid("person", "one")), "field": "identity", "box": "c2VhbGVkLW5hbWU"}
    teller.tell(party.PersonRecord(person_id=uid("person", "one"), version=1, party_class="candidate", identity=sealed), BEGIN)


def settled(teller: Teller, name: str = "song") -> HireStory:
    """From application to day 90, with one late duty of the client."""
    story = HireStory(teller, name).applies()
    review = story.duty("review_application", "recruiter")
    story.wait(hours=5).ends(review).leaves("screening").enters("interviewing")
    slot = story.duty("choose_slot", "candidate")
    story.says("ask", "choose_slot").wait(hours=20).ends(slot).wait(days=3).meets().says("interim", "interim")
    verdict = story.duty("round_verdict", "hiring_manager")
    story.wait(hours=40).tell(obligation.ObligationOverdue(**verdict.model_dump(exclude={"rungs", "rule"}), overdue_at=verdict.due_at))
    story.ends(verdict).decides("pass", "interviewing").says("passed", "passed").leaves("interviewing").enters("offering")
    story.says("ask", "offer_answer").offered("accepted").leaves("offering").enters("joining").wait(days=38)
    story.tell(hire.HireStarted(**story.who, at=story.at, start_at=story.at))
    story.leaves("joining").enters("settling").wait(days=90)
    story.tell(hire.HireSettled(**story.who, at=story.at))
    return story.leaves("settling", "settled").enters("closed").closes("settled", "settling")


def rejected(teller: Teller, name: str = "wei") -> HireStory:
    """Rejected after review; told 30 hours later, with one message held back."""
    story = HireStory(teller, name).applies()
    review = story.duty("review_application", "recruiter")
    story.wait(hours=3).ends(review).decides("reject", "screening").leaves("screening", "rejected").enters("closed")
    story.says("remind", "review_application", "recruiter", state=notification.MessageSuppressed)
    return story.wait(hours=30).says("result", "rejection").closes("rejected", "screening")


def waiting(teller: Teller, name: str = "lin") -> HireStory:
    """Still open: the candidate chooses a time."""
    story = HireStory(teller, name).applies().leaves("screening").enters("interviewing")
    story.duty("choose_slot", "candidate")
    return story.says("ask", "choose_slot")
