"""One encrypted connection to a mail server, and one message over it; what a server answers becomes a value.
Credentials and letters go over TLS with a checked certificate or not at all."""

import base64
import contextlib
import os
import re
import select
import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from kars_xl.base.text import writable
from kars_xl.year.mail.letter import one_line

STARTTLS, TLS = "starttls", "tls"
PORTS = {STARTTLS: 587, TLS: 465}
# The computer's real name may have Turkish letters, which EHLO can't; other mail programs say this, too.
_OWN_NAME = "[127.0.0.1]"
_CHUNK = 2**16
_HIDDEN = b"***"
# RFC 5321 4.5.3.2.6: a server may take ten minutes to make up its mind, and asking again then sends twice.
_PATIENCE_AFTER_DATA = 5
USER, PASSWORD = "KARS_XL_SMTP_KULLANICI", "KARS_XL_SMTP_PAROLA"


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
    """No connection that could be sent over; the argument is the reason in Turkish, `remedy` one of KX704's others."""

    def __init__(self, reason: str, *, permanent: bool = False, remedy: str = "") -> None:
        super().__init__(reason)
        self.permanent, self.remedy = permanent, remedy


class Refusal(Struct, frozen=True):
    """A recipient whom the message does not reach; one that is not `permanent` may be tried again."""

    address: str
    reason: str
    permanent: bool


class _Smtp(smtplib.SMTP):
    """Keeps whom the server refused, and whether it was given the line that ends the text: it may have it then."""

    refused: dict[str, tuple[int, bytes]]
    ended: bool
    secrets: tuple[bytes, ...] = ()

    def getreply(self) -> tuple[int, bytes]:
        """What the server says, without the secrets that it repeats."""
        code, reply = super().getreply()
        for secret in self.secrets[:1]:
            reply = reply.replace(secret, _HIDDEN)
        return code, re.sub(rb"[^\s<>()\"']+", self._hidden, reply)

    def _hidden(self, match: re.Match[bytes]) -> bytes:
        word = match[0].lower()
        known = (it.lower() for it in self.secrets)
        # Half a secret is one, too.
        return _HIDDEN if any(it in word or (len(word) > 7 and word in it) for it in known) else match[0]

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        code, reply = super().rcpt(recip, options)
        if code not in (250, 251):
            self.refused[recip] = code, reply
        return code, reply

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, reply = self.docmd("DATA")
        if code != 354:
            return code, reply
        stuffed = re.sub(rb"(?m)^\.", b"..", msg)
        for start in range(0, len(stuffed), _CHUNK):
            self.send(stuffed[start : start + _CHUNK])
        line = self.sock
        # What a server says before its turn is that it hangs up.
        if not isinstance(line, ssl.SSLSocket) or line.pending() or select.select([line], [], [], 0)[0]:
            raise smtplib.SMTPServerDisconnected
        line.settimeout(self.timeout * _PATIENCE_AFTER_DATA)
        self.ended = True
        self.send(b".\r\n")
        code, reply = self.getreply()
        line.settimeout(self.timeout)
        return code, reply


