"""The notification service beside a test: its desk, its consumer, its sender and its doors on real servers, one small world of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from deploy.demo.browser import Seen, read_page
from services.notification.channels.base import Channel
from services.notification.channels.mail import Mail
from services.notification.desk import Desk
from services.notification.handlers import make_router
from services.notification.links import Links
from services.notification.pages.app import make_app
from services.notification.scenes import House
from services.notification.sending.sender import Sender
from services.notification.sending.valve import valve_of
from shared.contracts.application import ApplicationReceived, Disclosure, DisclosureMade, Facts
from shared.contracts.ask import AskCommand, AskSpec, Ref
from shared.contracts.base import Message
from shared.contracts.catalog import decode
from shared.contracts.client import ClientRecord
from shared.contracts.envelope import from_attributes
from shared.contracts.notification import MessageSpec
from shared.contracts.party import PartyRef, PersonRecord
from shared.contracts.requisition import RequisitionRecord
from shared.contracts.scheduling import Slot, SlotsOffered
from shared.runtime.clock import Clock
from shared.runtime.consume import Router
from shared.runtime.db import Database
from shared.runtime.settings import ServiceSettings
from shared.runtime.vault import Vault
from tests.support.bus import record_of

TABLES = (
    "directory, facts, asks, links, used_once, messages, attempts, notices, outbox, inbox, sequences, deferred, parked, consumed"
)
DOORS_TABLES = "presses, short_links, optouts"
SHANGHAI = "Asia/Shanghai"


@dataclass
class World:
    """One client, one role, its people; `bureau` acts on them."""

    client: UUID = field(default_factory=uuid4)
    requisition: UUID = field(default_factory=uuid4)
    recruiter: UUID = field(default_factory=uuid4)
    manager: UUID = field(default_factory=uuid4)
    second: UUID = field(default_factory=uuid4)
    interviewer: UUID = field(default_factory=uuid4)
    candidate: UUID = field(default_factory=uuid4)
    hire: UUID = field(default_factory=uuid4)


class Bureau:
    """Everything the process has, made by hand so that a test can stop between two steps."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.settings = ServiceSettings(
            process="notification-test",
            kafka=env["BATON_KAFKA"],
            smtp=env["BATON_SMTP"],
            keys=env["BATON_KEYS"],
            pages_url="http://pages.test",
            database_notification=env["BATON_DATABASE_NOTIFICATION"],
            clock="held",
        )
        self.db = Database(env["BATON_DATABASE_NOTIFICATION"], schema="notification", clock=Clock("held"), size=6)
        self.intake = Database(env["BATON_DATABASE_INTAKE"], schema="intake", clock=Clock("held"), size=2)
        self.vault = Vault(env["BATON_KEYS"])
        self.desk = Desk(
            House("启衡人才", "Northgate Talent", self.vault), Links(self.vault.links, "http://pages.test"), self.settings
        )
        self.router: Router = make_router(self.desk)
        self.channels: dict[str, Channel] = {"mail": Mail(self.settings)}
        self.sender = Sender(self.db, self.desk, self.channels, valve_of("sink", held=True, smtp=self.settings.smtp))
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(make_app(self.db, self.desk)), base_url="http://pages.test")
        self.world = World()

    def equip(self, **channels: Channel) -> None:
        """The house has these channels too, after mail, in this order."""
        self.channels |= channels
        self.desk = replace(self.desk, channels=tuple(self.channels))
        self.router = make_router(self.desk)
        self.sender = Sender(self.db, self.desk, self.channels, valve_of("sink", held=True, smtp=self.settings.smtp))

    async def close(self) -> None:
        """Give everything back."""
        await self.http.aclose()
        for channel in self.channels.values():
            await channel.close()
        await self.db.close()
        await self.intake.close()

    async def empty(self) -> None:
        """A clean schema."""
        async with self.db.unit() as uow:
            await uow.run(f"truncate {TABLES}")

    async def clock(self, text: str) -> datetime:
        """Set the held clock (Shanghai wall time unless an offset is given)."""
        at = datetime.fromisoformat(text if "+" in text or "Z" in text else f"{text}+08:00")
        pg = await asyncpg.connect(self.env["BATON_DATABASE_OPS"])
        await pg.execute("update runtime.clock set now = $1", at)
        await pg.close()
        return at

    async def tell(self, *messages: Message) -> None:
        """Let the consumer have these records."""
        await self.router.process(self.db, [record_of(one) for one in messages])

    async def person(self, id: UUID, name: str, mail: str, party_class: str, **more: Any) -> PersonRecord:
        """A person's record with a sealed identity under a key of their own."""
        async with self.intake.unit() as uow:
            key = (await self.vault.create(uow, [id]))[id]
        identity = {
            "name": name,
            "name_latin": more.pop("latin", None),
            "emails": [mail] if mail else [],
            "phones": more.pop("phones", []),
            "address": None,
            "reach": more.pop("reach", {}),
        }
        return PersonRecord(
            person_id=id,
            version=more.pop("version", 1),
            party_class=party_class,
            identity=self.vault.seal(id, "identity", identity, key),
            **more,
        )  # type: ignore[arg-type]

    async def settle(self) -> World:
        """The usual world: 启衡人才 searches for 海港机器人, 林悦 has applied."""
        w = self.world
        tag = w.hire.hex[:8]
        people = [
            await self.person(
                w.recruiter, "周敏", f"zhou.{tag}@qiheng.example", "staff", roles=["recruiter", "lead"], latin="Zhou Min"
            ),
            await self.person(w.manager, "何立", f"he.{tag}@harbour.example", "client", org_id=w.client, latin="He Li"),
            await self.person(w.second, "张岚", f"zhang.{tag}@harbour.example", "client", org_id=w.client, latin="Zhang Lan"),
            await self.person(w.interviewer, "陈维", f"chen.{tag}@harbour.example", "client", org_id=w.client, latin="Chen Wei"),
            await self.person(w.candidate, "林悦", f"lin.{tag}@mail.example", "candidate", latin="Lin Yue"),
        ]
        await self.tell(
            *people,
            ClientRecord(client_id=w.client, version=1, name="海港机器人", name_latin="Harbour Robotics", manager_id=w.recruiter),
            RequisitionRecord(
                requisition_id=w.requisition,
                version=1,
                client_id=w.client,
                externalref="t#R-118",
                code="R-118",
                title="高级运动控制工程师",
                title_en="Senior Motion Control Engineer",
                team={"recruiter": w.recruiter, "hiring_manager": w.manager},
            ),
        )
        await self.tell(self.application(w.hire, w.candidate))
        return w

    def application(self, hire: UUID, person: UUID) -> ApplicationReceived:
        """An application of this person."""
        return ApplicationReceived(
            application_id=hire,
            hire_id=hire,
            person_id=person,
            requisition_id=self.world.requisition,
            requisition_version=1,
            client_id=self.world.client,
            origin="applied",
            facts=Facts(skills=["servo"], years=7, degree_level=4),
            submitted_at=datetime(2026, 9, 1, tzinfo=UTC),
            externalref=f"t#{hire}",
        )

    def disclosed(self, hire: UUID, person: UUID) -> DisclosureMade:
        """The candidate may be shown to the client by name."""
        return DisclosureMade(
            application_id=hire,
            hire_id=hire,
            person_id=person,
            disclosure=Disclosure(
                disclosure_id=uuid4(),
                to_org=self.world.client,
                purpose="submission",
                level="named",
                consent_ref=None,
                content_hash="x",
                at=datetime(2026, 9, 1, tzinfo=UTC),
            ),
        )

    def slots(self, interview: UUID, starts: Sequence[datetime]) -> SlotsOffered:
        """Times held for the candidate."""
        made = [
            Slot(slot_id=uuid4(), starts_at=one, ends_at=one + timedelta(hours=1), panel=[self.world.interviewer])
            for one in starts
        ]
        return SlotsOffered(
            interview_id=interview, hire_id=self.world.hire, round=2, minutes=60, mode="video", slots=made, held_until=starts[0]
        )

    def ask(self, kind: str, holder: UUID, role: str, **more: Any) -> AskCommand:
        """An ask of this kind with its message, as workflows write them."""
        ask_id, obligation = more.pop("ask_id", None) or uuid4(), more.pop("obligation_id", None) or uuid4()
        party = PartyRef(person_id=holder, role=role)  # type: ignore[arg-type]
        refs = [Ref(kind=name, id=id, version=version) for name, id, version in more.pop("refs", [])]  # type: ignore[arg-type]
        hire = more.pop("hire_id", self.world.hire)
        guards = [{"guard": "ask_open", "ask_id": str(ask_id)}]
        owed = more.pop("owed", True)
        spec = AskSpec(
            ask_id=ask_id,
            kind=kind,
            obligation_id=obligation,
            hire_id=hire,
            requisition_id=self.world.requisition,
            client_id=self.world.client,
            holder=party,
            previous_holder=PartyRef(person_id=self.world.recruiter, role="recruiter"),
            refs=refs,
            opens_at=datetime(2026, 9, 7, tzinfo=UTC),
            **more,
        )
        message = MessageSpec(
            message_id=uuid4(),
            party=party,
            purpose="ask",
            occasion=f"{obligation}/0",
            template=kind,
            guards=guards,
            hire_id=hire,
            ask_id=ask_id,  # type: ignore[arg-type]
            owed=owed,
            refs=[ref.model_dump(mode="json") for ref in refs],
            params=spec.params,
        )
        return AskCommand(ask_id=ask_id, hire_id=hire, spec=spec, message=message)

    async def said(self, kind: str = "") -> list[Any]:
        """The events that wait in the outbox, in order; of one type where `kind` is given."""
        async with self.db.unit() as uow:
            rows = await uow.rows("select headers, value from outbox order by id")
        import json

        made = [(json.loads(row["headers"]), row["value"]) for row in rows]
        return [
            decode(from_attributes(headers, value)) for headers, value in made if not kind or headers["type"] == f"baton.{kind}"
        ]

    async def mails(self, to: str = "") -> list[dict[str, Any]]:
        """What the sink has for this address, oldest first."""
        sink = self.env["BATON_SINK_HTTP"]
        base = sink if sink.startswith("http") else f"http://{sink}"
        async with httpx.AsyncClient() as http:
            return (await http.get(f"{base}/api/messages", params={"to": to} if to else {})).json()

    async def raw(self, n: int) -> bytes:
        """One mail of the sink as it came."""
        sink = self.env["BATON_SINK_HTTP"]
        base = sink if sink.startswith("http") else f"http://{sink}"
        async with httpx.AsyncClient() as http:
            return (await http.get(f"{base}/api/messages/{n}/raw")).content

    def mail_of(self, who: str) -> str:
        """The address of somebody of this world: zhou, he, zhang, chen at their domains, lin."""
        domain = {"zhou": "qiheng", "lin": "mail"}.get(who, "harbour")
        return f"{who}.{self.world.hire.hex[:8]}@{domain}.example"

    async def link_for(self, who: str) -> str:
        """The path of the newest ask link that this person got."""
        newest = (await self.mails(self.mail_of(who)))[-1]
        return next(link for link in newest["links"] if "/a/" in link).removeprefix("http://pages.test")

    async def open(self, path: str) -> tuple[Seen, httpx.Response]:
        """GET as a browser."""
        answer = await self.http.get(path)
        return read_page(answer.text), answer

    async def post(self, path: str, values: dict[str, str]) -> tuple[Seen, httpx.Response]:
        """POST as a browser."""
        answer = await self.http.post(path, data=values)
        return read_page(answer.text), answer
