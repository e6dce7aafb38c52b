"""Mail: one message with a text and an HTML part, handed to the server that its address names.

Apprise reads the address (`mailto://`, `mailtos://`, with what it knows of providers); we send it
ourselves, because the Message-ID is the idempotency key: who gets a mail twice can tell.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Any

from flows.digests import html_of, line_of, text_of
from warehouse.outbox import Message

_SECONDS = 20.0  # for one answer of the server


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where mail is handed in, from whom and to whom. Its repr gives no password away."""

    host: str
    port: int
    mode: str  # insecure | starttls | ssl
    sender: tuple[str, str]  # name, address
    to: tuple[tuple[str, str], ...]
    hidden: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    login: tuple[str, str] | None = None
    checked: bool = True  # whether the server's certificate must be good

    def __repr__(self) -> str:
        return f"Mailbox({self.host}:{self.port}, {self.mode})"


def mailbox_of(url: str) -> Mailbox | None:
    """Return what the Apprise URL *url* says of mail, or None where it cannot be read."""
    apprise = quiet_apprise()
    found: Any = apprise.Apprise.instantiate(url)
    if found is None or not hasattr(found, "smtp_host"):
        return None
    cc = [(found.names.get(address) or "", address) for address in sorted(found.cc)]
    user, password = found.user or "", found.password or ""
    return Mailbox(
        host=found.smtp_host,
        port=int(found.port),
        mode=found.secure_mode,
        sender=_pair(found.from_addr),
        to=(*map(_pair, found.targets), *cc),
        hidden=tuple(sorted(found.bcc)),
        reply_to=tuple(sorted(found.reply_to)),
        login=(user, password) if user and password else None,
        checked=bool(found.verify_certificate),
    )


def quiet_apprise() -> Any:
    """Return the module, which takes half a second to import, and never logs an address again.

    Its lines at DEBUG hold whole addresses, and whoever debugs Prefect turns those on.
    """
    import apprise  # noqa: PLC0415 - see above

    logging.getLogger("apprise").propagate = False
    for name in ("apprise", "urllib3.connectionpool"):
        logging.getLogger(name).addFilter(_no_addresses)  # a second time changes nothing
    return apprise


def _no_addresses(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def mail_of(message: Message, mailbox: Mailbox) -> EmailMessage:
    """Return *message* as a mail. It is the same at each try, headers included."""
    content = message.content
    domain = mailbox.sender[1].rpartition("@")[2]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr(mailbox.sender)
    mail["To"] = ", ".join(map(formataddr, mailbox.to))
    if mailbox.reply_to:
        mail["Reply-To"] = ", ".join(mailbox.reply_to)
    mail["Subject"] = line_of(content["title"])
    mail["Date"] = format_datetime(datetime.fromisoformat(content["packed_at"]))
    mail["Message-ID"] = f"<{message.id}.casewatch@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # so that nobody's absence answers it
    mail.set_content(text_of(content) + "\n", cte="quoted-printable")
    mail.add_alternative(html_of(content), subtype="html", cte="quoted-printable")
    mail.set_boundary(f"casewatch-{message.id}")
    return mail


def send_mail(mailbox: Mailbox, mail: EmailMessage, *, seconds: float = _SECONDS) -> None:
    """Hand *mail* in. Raises OSError or SMTPException unless the server took it for everybody."""
    recipients = [address for _, address in mailbox.to] + list(mailbox.hidden)
    server = _connect(mailbox, seconds)
    try:
        if mailbox.mode == "starttls":
            server.starttls(context=_tls(mailbox))
        if mailbox.login:
            server.login(*mailbox.login)
        refused = server.send_message(mail, mailbox.sender[1], recipients)
    finally:
        _hang_up(server)
    if refused:
        raise smtplib.SMTPRecipientsRefused(refused)


def _connect(mailbox: Mailbox, seconds: float) -> smtplib.SMTP:
    if mailbox.mode == "ssl":
        return smtplib.SMTP_SSL(mailbox.host, mailbox.port, timeout=seconds, context=_tls(mailbox))
    return smtplib.SMTP(mailbox.host, mailbox.port, timeout=seconds)


def _hang_up(server: smtplib.SMTP) -> None:
    """Say goodbye; a server that has taken a mail and hangs up first has taken it all the same."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _tls(mailbox: Mailbox) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not mailbox.checked:  # the address says verify=no
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _pair(found: Any) -> tuple[str, str]:
    name, address = found
    return str(name or ""), str(address)
