"""Keys, tokens and database passwords of one home: made once, readable by its owner only, never in the repository."""

import base64
import secrets
import sys
from urllib.parse import quote, urlsplit, urlunsplit

from deploy.local.home import Home

ROLES = ("intake", "screening", "scheduling", "notification", "reporting", "workflows", "ops")
KEYS = ("kek", "index", "links", "audit")


def ensure_keys(home: Home) -> str:
    """Path of keys.json, with one random 32-byte key per use."""
    _ensure(home, "keys.json", lambda: {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in KEYS})
    return str(home.path / "keys.json")


def ensure_tokens(home: Home) -> str:
    """Path of tokens.json, with one token that may publish anything and act as operator."""
    grant = {"name": "local", "source": "*", "types": ["*"], "roles": ["operator", "publisher"]}
    _ensure(home, "tokens.json", lambda: {secrets.token_urlsafe(24): grant})
    return str(home.path / "tokens.json")


def database_passwords(home: Home) -> dict[str, str]:
    """Role -> password; `admin` owns the cluster."""
    return _ensure(home, "roles.json", lambda: {name: secrets.token_urlsafe(18) for name in ("admin", *ROLES)})


def role_dsn(admin_dsn: str, role: str, password: str) -> str:
    """The admin DSN's server and database, seen by another role."""
    parts = urlsplit(admin_dsn)
    server = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"baton_{role}:{quote(password, safe='')}@{server}"))


def _ensure(home: Home, name: str, make) -> dict:
    known = home.read_json(name)
    if not known:
        known = make()
        home.write_json(name, known)
    return known


def main() -> None:
    """`python -m deploy.local.credentials FOLDER`: make keys and tokens where containers share a volume."""
    home = Home(sys.argv[1]).prepare()
    print(ensure_keys(home), ensure_tokens(home))


if __name__ == "__main__":
    main()
