"""Applications: the hot path. A run of any length costs a handful of statements, not one per event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.intake.apply import documents, identity
from services.intake.apply.identity import Applicant
from services.intake.apply.work import Work, made_id
from services.intake.domain import (
    Delivery,
    Reference,
    facts_from_resume,
    joined_facts,
    merged_facts,
    rank,
    reference,
    said_facts,
)
from services.intake.skills import normal_skills
from services.intake.store import applications, entities, people, refs
from shared.contracts.application import ApplicationChanged, ApplicationReceived, DuplicateSuspected, Facts
from shared.contracts.inbound import ApplicationSubmitted
from shared.contracts.party import PersonRecord
from shared.contracts.requisition import RequisitionRecord


@dataclass(slots=True)
class Case:
    """One application on its way through the batch."""

    d: Delivery
    body: ApplicationSubmitted
    one: Applicant
    facts: Facts
    mine: Reference
    ref: str
    """`source#externalid` of the application, echoed on every out-event of the hire."""
    wants: Reference
    """The requisition that it names."""
    requisition: RequisitionRecord | None = None
    person_id: UUID | None = None
    matched_by: str = ""
    referrer_id: UUID | None = None

    @property
    def req(self) -> RequisitionRecord:
        """The requisition; only after references were resolved."""
        assert self.requisition is not None
        return self.requisition

    @property
    def who(self) -> UUID:
        """The person; only after people were found."""
        assert self.person_id is not None
        return self.person_id


class Run:
    """A run of applications in one transaction: resolve references, find or make people, join or open hires."""

    def __init__(self, w: Work) -> None:
        self.w = w
        self.cases: list[Case] = []
        self.identities: dict[UUID, dict[str, Any]] = {}
        self.persons: dict[UUID, people.Row] = {}
        self.touched: dict[UUID, Delivery] = {}
        self.contacts: dict[str, UUID] = {}
        self.made: set[UUID] = set()
        self.new_rows: dict[UUID, applications.Row] = {}
        self.named: dict[tuple[str, str, str], Reference] = {}

    async def apply(self, deliveries: Sequence[Delivery]) -> None:
        """Decide and store all; each delivery gets its outcome."""
        self.cases = [case for d in deliveries if (case := self._read(d)) is not None]
        await self._resolve()
        await self._find_people()
        await self._place()
        await self._store()

    def _read(self, d: Delivery) -> Case | None:
        body = d.body
        assert isinstance(body, ApplicationSubmitted)
        resume = d.resume or (d.document.facts if d.document else None)
        if body.person is None and body.person_ref is None and resume is None:
            d.park("no_person", "the application names nobody: give person, person_ref, resume or document")
            return None
        one = identity.described(body.person, resume, self.w.vault)
        one.employer = body.present_employer or one.employer
        facts = said_facts(body, normal_skills(body.skills))
        if resume:
            facts = merged_facts(facts, facts_from_resume(resume))
        mine = Reference("application", d.said.source, body.externalid)
        return Case(d, body, one, facts, mine, str(mine), self._reference(d, "requisition", body.requisition))

    async def _resolve(self) -> None:
        wanted = {case.wants for case in self.cases}
        for case in self.cases:
            wanted |= {self._reference(case.d, "person", said) for said in (case.body.person_ref, case.body.referrer) if said}
        found = await refs.resolve(self.w.uow, wanted)
        records = await entities.requisitions(self.w.uow, [i for r, i in found.items() if r.kind == "requisition"])
        ready = []
        for case in self.cases:
            case.requisition = records.get(found[case.wants]) if case.wants in found else None
            case.referrer_id = found.get(self._reference(case.d, "person", case.body.referrer)) if case.body.referrer else None
            missing = case.wants if case.requisition is None else None
            if case.body.person_ref:
                person = self._reference(case.d, "person", case.body.person_ref)
                case.person_id = found.get(person)
                missing = missing or (person if case.person_id is None else None)
            if missing is not None:
                case.d.wait(missing)
                continue
            ready.append(case)
        self.cases = ready

    def _reference(self, d: Delivery, kind: str, name: str) -> Reference:
        said = (kind, d.said.source, name)
        if said not in self.named:
            self.named[said] = reference(*said)
        return self.named[said]

    async def _find_people(self) -> None:
        owners = await people.owners(self.w.uow, [digest for case in self.cases for digest in case.one.digests])
        before = await applications.of_names(self.w.uow, [case.ref for case in self.cases])
        for case in self.cases:
            same = before.get((case.ref, case.req.requisition_id))
            matched = next(((owners[d], kind) for d, kind in case.one.digests.items() if d in owners), None)
            if same is not None:
                case.person_id, case.matched_by = same, "externalid"
            elif case.person_id is not None:
                case.matched_by = "person_ref"
            elif matched is not None:
                case.person_id, case.matched_by = matched
            else:
                case.person_id = made_id("person", case.d)
                self._new_person(case)
            for digest in case.one.digests:
                if digest not in owners:
                    owners[digest] = self.contacts[digest] = case.who
        known = {case.who for case in self.cases} - self.persons.keys()
        if known:
            await self._load(known)
        for case in self.cases:
            self._complete(case)

    def _new_person(self, case: Case) -> None:
        one = case.one
        record = PersonRecord.known(
            person_id=case.who, version=1, party_class="candidate", org_id=None, roles=["candidate"], locale=one.locale,
            zone=one.zone or case.req.zone, calendar=case.req.calendar, manager_id=None, delegate_id=None, absences=[], left_at=None,
            identity=None, present_employer=None, never_to=[], mail_domain_digest=identity.domain_digest(self.w.vault, one), channels=one.channels,
            hours="")  # fmt: skip
        self.persons[case.who] = people.Row(record, identity.employer_digest(self.w.vault, one.employer))
        self.made.add(case.who)
        self.identities[case.who] = one.identity()
        self.touched[case.who] = case.d

    async def _load(self, known: set[UUID]) -> None:
        rows = await people.load(self.w.uow, known)
        keys = await self.w.vault.keys(self.w.uow, known)
        for person_id, row in rows.items():
            self.persons[person_id] = row
            sealed = row.record.identity
            self.identities[person_id] = self.w.vault.open(sealed, keys.get(person_id)) if sealed else {}

    def _complete(self, case: Case) -> None:
        """A known person's identity and employer, completed by what this application adds."""
        if case.who not in self.persons:
            case.d.park("person_erased", "the person this application names was erased")
            return
        if self.touched.get(case.who) is case.d:  # made by this very application: nothing to add
            return
        row = self.persons[case.who]
        new = identity.merged(self.identities[case.who], case.one)
        employer = identity.employer_digest(self.w.vault, case.one.employer)
        if new is not None or (employer and employer != row.employer_digest):
            if case.who not in self.touched:
                row.record = row.record.model_copy(update={"version": row.record.version + 1})
                self.touched[case.who] = case.d
            self.identities[case.who] = new or self.identities[case.who]
            row.employer_digest = employer or row.employer_digest

    async def _place(self) -> None:
        """Join the hire of the same person on the same requisition, or open a new one."""
        self.cases = [case for case in self.cases if not case.d.outcome.state]
        stored = await applications.of_pairs(self.w.uow, [(case.who, case.req.requisition_id) for case in self.cases if case.person_id not in self.made])
        hires: dict[tuple[UUID, UUID], tuple[UUID, Facts]] = {
            pair: (row["application_id"], Facts.model_validate_json(row["facts"])) for pair, row in stored.items()}
        entered: dict[Reference, tuple[UUID, str]] = {}
        for case in self.cases:
            pair = (case.who, case.req.requisition_id)
            joins = pair in hires
            if joins:
                application_id, facts = hires[pair][0], joined_facts(hires[pair][1], case.facts)
                await self._join(case, application_id, facts)
            else:
                application_id, facts = made_id("application", case.d), case.facts
                self._open(case, application_id)
            hires[pair] = (application_id, facts)
            if joins:  # a new one is found by the name in its own row
                entered[case.mine] = (application_id, rank(case.d.said))
            self.w.arrived.add(("application", case.body.externalid))
            case.d.accept(f"application/{application_id}", "joined" if joins else "")
        await refs.register(self.w.uow, [(mine, found, level) for mine, (found, level) in entered.items()])

    def _open(self, case: Case, application_id: UUID) -> None:
        defect = self._defect(case)
        submitted = case.body.submitted_at or case.d.said.time or self.w.uow.now
        digest = case.d.document.digest if case.d.document else None
        self.new_rows[application_id] = applications.Row(
            application_id, case.who, case.req.requisition_id, case.req.client_id, case.body.origin, case.facts.model_dump_json(), None,
            digest, defect, case.ref, submitted)
        self.w.uow.emit(ApplicationReceived.known(
            application_id=application_id, hire_id=application_id, person_id=case.who, requisition_id=case.req.requisition_id,
            requisition_version=case.req.version, client_id=case.req.client_id, origin=case.body.origin, facts=case.facts,
            document_digest=digest, defect=defect, referrer_id=case.referrer_id, submitted_at=submitted,
            locale=self.persons[case.who].record.locale, externalref=case.ref,
        ), cause=case.d.said, at=submitted, externalref=case.ref)  # fmt: skip

    async def _join(self, case: Case, application_id: UUID, facts: Facts) -> None:
        defect = self._defect(case)
        if application_id in self.new_rows:
            self.new_rows[application_id].facts = facts.model_dump_json()
        else:
            await applications.update(self.w.uow, application_id, facts=facts.model_dump_json(), defect=defect)
        said, now, ref = case.d.said, self.w.uow.now, case.ref
        about = {"application_id": application_id, "hire_id": application_id, "person_id": case.who}
        self.w.uow.emit(ApplicationChanged(
            **about, requisition_id=case.req.requisition_id, requisition_version=case.req.version, facts=facts, changed_at=now, defect=defect,
        ), cause=said, externalref=ref)  # fmt: skip
        self.w.uow.emit(DuplicateSuspected(**about, by=case.matched_by or "name", at=now), cause=said, externalref=ref)

    def _defect(self, case: Case) -> str | None:
        resume = case.d.document.facts if case.d.document else case.d.resume
        if resume is not None and resume.defect:
            return resume.defect
        sealed = self.identities.get(case.who, {})
        if not sealed.get("emails") and not sealed.get("phones"):
            return "no_contact"
        return None if sealed.get("name") else "no_name"

    async def _store(self) -> None:
        if not self.cases:
            return
        used = {case.who for case in self.cases}
        vault, uow = self.w.vault, self.w.uow
        keys = await vault.create(uow, used)
        rows = [self.persons[p] for p in self.touched if p in used]
        for row in rows:
            who = row.record.person_id
            row.record = row.record.replaced(identity=vault.seal(who, people.IDENTITY, self.identities[who], keys[who]))
            uow.emit(row.record, cause=self.touched[who].said)
        await people.save(uow, rows)
        await people.index(uow, {d: p for d, p in self.contacts.items() if p in used})
        for case in self.cases:
            if case.d.document is not None or case.d.resume is not None:
                await documents.claim(self.w, case.d, case.who, keys[case.who], self.new_rows)
        await applications.insert(uow, list(self.new_rows.values()))
