"""One encrypted connection to a mail server, and one message over it; what a server answers becomes a value.

Credentials and letters go over TLS with a checked certificate or not at all.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field

from kars_xl.year.mail.letter import one_line

STARTTLS, TLS = "starttls", "tls"
PORTS = {STARTTLS: 587, TLS: 465}
_LONGEST_REPLY = 200
_HOST_NAME = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")
_CLOSING = 421
_CHUNK = 2**16
# RFC 5321 4.5.3.2.6: a server may take ten minutes to make up its mind, and asking again then sends twice.
_PATIENCE_AFTER_DATA = 5


@dataclass(frozen=True, slots=True)
class Server:
    """Where and as whom to send; `timeout` in seconds. `ca` is a file of certificates to trust, not the system's."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    ca: str | None = None
    timeout: float = 60.0


class Unavailable(Exception):
    """No connection that could be sent over; the argument is the reason in Turkish."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Refusal:
    """A recipient whom the message does not reach; one that is not `permanent` may be tried again."""

    address: str
    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who gets the message. `uncertain` says why nobody knows, where the line broke before the server's answer."""

    accepted: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    uncertain: str = ""


class Connection:
    """Opened when first needed, and again after a break; as a context manager it says goodbye at the end."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        if self._smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        self._drop()

    def open(self) -> None:
        """Raises Unavailable; nothing happens where it is open."""
        if self._smtp is not None:
            return
        server = self._server
        try:
            self._smtp = _connected(server)
            _log_in(self._smtp, server.user, server.password)
        except BaseException as error:
            self._drop()
            if isinstance(error, (OSError, UnicodeError, smtplib.SMTPException)):
                raise _unavailable(error, server) from error
            raise

    def deliver(self, sender: str, to: Sequence[str], data: bytes) -> Delivery:
        """One message to all of `to`; the connection must be open, and may be closed afterwards."""
        if self._smtp is None:
            raise ValueError("the connection is not open")
        try:
            return self._transaction(self._smtp, sender, to, data)
        except (smtplib.SMTPException, OSError):
            self._drop()
            return _all(to, "bağlantı koptu")

    def _transaction(self, smtp: smtplib.SMTP, sender: str, to: Sequence[str], data: bytes) -> Delivery:
        code, reply = smtp.mail(sender, [f"size={len(data)}"] if smtp.has_extn("size") else [])
        if code != 250:
            return self._given_up(smtp, _all(to, *_judged(code, reply)), code)
        accepted, refused = [], []
        for address in to:
            code, reply = smtp.rcpt(address)
            if code == _CLOSING:
                return self._given_up(smtp, _all(to, *_judged(code, reply)), code)
            if code in (250, 251):
                accepted.append(address)
            else:
                refused.append(Refusal(address, *_judged(code, reply)))
        if not accepted:
            return self._given_up(smtp, Delivery((), tuple(refused)), code)
        code, reply = smtp.docmd("DATA")
        if code != 354:
            return self._given_up(smtp, _joined(_all(accepted, *_judged(code, reply)), refused), code)
        return self._content(smtp, accepted, refused, data)

    def _content(
        self, smtp: smtplib.SMTP, accepted: Sequence[str], refused: Sequence[Refusal], data: bytes
    ) -> Delivery:
        """The text, and then the line that ends it: only from there on the server may have taken the message."""
        line = smtp.sock
        assert line is not None
        stuffed = re.sub(rb"(?m)^\.", b"..", data)
        for start in range(0, len(stuffed), _CHUNK):
            line.sendall(stuffed[start : start + _CHUNK])
        if not _still_listening(line):
            raise smtplib.SMTPServerDisconnected
        line.settimeout(self._server.timeout * _PATIENCE_AFTER_DATA)
        try:
            line.sendall(b".\r\n")
            code, reply = smtp.getreply()
            line.settimeout(self._server.timeout)
        except (smtplib.SMTPException, OSError):
            self._drop()
            reason = "sunucu iletiyi aldıktan sonra, yanıtı gelmeden bağlantı koptu"
            return Delivery((), tuple(refused), reason)
        if code == 250:
            return Delivery(tuple(accepted), tuple(refused))
        return self._given_up(smtp, _joined(_all(accepted, *_judged(code, reply)), refused), code)

    def _given_up(self, smtp: smtplib.SMTP, delivery: Delivery, code: int) -> Delivery:
        """The transaction is over without a message; the line stays, unless the server is closing it."""
        try:
            if code == _CLOSING:
                raise smtplib.SMTPServerDisconnected
            smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()
        return delivery

    def _drop(self) -> None:
        if self._smtp is not None:
            with contextlib.suppress(OSError):
                self._smtp.close()
        self._smtp = None


def _connected(server: Server) -> smtplib.SMTP:
    try:
        context = ssl.create_default_context(cafile=server.ca)
    except OSError as error:
        raise Unavailable(f"sertifika dosyası okunamadı: {server.ca}", permanent=True) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # The computer's own name may have Turkish letters, which EHLO can't.
    name = socket.gethostname()
    own = name if _HOST_NAME.fullmatch(name) else "localhost"
    if server.security == TLS:
        return smtplib.SMTP_SSL(server.host, server.port, own, timeout=server.timeout, context=context)
    smtp = smtplib.SMTP(server.host, server.port, own, timeout=server.timeout)
    try:
        smtp.starttls(context=context)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _log_in(smtp: smtplib.SMTP, user: str, password: str) -> None:
    """PLAIN or LOGIN; smtplib's own login can't send a password with Turkish letters."""
    smtp.ehlo_or_helo_if_needed()
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:
        code, reply = smtp.docmd("AUTH", f"PLAIN {_base64(f'{chr(0)}{user}{chr(0)}{password}')}")
    elif "LOGIN" in offered:
        code, reply = smtp.docmd("AUTH", f"LOGIN {_base64(user)}")
        if code == 334:
            code, reply = smtp.docmd(_base64(password))
    else:
        raise Unavailable("sunucu kullanıcı adı ve parola ile giriş sunmuyor", permanent=True)
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, reply)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")


def _still_listening(line: socket.socket) -> bool:
    """False where the server has hung up, or has spoken before its turn, which is how it says that it will."""
    before = line.gettimeout()
    line.settimeout(0)
    try:
        line.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False
    finally:
        line.settimeout(before)
    return False


def _unavailable(error: OSError | UnicodeError | smtplib.SMTPException, server: Server) -> Unavailable:
    """The reason as people can act on it, and whether trying again may help."""
    where = f"{server.host}:{server.port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unavailable(f"{where} sertifikası doğrulanamadı ({one_line(error.verify_message)})", permanent=True)
    if isinstance(error, ssl.SSLError):
        return Unavailable(f"{where} ile güvenli bağlantı kurulamadı; kapı ve güvenlik türü uymuyor", permanent=True)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Unavailable(f"{where} STARTTLS sunmuyor; şifresiz gönderilmez", permanent=True)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        reason, permanent = _judged(error.smtp_code, error.smtp_error)
        return Unavailable(f"kullanıcı adı ya da parola kabul edilmedi ({reason})", permanent=permanent)
    if isinstance(error, smtplib.SMTPResponseException):
        reason, permanent = _judged(error.smtp_code, error.smtp_error)
        return Unavailable(reason, permanent=permanent)
    if isinstance(error, smtplib.SMTPException):
        return Unavailable(f"{where} bağlantıyı kapattı")
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return Unavailable(f"{server.host} adında bir sunucu bulunamadı")
    if isinstance(error, TimeoutError):
        return Unavailable(f"{where} yanıt vermedi")
    return Unavailable(f"{where} adresine bağlanılamadı")


def _judged(code: int, reply: bytes | str) -> tuple[str, bool]:
    """(the server's answer, whether it is final)."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"sunucunun yanıtı: {code} {one_line(text)}"[:_LONGEST_REPLY].rstrip(), code >= 500


def _all(to: Sequence[str], reason: str, permanent: bool = False) -> Delivery:
    return Delivery((), tuple(Refusal(address, reason, permanent) for address in to))


def _joined(delivery: Delivery, refused: Sequence[Refusal]) -> Delivery:
    return Delivery(delivery.accepted, (*delivery.refused, *refused), delivery.uncertain)


USER, PASSWORD = "KARS_XL_SMTP_KULLANICI", "KARS_XL_SMTP_PAROLA"


class NoCredentials(Exception):
    """There is no password; the argument says in Turkish what to do."""


def credentials(host: str, sender: str) -> tuple[str, str]:
    """(user, password) for `host`; the user is the sender's address where none is named. Raises NoCredentials."""
    user = os.environ.get(USER) or sender
    password = os.environ.get(PASSWORD) or _from_keyring(keyring_service(host), user)
    if not password:
        raise NoCredentials(
            f"{user} kullanıcısının parolası yok. {PASSWORD} ortam değişkenine yazın ya da bir kez şunu çalıştırıp "
            f'bilgisayarın parola kasasına koyun: keyring set {keyring_service(host)} "{user}" '
            "(kasa için: pip install kars-xl[mail])"
        )
    return user, password


def keyring_service(host: str) -> str:
    """The name under which the system's keyring keeps the password."""
    return f"kars-xl:{host}"


def _from_keyring(service: str, user: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password(service, user) or ""
    except KeyringError:
        return ""  # locked, or the computer has none
