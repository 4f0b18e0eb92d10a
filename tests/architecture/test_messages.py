"""Every message has one owner and one topic; every consumer commits after processing; every command says how it is answered."""

from __future__ import annotations

import re

from shared.contracts import catalog, topics
from shared.contracts.base import Command, Event, Record
from shared.runtime import bus
from tests.architecture.source import modules


def test_every_message_class_is_carried_by_exactly_one_topic() -> None:
    carried = [cls for topic in topics.TOPICS for cls in topic.carries]
    assert len(carried) == len(set(carried))
    assert set(carried) == set(catalog.REGISTRY.values())


def test_names_tell_facts_from_orders() -> None:
    for cls in catalog.REGISTRY.values():
        topic = topics.topic_of(cls)
        assert re.fullmatch(r"baton\.[a-z_]+\.[a-z_]+", cls.TYPE), cls.TYPE
        assert cls.__name__.endswith(f"V{cls.VERSION}"), cls.__name__
        if issubclass(cls, Command):
            assert topic.name.endswith(".commands")
        elif issubclass(cls, Record):
            assert topic.compacted
        else:
            assert issubclass(cls, Event)
            assert topic.name == "inbound" or topic.name.endswith(".events")


def test_every_command_to_a_service_names_its_answers() -> None:
    for topic in topics.TOPICS:
        if topic.name.endswith(".commands") and topic.name != "workflows.commands":
            for cls in topic.carries:
                success, refusal = topics.REPLIES[cls]
                assert success
                assert refusal is not None
                assert topics.topic_of(refusal).owner == topic.name.split(".")[0]


def test_only_the_owner_writes_a_topic() -> None:
    """Whoever emits a class lives in the folder that owns its topic (commands: workflows; operators' acts: intake)."""
    for module in modules("services", "workflows"):
        owner = module.name.split(".")[1] if module.name.startswith("services.") else "workflows"
        for name in re.findall(r"\.emit\(\s*([A-Z]\w+)\(", module.text):
            classes = [c for c in catalog.REGISTRY.values() if name in (c.__name__, re.sub(r"V\d+$", "", c.__name__))]
            for cls in classes:
                assert owner in topics.topic_of(cls).owner, f"{module.name} emits {name}"


def test_every_subscription_goes_through_the_one_helper_with_its_ack_policy() -> None:
    from faststream import AckPolicy

    assert bus.ACK_POLICY is AckPolicy.NACK_ON_ERROR
    for module in modules("services", "workflows", "shared"):
        if module.name != "shared.runtime.bus":
            assert ".subscriber(" not in module.text, f"{module.name}: subscribe through shared.runtime.bus"
