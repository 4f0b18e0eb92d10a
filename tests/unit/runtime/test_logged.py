"""An exception in the log names types and places; its messages may repeat somebody's data and stay out."""

import json
import logging

import pytest

from shared.runtime.observability import configure_logging, get_logger

SECRET = "lin.yue@people.example"


@pytest.fixture(autouse=True)
def as_before():
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = handlers, level


def fail() -> None:
    try:
        raise KeyError(SECRET)
    except KeyError as problem:
        raise ValueError(f"no {SECRET}") from problem


@pytest.mark.parametrize("how", ["true", "problem", "library"])
def test_exception_when_logged_then_types_and_places_without_its_words(capsys, how):
    configure_logging("test")
    try:
        fail()
    except ValueError as problem:
        if how == "library":
            logging.getLogger("some.library").exception("went wrong")
        else:
            get_logger("ours").error("went_wrong", exc_info=True if how == "true" else problem)
    line = capsys.readouterr().out
    told = json.loads(line)["exception"]
    assert SECRET not in line
    assert told.index("builtins.KeyError") < told.index("builtins.ValueError") and "in fail" in told
