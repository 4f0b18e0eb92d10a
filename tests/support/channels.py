"""The notification service with accounts at every vendor: adapters, doors and stand-ins joined without a port."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from services.notification.channels.doors import vendor_doors
from services.notification.channels.hand import Hand
from services.notification.pages.app import make_app
from services.notification.sending.preparing import Office
from services.notification.sending.settled_cards import change_cards
from services.notification.sending.valve import valve_of
from shared.contracts.notification import MessageSpec, Tell
from shared.contracts.party import PartyRef
from tests.support.notices import DOORS_TABLES, Bureau
from tests.support.vendors import CHATS, Street

REACH = {"dingtalk": "manager01", "wecom": "zhangsan", "feishu": "ou_1", "slack": "U01"}
PHONES = {"aliyun": "+8613800138000", "tencent": "+85291234567", "twilio": "+4915112345678"}


class Branch(Bureau):
    """A Bureau whose house has these channels beside mail; `carriers` answer for text messages."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        super().__init__(env)
        self.street = Street(folder)

    def open_for(self, *names: str) -> None:
        """The house has these vendors from now on, in this order, after mail."""
        for name in names:
            channel = Hand() if name == "hand" else self.street.channel(name)
            self.equip(**{"sms" if name in PHONES else name: channel})
        self.settings = self.settings.model_copy(update={"mail_from": "baton@qiheng.example"})
        app = make_app(self.db, self.desk)
        app.router.routes[:0] = vendor_doors(self.db, self.desk, self.street.accounts)
        transport = httpx.ASGITransport(app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://pages.test")
        self.street.house.http = httpx.AsyncClient(transport=transport)

    async def empty(self) -> None:
        """A clean schema, with the tables of channels."""
        await super().empty()
        async with self.db.unit() as uow:
            await uow.run(f"truncate {DOORS_TABLES}")

    async def somebody(self, name: str = "顾思齐", mail: str = "", **more: Any) -> UUID:
        """A candidate who is reached as `more` says (reach, phones, channels), with a hire of their own."""
        person = uuid4()
        await self.tell(await self.person(person, name, mail, more.pop("party_class", "candidate"), **more))
        return person

    async def by_vendor(self, vendor: str, **more: Any) -> UUID:
        """A candidate reached by this vendor first."""
        where = {"phones": [PHONES[vendor]]} if vendor in PHONES else {"reach": {vendor: REACH[vendor]}}
        return await self.somebody(channels=["sms" if vendor in PHONES else vendor], **{**where, **more})

    def told(self, person: UUID, template: str = "status", **more: Any) -> Tell:
        """A tell to this person."""
        spec = MessageSpec(
            message_id=uuid4(),
            party=PartyRef(person_id=person, role="candidate"),
            purpose=template,
            occasion=f"{uuid4()}/1",
            template=template,
            hire_id=self.world.hire,
            **more,
        )
        return Tell(message_id=spec.message_id, hire_id=self.world.hire, message=spec)

    async def change_cards(self) -> int:
        """What the sender does beside its lanes."""
        valve = valve_of("sink", held=True, smtp=self.settings.smtp)
        return await change_cards(self.db, Office(self.desk, self.channels, valve, "notification-test"))

    @property
    def notes(self) -> list[Any]:
        """Everything that arrived at vendors."""
        return self.street.house.inbox.notes

    async def rows(self) -> list[dict[str, Any]]:
        """All messages."""
        async with self.db.unit() as uow:
            return [dict(row) for row in await uow.rows("select * from messages order by created_at, id")]


__all__ = ["CHATS", "PHONES", "REACH", "Branch"]
