"""User and password for the mail server: from the environment, else from the system's keyring. Never from a file."""

from __future__ import annotations

import os

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
