"""Ports chosen once per home and remembered, so that links in mails and client settings survive a restart."""

import os
import random
import socket

from deploy.local.errors import PortTakenError, StackError
from deploy.local.home import Home

# Below Linux' range for outgoing connections (32768+): a port in it can be lost to any client between two starts.
FIRST, LAST = 17000, 31999
PORTS = "BATON_PORTS"


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def allowed() -> tuple[int, int]:
    """First and last port that may be chosen: $BATON_PORTS (`17000-31999`), so that stacks started at the same moment can't choose the same."""
    given = os.environ.get(PORTS, "")
    first, _, last = given.partition("-")
    if not given:
        return FIRST, LAST
    if first.isdigit() and last.isdigit() and 1024 <= int(first) < int(last) <= 65535:
        return int(first), int(last)
    raise StackError(f"{PORTS}={given} is no range of ports.", f"Write it as {PORTS}={FIRST}-{LAST}, or leave it out.")


def accepts(address: str) -> bool:
    """Whether somebody listens at host:port now."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=1.0):
            return True
    except OSError:
        return False


class Ports:
    """The port numbers of one home, by name, kept in ports.json."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._known: dict[str, int] = home.read_json("ports.json")

    def get(self, name: str) -> int:
        """The port of this name, chosen from the free ones the first time."""
        if name not in self._known:
            self._known[name] = self._choose()
            self._home.write_json("ports.json", self._known)
        return self._known[name]

    def check(self, *names: str) -> None:
        """Refuse with PortTakenError when a remembered port of these names cannot be listened on."""
        for name in names:
            port = self.get(name)
            if not is_free(port):
                raise PortTakenError(
                    f"Port {port}, remembered for {name}, is taken by another program.",
                    f"Stop that program (`ss -ltnp 'sport = :{port}'` names it), or run `baton up --new-ports`.",
                )

    def forget(self) -> None:
        """Choose all ports anew at the next use."""
        self._known = {}
        self._home.write_json("ports.json", self._known)

    def _choose(self) -> int:
        taken, (first, last) = set(self._known.values()), allowed()
        for _ in range(500):
            port = random.randint(first, last)
            if port not in taken and is_free(port):
                return port
        raise PortTakenError(f"No free port found between {first} and {last}.", "Stop something that listens there.")
