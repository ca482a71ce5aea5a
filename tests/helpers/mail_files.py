"""Mail as it lies on disks: messages, mailboxes, Outlook's .msg and winmail.dat, with any names and bytes in it."""

from __future__ import annotations

import base64
import datetime as dt
import mailbox
import struct
from collections.abc import Iterable, Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from tests.helpers.compound_file import Tree, compound_file

ISTANBUL = dt.timezone(dt.timedelta(hours=3))
NOON = dt.datetime(2023, 11, 13, 12, 0, tzinfo=ISTANBUL)
FEN_ADDRESS = "fen@kars.bel.tr"
Attached = tuple[str, bytes]


def letter(
    *attached: Attached | EmailMessage,
    sender: str = f"Ayşe Işık <{FEN_ADDRESS}>",
    subject: str = "Performans programı formumuz",
    date: dt.datetime | None = NOON,
    message_id: str = "",
) -> EmailMessage:
    """A message; an attached message is attached as one."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "mali@kars.bel.tr", subject
    if date:
        message["Date"] = format_datetime(date)
    if message_id:
        message["Message-ID"] = message_id
    message.set_content("Formumuz ektedir.\n\nFrom hereon: bilgilerinize.\n")
    for item in attached:
        if isinstance(item, EmailMessage):
            message.add_attachment(item)
        else:
            message.add_attachment(item[1], maintype="application", subtype="octet-stream", filename=item[0])
    return message


def eml(path: Path, message: EmailMessage) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(message.as_bytes())
    return path


def raw_eml(path: Path, disposition: bytes, data: bytes, headers: bytes = b"") -> Path:
    """A message by hand with one attachment, whose Content-Disposition is given letter by letter."""
    path.write_bytes(
        b"From: fen@kars.bel.tr\r\nDate: Mon, 13 Nov 2023 12:00:00 +0300\r\n" + headers + b"MIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="sinir"\r\n\r\n--sinir\r\nContent-Type: text/plain\r\n\r\nek\r\n'
        b"--sinir\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        + disposition + b"\r\n\r\n" + base64.encodebytes(data) + b"\r\n--sinir--\r\n"
    )  # fmt: skip
    return path


def mbox(path: Path, *messages: EmailMessage | bytes) -> Path:
    box = mailbox.mbox(path)
    for message in messages:
        box.add(message)
    box.close()
    return path


def maildir(path: Path, *messages: EmailMessage) -> Path:
    box = mailbox.Maildir(path)
    for message in messages:
        box.add(message)
    box.close()
    return path


def outlook(
    *attached: Attached | Tree,
    sender: str = FEN_ADDRESS,
    subject: str = "Performans programı formumuz",
    date: dt.datetime = NOON,
    unicode: bool = True,
) -> bytes:
    """An Outlook message (.msg); a Tree attached is a message inside the message."""
    return compound_file(message_tree(*attached, sender=sender, subject=subject, date=date, unicode=unicode))


def message_tree(
    *attached: Attached | Tree,
    sender: str = FEN_ADDRESS,
    subject: str = "Performans programı formumuz",
    date: dt.datetime = NOON,
    unicode: bool = True,
    embedded: bool = False,
) -> Tree:
    ticks = round((date - dt.datetime(1601, 1, 1, tzinfo=dt.UTC)).total_seconds()) * 10_000_000
    texts = {0x001A: "IPM.Note", 0x0037: subject, 0x0C1A: "Ayşe Işık", 0x5D01: sender}
    tree, entries = _texts(texts, unicode)
    entries.append(struct.pack("<HHIQ", 0x0040, 0x0039, 6, ticks))
    count = struct.pack("<4I", 0, len(attached), 0, len(attached))
    header = bytes(8) + count + (b"" if embedded else bytes(8))
    tree["__properties_version1.0"] = header + b"".join(entries)
    if not embedded:
        tree["__nameid_version1.0"] = {f"__substg1.0_000{n}0102": b"" for n in (2, 3, 4)}
    for number, item in enumerate(attached):
        tree[f"__attach_version1.0_#{number:08X}"] = _attachment(item, unicode)
    return tree


def _attachment(item: Attached | Tree, unicode: bool) -> Tree:
    name = item[0] if isinstance(item, tuple) else "ekli ileti"
    tree, entries = _texts({0x3707: name}, unicode)
    if isinstance(item, tuple):
        method = 1
        tree["__substg1.0_37010102"] = item[1]
        entries.append(struct.pack("<HHIII", 0x0102, 0x3701, 6, len(item[1]), 0))
    else:
        method = 5
        tree["__substg1.0_3701000D"] = item
        entries.append(struct.pack("<HHIII", 0x000D, 0x3701, 6, 0xFFFFFFFF, 1))
    entries.append(struct.pack("<HHIQ", 0x0003, 0x3705, 6, method))
    tree["__properties_version1.0"] = bytes(8) + b"".join(entries)
    return tree


def _texts(texts: dict[int, str], unicode: bool) -> tuple[Tree, list[bytes]]:
    kind, code = (0x001F, "utf-16-le") if unicode else (0x001E, "cp1254")
    tree: Tree = {}
    entries = []
    for tag, text in texts.items():
        data = text.encode(code)
        tree[f"__substg1.0_{tag:04X}{kind:04X}"] = data
        entries.append(struct.pack("<HHIII", kind, tag, 6, len(data) + (2 if unicode else 1), 0))
    return tree, entries


def winmail(*attached: Attached) -> bytes:
    """A winmail.dat with these files."""

    def attribute(level: int, number: int, data: bytes) -> bytes:
        return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    parts: list[bytes] = [attribute(1, 0x00089006, struct.pack("<I", 0x00010000))]
    for name, data in attached:
        parts.append(attribute(2, 0x00069002, bytes(14)))
        parts.append(attribute(2, 0x00018010, name.encode("cp1254") + b"\0"))
        parts.append(attribute(2, 0x0006800F, data))
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(parts)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    files: Iterable[Path] = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def names(folder: Path) -> Sequence[str]:
    return list(contents(folder))
