"""Every form of practice.md 1.7 is read, written back the same, and a wrong one says what would be right."""
import pytest

from shared.policy.grammar import (
    Duration,
    GrammarError,
    Percent,
    Pick,
    is_net,
    parse_duration,
    parse_instant,
    parse_rung_time,
)

INSTANTS = [
    "10 min", "48 h", "3 wd", "4 wh", "30 d", "6 mo", "1 y", "due", "due + 4 wh", "due - 1 wd", "5 wd 20:00", "next wd 12:00",
    "same day 17:30", "MON 10:00", "SUN 23:59", "start - 5 wd", "start - 1 wd 16:00", "start 10:30", "slot - 4 wh", "slot + 10 min",
    "interview_end", "interview_end + 24 h", "day 30", "day 1 17:30", "probation_end - 30 d", "guarantee_end - 10 wd", "offer_expiry",
    "opened + 5 wd", "weekly", "last send window in 24 h", "earlier of (24 h, slot - 4 wh)", "later of (24 h, next wd 20:00)",
    "later of (opened + 5 wd, earlier of (due + 1 wd, 3 wd 12:00), weekly)",
]


@pytest.mark.parametrize("text", INSTANTS)
def test_an_instant_is_written_back_as_it_was_read(text: str) -> None:
    assert str(parse_instant(text)) == text


def test_spacing_does_not_change_what_is_read() -> None:
    assert parse_instant("due+4wh") == parse_instant("due  +  4 wh")
    assert parse_instant("later of (24h,next wd 20:00)") == parse_instant("later of (24 h, next wd 20:00)")


@pytest.mark.parametrize(("text", "unit"), [("10 min", "min"), ("48h", "h"), ("3 wd", "wd"), ("4 wh", "wh"), ("6 mo", "mo"), ("1 y", "y")])
def test_a_duration_is_an_amount_and_a_unit(text: str, unit: str) -> None:
    length = parse_duration(text)
    assert length.unit == unit
    assert length.working is (unit in ("wd", "wh"))


def test_a_share_is_a_place_for_rungs_only() -> None:
    assert parse_rung_time("50%") == parse_rung_time("50 %") == Percent(50)
    with pytest.raises(GrammarError):
        parse_instant("50%")


def test_a_pick_nests() -> None:
    read = parse_instant(INSTANTS[-1])
    assert isinstance(read, Pick)
    assert isinstance(read.of[1], Pick)
    assert len(read.of) == 3


def test_only_working_time_is_net() -> None:
    assert is_net(parse_instant("3 wd"))
    assert is_net(parse_instant("next wd 12:00"))
    assert not is_net(parse_instant("48 h"))
    assert not is_net(parse_instant("later of (24 h, next wd 20:00)"))


@pytest.mark.parametrize(("text", "read", "cure"), [
    ("4 wx", "4 wx", "write for example '4 wh'"),
    ("2 days", "2 days", "units are min, h, d, mo, y, wd, wh"),
    ("next wd 25:00", "next wd 25:00", "HH:MM from 00:00 to 23:59"),
    ("next wd 9:00", "next wd 9:00", "'09:30'"),
    ("dew + 4 wh", "dew + 4 wh", "write 'due'"),
    ("interview + 24 h", "interview + 24 h", "write 'interview_end'"),
    ("MOO 10:00", "MOO 10:00", "MON, TUE, WED"),
    ("day 0", "day 0", "'day 1'"),
    ("later of (24 h)", "later of (24 h)", "at least two"),
    ("later of (24 h, )", "later of (24 h, )", "at least two"),
    ("soon", "soon", "is no known instant"),
    ("", "", "write for example"),
    ("3", "3", "write for example"),
])
def test_a_wrong_instant_says_what_was_read_and_what_would_be_right(text: str, read: str, cure: str) -> None:
    with pytest.raises(GrammarError) as caught:
        parse_instant(text)
    assert caught.value.read == read
    assert cure in caught.value.cure


def test_a_number_alone_is_no_time() -> None:
    with pytest.raises(GrammarError, match="in words"):
        parse_instant(5)
    with pytest.raises(GrammarError, match="a number and a unit"):
        parse_duration("soon")
    with pytest.raises(GrammarError, match="between 1% and 100%"):
        parse_rung_time("150%")


def test_a_duration_reads_itself() -> None:
    assert parse_duration(Duration(3, "wd")) == Duration(3, "wd")
