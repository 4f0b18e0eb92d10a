"""Each adapter against its vendor's stand-in: signed, understood, sent once, and every error read for what it means."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from services.notification.channels.base import Outcome
from services.notification.channels.card import Choice, card_of, cut
from tests.support.vendors import CARRIERS, CHATS, Street, card, outgoing

TO = {"dingtalk": "manager01", "wecom": "zhangsan", "feishu": "ou_1", "slack": "U01", "aliyun": "+8613800138000", "tencent": "+85291234567",
      "twilio": "+4915112345678"}  # fmt: skip
ALL = [*CHATS, *CARRIERS]
KEYED = ["dingtalk", "wecom", "feishu"]
BUTTONS = (Choice("同意", "PRESS-yes"), Choice("拒绝", "PRESS-no"))


@pytest.fixture
def street(tmp_path: Path) -> Street:
    """Every vendor."""
    return Street(tmp_path)


@pytest.mark.parametrize("vendor", ALL)
async def test_a_message_arrives_with_its_words_and_link(street: Street, vendor: str) -> None:
    made = card(str(uuid4()), *BUTTONS)
    result = await street.channel(vendor).send(outgoing(TO[vendor], made))
    assert result.outcome is Outcome.ACCEPTED, result
    (note,) = await street.rest(f"/api/chats?vendor={vendor}")
    assert note["to"] == TO[vendor] and any("pages.test" in link for link in note["links"]) and "林悦" in note["text"]
    assert note["key"] == made.key


@pytest.mark.parametrize("vendor", CHATS)
async def test_buttons_carry_the_opaque_value(street: Street, vendor: str) -> None:
    await street.channel(vendor).send(outgoing(TO[vendor], card(str(uuid4()), *BUTTONS)))
    (note,) = street.house.inbox.notes
    assert [one["label"] for one in note.choices] == ["同意", "拒绝"]
    assert "PRESS-yes" in note.choices[0]["press"]


@pytest.mark.parametrize("vendor", KEYED)
async def test_a_resend_under_the_same_key_is_one_message(street: Street, vendor: str) -> None:
    channel, made = street.channel(vendor), card(str(uuid4()), *BUTTONS)
    first, again = [await channel.send(outgoing(TO[vendor], made)) for _ in range(2)]
    assert first.accepted and again.accepted and len(street.house.inbox.notes) == 1
    assert channel.key_life is not None


@pytest.mark.parametrize("vendor", ALL)
async def test_a_broken_answer_is_unknown_whether_it_arrived_or_not(street: Street, vendor: str) -> None:
    channel = street.channel(vendor)
    for kind, arrived in (("lost", 1), ("lost_before", 1)):
        await street.rest(f"/api/vendors/{vendor}/faults", {"kind": kind})
        assert (await channel.send(outgoing(TO[vendor]))).outcome is Outcome.UNKNOWN
        assert len(street.house.inbox.notes) == arrived


@pytest.mark.parametrize("vendor", ALL)
async def test_a_vendor_that_is_not_there_has_got_nothing(street: Street, vendor: str) -> None:
    import httpx

    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    channel = street.channel(vendor)
    line = channel._line if vendor in CHATS else channel._carriers[0].line  # noqa: SLF001 - the line is what is cut here
    line._http = httpx.AsyncClient(transport=httpx.MockTransport(away))  # noqa: SLF001
    assert (await channel.send(outgoing(TO[vendor]))).outcome is Outcome.LATER


@pytest.mark.parametrize("vendor", ALL)
async def test_too_fast_is_busy_with_a_time_to_wait(street: Street, vendor: str) -> None:
    await street.rest(f"/api/vendors/{vendor}/faults", {"kind": "rate"})
    channel = street.channel(vendor)
    result = await channel.send(outgoing(TO[vendor]))
    assert result.outcome is Outcome.BUSY and result.wait > 0
    assert (await channel.send(outgoing(TO[vendor]))).accepted and len(street.house.inbox.notes) == 1


@pytest.mark.parametrize("vendor", KEYED)
async def test_a_token_that_dies_early_is_renewed_within_the_send(street: Street, vendor: str) -> None:
    channel = street.channel(vendor)
    assert (await channel.send(outgoing(TO[vendor]))).accepted
    await street.rest(f"/api/vendors/{vendor}/faults", {"kind": "expire"})
    assert (await channel.send(outgoing(TO[vendor]))).accepted
    assert street.house.token(vendor).fetched == 2 and len(street.house.inbox.notes) == 2


@pytest.mark.parametrize("vendor", KEYED)
async def test_one_token_serves_many_at_once(street: Street, vendor: str) -> None:
    import asyncio

    channel = street.channel(vendor)
    await asyncio.gather(*(channel.send(outgoing(f"{TO[vendor]}{n}")) for n in range(8)))
    assert street.house.token(vendor).fetched == 1


@pytest.mark.parametrize("vendor", ALL)
async def test_wrong_secrets_are_refused_by_the_vendor(street: Street, vendor: str) -> None:
    wrong = {"dingtalk": "app_secret", "wecom": "secret", "feishu": "app_secret", "slack": "bot_token", "aliyun": "key_secret",
             "tencent": "secret_key", "twilio": "token"}[vendor]  # fmt: skip
    street.house.accounts[vendor][wrong] = "another"
    result = await street.channel(vendor).send(outgoing(TO[vendor]))
    assert not result.accepted and result.outcome is not Outcome.UNKNOWN and street.house.inbox.notes == []


@pytest.mark.parametrize(
    ("vendor", "to"),
    [("dingtalk", "unknown1"), ("wecom", "unknown1"), ("feishu", "unknown1"), ("slack", "unknown1"), ("aliyun", "+861"), ("tencent", "+8520000"),
     ("twilio", "+4915100000000")],
)  # fmt: skip
async def test_who_cannot_be_reached_is_refused(street: Street, vendor: str, to: str) -> None:
    result = await street.channel(vendor).send(outgoing(to))
    assert result.outcome is Outcome.REFUSED and to not in result.detail


async def test_somebody_who_said_stop_has_opted_out(street: Street) -> None:
    assert (await street.channel("twilio").send(outgoing("+4915100000000"))).detail == "opted_out"


@pytest.mark.parametrize("vendor", CHATS)
async def test_the_card_changes_after_the_answer(street: Street, vendor: str) -> None:
    channel, made = street.channel(vendor), card(str(uuid4()), *BUTTONS)
    result = await channel.send(outgoing(TO[vendor], made))
    handle = f"{TO[vendor]} {result.provider_id}" if vendor == "wecom" else result.provider_id
    settled = card(made.key, *BUTTONS, settled="已答复：同意")
    assert await channel.change(handle, settled.as_bytes())
    (note,) = street.house.inbox.notes
    assert note.choices == [] and note.changes == 1 and "已答复" in note.text


async def test_slack_finds_what_it_was_not_told_about(street: Street) -> None:
    channel = street.channel("slack")
    await street.rest("/api/vendors/slack/faults", {"kind": "lost"})
    lost, never = outgoing("U01"), outgoing("U01")
    assert (await channel.send(lost)).outcome is Outcome.UNKNOWN
    found = await channel.find(lost)
    assert found is not None and found.accepted and found.provider_id.startswith("DU01 ")
    assert await channel.find(never) is None


async def test_wecom_keeps_to_its_small_cards(street: Street) -> None:
    channel = street.channel("wecom")
    long = card(str(uuid4()), Choice("12月3日（周四）14:00–15:00", "p"), title="很长的标题" * 20, lines=("很长的文字" * 80,))
    assert (await channel.send(outgoing("zhangsan", long))).accepted
    (note,) = street.house.inbox.notes
    assert note.choices == [] and note.links == ["http://pages.test/a/TOKEN"]


async def test_dingtalk_without_a_template_sends_a_link_and_has_no_key(street: Street) -> None:
    street.accounts = street.accounts.model_copy(update={"dingtalk": street.accounts.dingtalk.model_copy(update={"card_template": ""})})
    channel = street.channel("dingtalk")
    assert channel.key_life is None
    for _ in range(2):
        assert (await channel.send(outgoing("manager01"))).accepted
    assert len(street.house.inbox.notes) == 2 and street.house.inbox.notes[0].choices == []


def test_a_card_is_the_same_after_it_was_kept() -> None:
    made = card(str(uuid4()), *BUTTONS, facts=(("时间", "周一 10:00"),))
    assert card_of(made.as_bytes()) == made and made.as_bytes().isascii()
    assert cut("面试时间", 7) == "面…" and cut("abc", 3) == "abc"
