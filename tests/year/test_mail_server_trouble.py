"""No letter and no password goes to a server that can't be reached, trusted or understood."""

from __future__ import annotations

import base64
import socket
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from aiosmtpd.smtp import AuthResult

from kars_xl.year.mail.smtp import STARTTLS, TLS, Server
from tests.helpers.found import codes
from tests.helpers.mail_sent import ALL, FEN, sent, states
from tests.helpers.mail_server import PASSWORD, USER, Certificates, Office, certificates, free_port, mail_server


def test_a_wrong_password_is_said_once_and_nothing_is_sent(trusted: Certificates, log: Path) -> None:
    office = Office()
    with mail_server(office, trusted) as server:
        done = sent(replace(server, password="yanlış"), log, *ALL)
    assert (states(done), codes(done.findings)) == (["failed"] * 3, ["KX704"])
    assert "kullanıcı adı ya da parola kabul edilmedi" in done.findings[0].message
    assert office.received == []
    assert "yanlış" not in str(done.findings)
    assert not log.exists()


@pytest.mark.parametrize("security", [STARTTLS, TLS])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    trusted: Certificates, log: Path, tmp_path: Path, security: str
) -> None:
    office = Office()
    stranger = certificates(tmp_path)
    with mail_server(office, trusted, security) as server:
        for wrong in (replace(server, ca=None), replace(server, ca=str(stranger.ca))):
            done = sent(wrong, log, FEN)
            assert (states(done), codes(done.findings)) == (["failed"], ["KX704"])
            assert "sertifikası doğrulanamadı" in done.findings[0].message
    assert office.received == []


def test_a_certificate_for_another_name_is_refused(trusted: Certificates, log: Path) -> None:
    office = Office()
    with mail_server(office, trusted) as server:
        done = sent(replace(server, host="127.0.0.1"), log, FEN)
    assert states(done) == ["failed"]
    assert office.received == []


ECHOES = {
    "plain": lambda user, password: password.decode(),
    "quoted": lambda user, password: f'"{password.decode()}"',
    "as sent": lambda user, password: base64.b64encode(b"\0" + user + b"\0" + password).decode(),
    "as sent, in part": lambda user, password: base64.b64encode(b"\0" + user + b"\0" + password).decode()[:30],
    "alone": lambda user, password: base64.b64encode(password).decode(),
    "as an address": lambda user, password: quote(password.decode()),
}


@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("mechanisms", ["PLAIN", "LOGIN"])
def test_no_secret_that_a_server_repeats_is_shown(echo: str, mechanisms: str, trusted: Certificates, log: Path) -> None:
    office = Office(refusal=lambda user, password: f"535 5.7.8 refused {ECHOES[echo](user, password)} sorry")
    with mail_server(office, trusted, mechanisms=mechanisms) as server:
        done = sent(server, log, FEN)
    said = done.findings[0].message
    assert said.count("***") == 1
    assert "535 5.7.8 refused" in said
    assert "sorry" in said
    assert "taslak" in done.findings[0].fix


class _ModernOffice(Office):
    async def auth_XOAUTH2(self, *_: object) -> AuthResult:
        return AuthResult(success=False)


@pytest.mark.parametrize("mechanisms", ["", "XOAUTH2"])
def test_a_server_without_passwords_is_told_with_the_way_out(mechanisms: str, trusted: Certificates, log: Path) -> None:
    office = _ModernOffice() if mechanisms else Office()
    with mail_server(office, trusted, mechanisms=mechanisms) as server:
        done = sent(server, log, FEN)
    assert (states(done), codes(done.findings)) == (["failed"], ["KX704"])
    assert "giriş sunmuyor" in done.findings[0].message
    assert "taslak" in done.findings[0].fix


@pytest.mark.parametrize("field", ["user", "password"])
def test_a_password_that_can_not_be_written_is_named(field: str, trusted: Certificates, log: Path) -> None:
    office = Office()
    with mail_server(office, trusted) as server:
        done = sent(replace(server, **{field: "par\udcf0la"}), log, FEN)
    assert "UTF-8 ile yazılamayan bir karakter" in done.findings[0].message
    assert not office.sessions


def test_without_encryption_neither_password_nor_letter_goes_out(trusted: Certificates, log: Path) -> None:
    office = Office()
    with mail_server(office, trusted, offer=False) as server:
        done = sent(server, log, FEN)
        assert "STARTTLS sunmuyor; şifresiz gönderilmez" in done.findings[0].message
        done = sent(replace(server, security=TLS), log, FEN)
        assert "güvenli bağlantı kurulamadı" in done.findings[0].message
    assert office.received == []


@pytest.mark.parametrize("host", ["localhost", "yok.invalid", "a..b", "x" * 300])
def test_a_server_that_is_not_there_is_said(log: Path, host: str) -> None:
    server = Server(host, free_port(), STARTTLS, USER, PASSWORD, timeout=5)
    done = sent(server, log, *ALL)
    assert (states(done), codes(done.findings)) == (["failed"] * 3, ["KX704"])
    assert not log.exists()


def test_a_server_that_does_not_speak_is_not_waited_for_for_ever(log: Path) -> None:
    with socket.create_server(("localhost", 0)) as silent:
        server = Server("localhost", silent.getsockname()[1], STARTTLS, USER, PASSWORD, timeout=0.2)
        done = sent(server, log, FEN)
    assert states(done) == ["failed"]
