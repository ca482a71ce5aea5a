"""What mail programs and people do to a form on its way: it is taken, or sender, subject and reason are named."""

from __future__ import annotations

import base64
import binascii
import gzip
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from kars_xl.year.collect.job import Collected, collect
from kars_xl.year.collect.unpack import TAKEN
from tests.helpers.cli_runs import run
from tests.helpers.form_files import form
from tests.helpers.mail_files import outlook, winmail

HEAD = (
    b"From: Fen <fen@kars.bel.tr>\r\nTo: mali@kars.bel.tr\r\nSubject: Formumuz\r\n"
    b"Date: Tue, 14 Nov 2023 10:00:00 +0300\r\nMIME-Version: 1.0\r\n"
)
TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\nForm ektedir. https://www.kars.bel.tr\r\n"
Build = Callable[[bytes], bytes]


def coded(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def part(data: bytes, name: str = "form.xlsx", coding: bytes = b"base64", more: bytes = b"") -> bytes:
    head = f'Content-Type: application/octet-stream; name="{name}"\r\n'.encode() + more
    return head + b"Content-Transfer-Encoding: " + coding + b"\r\nContent-Disposition: attachment\r\n\r\n" + coded(data)


def mixed(*parts: bytes, boundary: bytes = b"sinir", declared: bytes | None = None) -> bytes:
    said = boundary if declared is None else declared
    body = b"".join(b"--" + boundary + b"\r\n" + each + b"\r\n" for each in (TEXT, *parts))
    return b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n%s--%s--\r\n' % (said, body, boundary)


def mail(*parts: bytes, **options: bytes) -> bytes:
    return HEAD + mixed(*parts, **options)


def packed(*members: tuple[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, data in members:
            package.writestr(name, data)
    return made.getvalue()


def letters(data: bytes) -> bytes:
    lines = b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
    return b"begin 644 form.xlsx\n" + lines + b"`\nend\n"


def nested(data: bytes, levels: int) -> bytes:
    made = mail(part(data))
    for level in range(levels):
        made = mail(b"Content-Type: message/rfc822\r\n\r\n" + made, boundary=b"kat%d" % level)
    return made


def object_of_mapi(data: bytes) -> bytes:
    """attAttachment of a winmail.dat with a named property before the attached object."""
    named = (
        struct.pack("<HH", 0x001F, 0x8001)
        + bytes(16)
        + struct.pack("<II", 1, 6)
        + "ad\0".encode("utf-16-le")
        + bytes(2)
    )
    named += struct.pack("<II", 1, 4) + "x\0".encode("utf-16-le")
    flag = struct.pack("<HHI", 0x000B, 0x7FFE, 0)
    held = struct.pack("<HHII", 0x000D, 0x3701, 1, 16 + len(data)) + bytes(16) + data + bytes(-(16 + len(data)) % 4)
    return struct.pack("<I", 3) + named + flag + held


def wrapped(data: bytes) -> bytes:
    """A winmail.dat whose attachment is a letter, which is a winmail.dat again."""
    inner = object_of_mapi(winmail(("form.xlsx", data)))
    attribute = lambda number, it: struct.pack("<BII", 2, number, len(it)) + it + struct.pack("<H", sum(it) & 0xFFFF)  # noqa: E731
    return winmail() + attribute(0x00069002, bytes(14)) + attribute(0x00069005, inner)


def eyp(data: bytes) -> bytes:
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    types = b'<Types><Default Extension="xlsx" ContentType="%s"/></Types>' % kind
    return packed(
        ("[Content_Types].xml", types),
        ("UstYazi/UstYazi.pdf", b"%PDF-1.4"),
        ("Ustveri/Ustveri.xml", b"<?xml version='1.0'?><x/>"),
        ("Ekler/form.xlsx", data),
    )


TAKEN_FROM: dict[str, Build] = {
    "folded coding": lambda form: mail(part(form, coding=b"\r\n\tbase64")),
    "coding with a remark": lambda form: mail(part(form, coding=b"(so) BASE64 (x)")),
    "quoted coding": lambda form: mail(part(form, coding=b'"base64";')),
    "no coding": lambda form: mail(part(form).replace(b"Content-Transfer-Encoding: base64\r\n", b"")),
    "coding that nobody knows": lambda form: mail(part(form, coding=b"x-bilinmeyen")),
    "uuencoded part": lambda form: mail(
        b'Content-Type: application/octet-stream; name="form.xlsx"\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n'
        + letters(form)
    ),
    "mark of UTF-8": lambda form: b"\xef\xbb\xbf" + mail(part(form)),
    "UTF-16": lambda form: mail(part(form)).decode().encode("utf-16"),
    "blank lines first": lambda form: b"\n\n \r\n" + mail(part(form)),
    "boundary that is another": lambda form: mail(part(form), declared=b"baska"),
    "boundary that is not closed": lambda form: mail(part(form))[:-9],
    "after the end": lambda form: mail() + b"\r\n" + part(form),
    "after the end, parted": lambda form: mail() + b"\r\n--sinir\r\n" + part(form) + b"\r\n--sinir--\r\n",
    "in the text": lambda form: HEAD + b"Content-Type: text/plain\r\n\r\nSelam\r\n\r\n" + letters(form),
    "in the text of a part": lambda form: mail(b"Content-Type: text/plain\r\n\r\nSelam\r\n" + letters(form)),
    "as the text": lambda form: mail(
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + coded(form)
    ),
    "message in base64": lambda form: mail(
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + coded(mail(part(form))),
        boundary=b"dis",
    ),
    "message in quoted-printable": lambda form: mail(
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + binascii.b2a_qp(mail(part(form)), istext=True),
        boundary=b"dis",
    ),
    "messages in messages": lambda form: nested(form, 12),
    "official letter": lambda form: mail(part(eyp(form), "2023-1.eyp")),
    "archive of archives": lambda form: mail(part(packed(("a/b.zip", packed(("form.xlsx", form)))), "form.zip")),
    "archive that opens itself": lambda form: mail(part(b"MZ" + bytes(999) + packed(("form.xlsx", form)), "form.exe")),
    "winmail.dat in winmail.dat": lambda form: mail(part(wrapped(form), "winmail.dat")),
    "Outlook message in a message": lambda form: mail(part(outlook(("form.xlsx", form)), "ilt.msg")),
    "Mac's two files": lambda form: mail(part(b"\0\5\x16\7" + bytes(90), "form.xlsx"), part(form)),
    "signature and logo": lambda form: mail(
        part(b"\x89PNG\r\n\x1a\n" + bytes(90), "image001.png", more=b"Content-ID: <a@b>\r\n"),
        part(b"0" * 90, "smime.p7s"),
        part(form),
    ),
    "cover letter beside it": lambda form: mail(part(b"%PDF-1.4", "ust yazi.pdf"), part(form)),
}
LOCKED = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".encode("latin-1") + bytes(600) + "EncryptedPackage".encode("utf-16-le")
LINKS = (
    "https://1drv.ms/x/s!AbC?e=1",
    "https://kars-my.sharepoint.com/:x:/g/personal/a/EabC",
    "https://we.tl/t-AbCdEf",
    "https://docs.google.com/spreadsheets/d/1AbC/edit#gid=0",
    "https://drive.google.com/file/d/1/view",
    "https://yadi.sk/i/aBc",
    "https://bulut.kars.bel.tr/index.php/s/AbCdEfGhIjKlMnO",
    "http://10.0.0.5/paylasim/fen_isleri.xlsx",
    "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2F1drv.ms%2Fx%2Fs!Ab&data=05",
    "\\\\sunucu\\ortak\\fen.xlsx",
    "https://www.dropbox.com/s/abc/form.zip?dl=0",
)
NAMED: dict[str, Build] = {
    "rar": lambda form: mail(part(b"Rar!\x1a\x07\x01\0", "form.rar")),
    "7z": lambda form: mail(part(b"7z\xbc\xaf\x27\x1c", "form.7z"), part(form)),
    "gzip": lambda form: mail(part(gzip.compress(form), "form.xlsx.gz")),
    "password": lambda form: mail(part(LOCKED, "form.xlsx")),
    "empty": lambda form: mail(part(b"", "form.xlsx"), part(form)),
    "half": lambda form: mail(part(form[:3000])),
    "junk under a form's name": lambda form: mail(part(b"\0\1\2" * 99, "form.xlsx")),
    "page under a form's name": lambda form: mail(part(b"<html><table></table></html>", "form.xls")),
    "encrypted": lambda form: (
        HEAD + b'Content-Type: application/pkcs7-mime; name="smime.p7m"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + coded(b"\x30\x82" + bytes(90))
    ),
    "PGP": lambda form: HEAD + b"Content-Type: text/plain\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nabc\r\n",
    "a part of a message": lambda form: (
        HEAD + b'Content-Type: message/partial; id="x"; number=2; total=2\r\n\r\n' + coded(form)
    ),
    "somewhere else": lambda form: mail(
        b'Content-Type: message/external-body; access-type=URL; URL="http://x.tr/a"\r\n\r\nContent-Type: x/y\r\n\r\n'
    ),
    "only a PDF": lambda form: mail(part(b"%PDF-1.4", "form.pdf")),
    "only a Word file": lambda form: mail(part(b"{\\rtf1", "form.rtf")),
    "only a photograph": lambda form: mail(part(b"\xff\xd8\xff" + bytes(300_000), "IMG_0001.jpg")),
    "too deep": lambda form: nested(form, 30),
    "Outlook's link": lambda form: outlook(("a.png", b"\x89PNG"), ("form.url", b"[InternetShortcut]\r\nURL=x")),
    "winmail.dat cut short": lambda form: mail(part(winmail(("form.xlsx", form))[:-90], "winmail.dat")),
    **{
        f"link {link}": lambda form, link=link: (
            HEAD + b"Content-Type: text/plain\r\n\r\nForm: <" + link.encode() + b">\r\n"
        )
        for link in LINKS
    },
    "link by its words": lambda form: (
        HEAD + b"Content-Type: text/html\r\n\r\n<a class=x href='https://x.tr/q?i=1'><b>fen_isleri.xlsx</b></a>"
    ),
}
SILENT: dict[str, Build] = {
    "words only": lambda form: HEAD + TEXT,
    "an address on the web": lambda form: (
        HEAD + b"Content-Type: text/html\r\n\r\n<a href='https://www.kars.bel.tr/a.html'>Kars</a>"
    ),
    "a logo": lambda form: mail(part(b"\x89PNG\r\n\x1a\n" + bytes(90), "logo.png")),
    "an invitation": lambda form: mail(part(b"BEGIN:VCALENDAR", "davet.ics")),
    "a receipt": lambda form: (
        HEAD + b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\n"
    ),
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return form(tmp_path_factory.mktemp("form")).read_bytes()


def collected(folder: Path, content: bytes, name: str = "ileti.eml") -> Collected:
    (folder / name).write_bytes(content)
    return collect([str(folder / name)], str(folder / "2024"))


@pytest.mark.parametrize("way", TAKEN_FROM)
@pytest.mark.parametrize("ends", [b"\r\n", b"\n"])
def test_the_form_is_taken(way: str, ends: bytes, data: bytes, tmp_path: Path) -> None:
    content = TAKEN_FROM[way](data)
    found = collected(tmp_path, content if way == "UTF-16" else content.replace(b"\r\n", ends))
    taken = [item for item in found.attachments if item.result == TAKEN]
    assert [Path(item.file).read_bytes() for item in taken] == [data]
    assert (found.findings, found.failed) == ([], False)


@pytest.mark.parametrize("way", NAMED)
@pytest.mark.parametrize("box", [False, True])
def test_what_is_not_taken_is_named(way: str, box: bool, data: bytes, tmp_path: Path) -> None:
    content = NAMED[way](data)
    is_outlook = way == "Outlook's link"
    if box and not is_outlook:
        start = b"From x Tue Nov 14 10:00:00 2023\n"
        content = start + HEAD.replace(b"Formumuz", b"Baska") + TEXT + b"\n" + start + content.replace(b"\r\n", b"\n")
    found = collected(tmp_path, content, "posta.msg" if is_outlook else "posta")
    said = [
        it
        for it in found.findings
        if not is_outlook and "Formumuz" in it.place.file and "fen@kars.bel.tr" in it.place.file
    ]
    assert said or (is_outlook and found.findings)
    assert found.failed
    assert all(it.fix for it in found.findings)
    assert run("collect", tmp_path / ("posta.msg" if is_outlook else "posta"), "-o", tmp_path / "2024").exit_code == 1


@pytest.mark.parametrize("way", SILENT)
def test_what_holds_no_form_is_no_matter(way: str, data: bytes, tmp_path: Path) -> None:
    found = collected(tmp_path, SILENT[way](data))
    assert (found.findings, found.failed) == ([], False)


def test_a_line_from_in_a_letter_of_a_mailbox_costs_no_form(data: bytes, tmp_path: Path) -> None:
    start = b"From ali@x Tue Nov 14 10:00:00 2023\n"
    pasted = b"Content-Type: text/plain\n\nSelam\n\n" + start + b"Subject: eski\n\nxx\n"
    first, second = mail(pasted, part(data)), mail(part(data), boundary=b"iki")
    cut = mail(part(data[:500]), boundary=b"sinir")[:-40]
    box = b"".join(start + each.replace(b"\r\n", b"\n") + b"\n" for each in (first, cut, second))
    found = collected(tmp_path, box, "gelen.mbox")
    assert [len(message.attachments) for message in found.messages] == [1, 1, 1]
    assert [item.result for item in found.attachments] == ["taken", "refused", "same"]


def test_what_could_not_be_taken_is_remembered_until_a_form_comes(data: bytes, tmp_path: Path, inputs: Path) -> None:
    from tests.helpers.form_files import FEN, plan_of_two_units

    plan_of_two_units(tmp_path / "2024" / "inputs", fen="fen@kars.bel.tr")
    rar = mail(part(b"Rar!\x1a\x07", "form.rar"))
    for _ in range(2):
        collected(tmp_path, rar)
    told = "14.11.2023 tarihli “Formumuz” iletisindeki form.rar (RAR arşivi)"
    assert run("status", tmp_path / "2024", "--format", "json").stdout.count(told) == 1
    assert run("mail", "reminders", tmp_path / "2024", "--deadline", "31.12.2098", "--dry-run").exit_code == 0
    run("mail", "reminders", tmp_path / "2024", "--deadline", "31.12.2098")
    (draft,) = (tmp_path / "2024" / "mail").glob("hatirlatma_fen*.eml")
    assert b"form.rar" in draft.read_bytes()
    collected(tmp_path, mail(part(data)).replace(b"14 Nov", b"15 Nov"))
    status = run("status", tmp_path / "2024", "--format", "json").stdout
    assert FEN in status
    assert told not in status