class _TlsSmtp(_Smtp, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte on."""


class Connection(Struct):
    """Opened when first needed, and again after a break."""

    server: Server
    _smtp: _Smtp | None = None

    def close(self) -> None:
        if self._smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._smtp.close()

    def open(self) -> _Smtp:
        """Raises Unavailable; nothing happens where it is open."""
        if self._smtp is not None and self._smtp.sock is not None:
            return self._smtp
        try:
            self._smtp = _connected(self.server)
        except (OSError, UnicodeError, smtplib.SMTPException) as error:
            raise _unavailable(error, self.server) from error
        return self._smtp

    def deliver(self, sender: str, to: Sequence[str], data: bytes) -> tuple[list[Refusal], str]:
        """One message to all of `to`; the connection may be closed afterwards. Raises Unavailable. Who does not get it;
        and why it is not known of the others, where the server never answered."""
        smtp = self.open()
        smtp.refused, smtp.ended = {}, False
        others, uncertain = None, ""
        try:
            smtp.sendmail(sender, to, data)
        except smtplib.SMTPRecipientsRefused:
            # With its goodbye (421) the server means those whom it was not asked about as well.
            others = _judged(*list(smtp.refused.values())[-1])
        except smtplib.SMTPResponseException as error:
            others = _judged(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError):
            smtp.close()
            if smtp.ended:
                uncertain = "sunucu iletiyi aldıktan sonra, yanıtı gelmeden bağlantı koptu"
            else:
                others = "bağlantı koptu", False
        refused = [Refusal(address, *_judged(*answer)) for address, answer in smtp.refused.items()]
        if others is not None:
            refused += [Refusal(address, *others) for address in to if address not in smtp.refused]
        return refused, uncertain


def _connected(server: Server) -> _Smtp:
    try:
        context = ssl.create_default_context(cafile=server.ca)
    except OSError as error:
        raise Unavailable(f"sertifika dosyası okunamadı: {server.ca}", permanent=True) from error
    for whose, text in (("kullanıcı adında", server.user), ("parolada", server.password)):
        if writable(text) != text:
            raise Unavailable(f"{whose} UTF-8 ile yazılamayan bir karakter var", permanent=True, remedy="letters")
    made = partial(_TlsSmtp, context=context) if server.security == TLS else _Smtp
    smtp: _Smtp = made(server.host, server.port, _OWN_NAME, timeout=server.timeout)
    try:
        if server.security != TLS:
            smtp.starttls(context=context)
        sent = (server.password, f"\0{server.user}\0{server.password}")
        coded = (_base64(text).rstrip("=").encode() for text in sent)
        smtp.secrets = (server.password.encode(), quote(server.password).encode(), *coded)
        _log_in(smtp, server.user, server.password)
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
        only = f", yalnız {' ve '.join(offered)} sunuyor" if offered else ""
        reason = f"sunucu kullanıcı adı ve parola ile giriş sunmuyor{only}"
        raise Unavailable(reason, permanent=True, remedy="drafts")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, reply)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")


def _unavailable(error: OSError | UnicodeError | smtplib.SMTPException, server: Server) -> Unavailable:
    """The reason as people can act on it, and whether trying again may help."""
    where = f"{server.host}:{server.port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unavailable(f"{where} sertifikası doğrulanamadı ({one_line(error.verify_message)})", permanent=True)
    if isinstance(error, ssl.SSLError):
        return Unavailable(f"{where} ile güvenli bağlantı kurulamadı; kapı ve güvenlik türü uymuyor", permanent=True)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Unavailable(f"{where} STARTTLS sunmuyor; şifresiz gönderilmez", permanent=True)
    if isinstance(error, smtplib.SMTPResponseException):
        reason, permanent = _judged(error.smtp_code, error.smtp_error)
        if isinstance(error, smtplib.SMTPAuthenticationError):
            reason = f"kullanıcı adı ya da parola kabul edilmedi ({reason})"
        remedy = "login" if isinstance(error, smtplib.SMTPAuthenticationError) and permanent else ""
        return Unavailable(reason, permanent=permanent, remedy=remedy)
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
    return f"sunucunun yanıtı: {code} {one_line(text)}"[:200].rstrip(), code >= 500


def credentials(host: str, sender: str) -> tuple[str, str]:
    """(user, password) for `host`; the user is the sender's address where none is named, the password "" for none."""
    user = os.environ.get(USER) or sender
    if password := os.environ.get(PASSWORD):
        return user, password
    with contextlib.suppress(ImportError):
        import keyring
        from keyring.errors import KeyringError

        with contextlib.suppress(KeyringError):  # locked, or the computer has none
            return user, keyring.get_password(keyring_service(host), user) or ""
    return user, ""


def keyring_service(host: str) -> str:
    """The name under which the system's keyring keeps the password."""
    return f"kars-xl:{host}"
