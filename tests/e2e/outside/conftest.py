"""One running Baton for all modules of this folder: each works under names that nobody else uses, so none needs a fresh start."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from deploy.clock.keeper import Keeper
from deploy.clock.wakes import Wakes
from deploy.local.stack import Stack
from tests.support.engines import HELD, clean_environment


@pytest.fixture(scope="package")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """All of Baton with the held clock, and a Maildir that replies are delivered into."""
    clean_environment()
    mailbox = str(tmp_path_factory.mktemp("mailbox"))
    async with Stack(home=tmp_path_factory.mktemp("stack"), env={**HELD, "BATON_MAILBOX": mailbox}) as running:
        yield running


@pytest.fixture
async def keeper(stack: Stack) -> AsyncIterator[Keeper]:
    """The held clock's keeper, with nobody simulated."""
    made = Keeper(stack.env["BATON_DATABASE_OPS"], Wakes(stack.env["BATON_TEMPORAL"], namespace=stack.env["BATON_TEMPORAL_NAMESPACE"]))
    yield made
    await made.close()
