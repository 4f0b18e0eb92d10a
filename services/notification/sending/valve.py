"""The valve of everything that leaves the house: BATON_OUTBOUND=sink|allow:<addresses, domains>|live (practice.md 1.9)."""

from dataclasses import dataclass

from shared.runtime.errors import ConfigurationError

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Valve:
    """Who may be written to. In `sink` everything may leave, because it ends in the sink."""

    mode: str
    allowed: frozenset[str] = frozenset()

    def lets(self, address: str) -> bool:
        """Whether a mail to this address may leave."""
        if self.mode in ("sink", "live"):
            return True
        lowered = address.lower()
        return lowered in self.allowed or lowered.partition("@")[2] in self.allowed


def valve_of(outbound: str, *, held: bool, smtp: str) -> Valve:
    """Read the setting. ConfigurationError for an unknown word, for live under a held clock, for a sink that is somebody's mail server."""
    mode, _, rest = outbound.strip().partition(":")
    if mode not in ("sink", "allow", "live"):
        raise ConfigurationError(f"BATON_OUTBOUND is {outbound!r}; write sink, allow:<addresses, domains> or live")
    if held and mode != "sink":
        raise ConfigurationError(
            f"BATON_OUTBOUND={mode} with BATON_CLOCK=held: a held clock must not write to real people; set BATON_OUTBOUND=sink"
        )
    host = smtp.rpartition(":")[0].strip("[]")
    if mode == "sink" and host not in _LOOPBACK and "." in host:
        raise ConfigurationError(
            f"BATON_OUTBOUND=sink, but BATON_SMTP names {host}, which is no sink; set BATON_OUTBOUND=allow:... or live, or point BATON_SMTP at the sink"
        )
    allowed = frozenset(one.strip().lower().lstrip("@") for one in rest.split(",") if one.strip())
    if mode == "allow" and not allowed:
        raise ConfigurationError("BATON_OUTBOUND=allow: names nobody; write allow:someone@example.com,example.org")
    return Valve(mode, allowed)
