"""A letter as MIME: as a draft that opens unsent, or as the message that goes out. The same letter, the same bytes.

Names of attachments are given twice. Content-Disposition has the standard's form (RFC 2231), which Thunderbird, phones
and the new Outlook read; Content-Type has encoded words (RFC 2047), where Outlook with POP or IMAP looks, to which the
other form is "untitled attachment". Text is quoted-printable and all else base64, so that no server has to recode it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.policy import compat32
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from kars_xl.base.atomic import system_reason, write_atomically
from kars_xl.base.file_names import file_stem, free_name
from kars_xl.base.place import Place
from kars_xl.findings.catalogue import finding
from kars_xl.year.mail.letter import FINAL, FINDINGS, FORMS, REMINDERS, Attachment, Handled, Letter, Sending, one_line

_XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {"xlsx": _XLSX, "xlsm": "vnd.ms-excel.sheet.macroEnabled.12", "pdf": "pdf", "xls": "vnd.ms-excel"}
# Headers are folded here; the newer policies would write names in one form alone.
_AS_THEY_STAND = compat32.clone(linesep="\r\n", max_line_length=None)


def draft(letter: Letter, sender: str = "") -> bytes:
    """An .eml file that Outlook and Thunderbird open for editing. Without `sender` the account's own is put in."""
    message = _message(letter, sender)
    message["X-Unsent"] = "1"
    return _bytes(message)


def outgoing(letter: Letter, sender: str, message_id: str, date: str) -> bytes:
    """The message as a server gets it, lines ending in CR LF, all of it in 7 bits."""
    message = _message(letter, sender)
    message["Date"] = date
    message["Message-ID"] = message_id
    return _bytes(message)


def _message(letter: Letter, sender: str) -> Message:
    message = MIMEMultipart("mixed", boundary=_boundary(letter))
    if sender:
        message["From"] = sender
    message["To"] = ",\n ".join(letter.to)
    message["Subject"] = _words(letter.subject, "Subject")
    charset = Charset("utf-8")
    charset.body_encoding = QP
    body = Message()
    body["Content-Type"] = "text/plain"
    body.set_payload(letter.text, charset)
    message.attach(body)
    for attachment in letter.attachments:
        message.attach(_part(attachment))
    return message


def _part(attachment: Attachment) -> Message:
    part = Message()
    kind = _TYPES.get(attachment.name.rpartition(".")[2].lower(), "octet-stream")
    part["Content-Type"] = f'application/{kind};\n name="{_words(attachment.name, "Content-Type")}"'
    plain = attachment.name.isascii()
    name = f'filename="{attachment.name}"' if plain else f"filename*=utf-8''{quote(attachment.name, safe='')}"
    part["Content-Disposition"] = f"attachment;\n {name}"
    part.set_payload(attachment.data)
    encode_base64(part)
    return part


def _words(text: str, header: str) -> str:
    """Text as RFC 2047's encoded words, folded; plain text as it is."""
    plain = one_line(text)
    if plain.isascii() and "=?" not in plain and len(plain) < 60:
        return plain
    return Header(plain, "utf-8", header_name=header, maxlinelen=75).encode()


def _boundary(letter: Letter) -> str:
    """A line that stands in no part: text is encoded, and base64 has no "=_" in it."""
    whole = f"{letter.kind}\n{letter.unit}\n{letter.subject}\n{letter.text}\n{letter.digest}"
    return f"=_kars-xl_{hashlib.sha256(whole.encode()).hexdigest()[:32]}"


def _bytes(message: Message) -> bytes:
    stream = BytesIO()
    BytesGenerator(stream, mangle_from_=False, policy=_AS_THEY_STAND).flatten(message)
    return stream.getvalue()


# How the files' names begin, by the kind of letter.
NAMES = {FORMS: "form", FINDINGS: "bulgu", REMINDERS: "hatirlatma", FINAL: "program"}


def write_drafts(kind: str, letters: Sequence[Letter], folder: Path, sender: str = "") -> Sending:
    """One file per letter in `folder`. The same letter makes the same file; drafts of other letters stay."""
    result = Sending()
    taken: set[str] = set()
    if kind == FINAL and letters:
        # The programme goes to all as a single draft: nobody wants to press Send thirty times.
        letters = [replace(letters[0], to=tuple(address for letter in letters for address in letter.to))]
    for letter in letters:
        # Units' names may differ in signs that no file name keeps.
        stem = f"{NAMES[kind]}_{file_stem(letter.unit.name)}" if letter.unit else NAMES[kind]
        target = folder / free_name(stem, ".eml", taken)
        handled = Handled(letter, letter.to, state="draft", draft=str(target))
        try:
            write_atomically(target, draft(letter, sender))
        except OSError as error:
            result.findings.append(finding("KX006", Place(str(target)), reason=system_reason(error)))
            handled = Handled(letter, letter.to, state="failed")
        result.handled.append(handled)
    if count := sum(bool(handled.draft) for handled in result.handled):
        result.notes.append(f"{count} taslak yazıldı: {folder}. Göndermek için dosyaya çift tıklayın.")
    found = sorted(folder.glob(f"{NAMES[kind]}*.eml"), key=str)
    if old := [path.name for path in found if path.name.casefold() not in taken]:
        remark = "artık gerekmiyor olabilir, silinmedi"
        result.notes.append(f"Önceki çağrılardan kalan taslaklar ({remark}): {', '.join(old)}")
    return result
