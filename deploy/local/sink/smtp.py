"""The SMTP door of the sink; STARTTLS and AUTH can be asked for, so that a sender's own handling of them is tested."""

import asyncio
import logging
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from deploy.local.sink.mailbox import Mailbox

REFUSED = "550 5.1.1 No such user here"
SIZE_LIMIT = 40_000_000


class Door:
    """aiosmtpd's handler: keeps what arrives; an address whose local part begins with `unknown` is refused, as a dead mailbox is."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list) -> str:
        """Accept the recipient, or refuse it for good."""
        if address.casefold().startswith("unknown"):
            return REFUSED
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail; the answer comes when it is on disk."""
        content = envelope.original_content or b""
        mail = await self._mailbox.add(content, envelope_to=list(envelope.rcpt_tos), envelope_from=envelope.mail_from or "")
        return f"250 2.0.0 kept as {mail.n}"


def factory(mailbox: Mailbox, *, login: tuple[str, str] | None = None, tls: ssl.SSLContext | None = None):
    """Protocol factory for `loop.create_server`."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)

    def authenticate(server, session, envelope, mechanism, data) -> AuthResult:
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        # handled=False makes aiosmtpd answer 535 itself; with handled=True a refused client would wait for ever.
        return AuthResult(success=given == login, handled=given == login)

    def make() -> SMTP:
        return SMTP(
            Door(mailbox),
            data_size_limit=SIZE_LIMIT,
            enable_SMTPUTF8=True,
            hostname="sink.localhost",
            tls_context=tls,
            require_starttls=False,
            authenticator=authenticate if login else None,
            auth_required=bool(login),
            auth_require_tls=tls is not None,
            loop=asyncio.get_running_loop(),
        )

    return make


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server context with a certificate for localhost, made on the first call; clients trust <folder>/sink.pem."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    path = folder / "sink.pem"
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=3650))
        names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        certificate = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.touch(mode=0o600)
        path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
