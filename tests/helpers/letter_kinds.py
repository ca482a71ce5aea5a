"""Letters as mail programs and people make them of a form: those from which it is to be taken, those that are to be
named since it can't be, and those that hold none."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import struct
import tarfile
import zipfile
from collections.abc import Callable
from io import BytesIO

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


def text(words: str, kind: str = "text/plain") -> bytes:
    return HEAD + f"Content-Type: {kind}; charset=utf-8\r\n\r\n{words}\r\n".encode()


def attached(kind: str, data: bytes, coding: str = "base64") -> bytes:
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {coding}\r\n\r\n".encode()
    return head + (coded(data) if coding == "base64" else data)


def tarred(data: bytes) -> bytes:
    made = BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as package:
        member = tarfile.TarInfo("form.xlsx")
        member.size = len(data)
        package.addfile(member, BytesIO(data))
    return made.getvalue()


def lettered(data: bytes, between: str = "\r\n") -> str:
    """Base64 in lines."""
    letters = base64.b64encode(data).decode()
    return between.join(letters[at : at + 72] for at in range(0, len(letters), 72))


def with_method(data: bytes, method: int) -> bytes:
    """An archive packed in a way that nobody here unpacks."""
    made = bytearray(packed(("form.xlsx", data)))
    struct.pack_into("<H", made, 8, method)
    struct.pack_into("<H", made, made.rfind(b"PK\1\2") + 10, method)
    return bytes(made)


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
    "blank before a header's colon": lambda form: mail(
        part(form).replace(b"Encoding:", b"Encoding :").replace(b"Type:", b"Type :")
    ),
    "line among the headers that is none": lambda form: (
        HEAD.replace(b"To:", b"bu bir baslik degil\r\nTo:") + mixed(part(form))
    ),
    "no blank line after the headers": lambda form: mail(part(form)).replace(b"\r\n\r\n", b"\r\n", 1),
    "zeros first": lambda form: b"\0\0\r\n" + mail(part(form)),
    "counted, as Apple keeps it": lambda form: b"12345   \n" + mail(part(form)) + b"<?xml version='1.0'?><plist/>\r\n",
    "link that holds it": lambda form: text(
        f'<a href="data:application/vnd.ms-excel;base64,{base64.b64encode(form).decode()}">form</a>', "text/html"
    ),
    "in a calendar": lambda form: text(
        f"BEGIN:VCALENDAR\r\nATTACH;VALUE=BINARY:{lettered(form, chr(13) + chr(10) + ' ')}\r\nEND:VCALENDAR",
        "text/calendar",
    ),
    "quoted message": lambda form: text("Ek:\r\n> " + lettered(form, "\r\n> ")),
    "digest": lambda form: (
        HEAD + b"Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\n" + mail(part(form)) + b"\r\n--d--\r\n"
    ),
    "message as a file": lambda form: mail(part(mail(part(form)), "ilt.eml")),
    "archive of messages": lambda form: mail(part(packed(("a/x.eml", mail(part(form)))), "iletiler.zip")),
    "picture's name": lambda form: mail(part(form, "image001.png", more=b"Content-ID: <a>\r\n")),
    "hidden file's name": lambda form: mail(part(form, "~$form.xlsx")),
    "list's words after it": lambda form: mail(part(form) + b"\r\n-- \r\nListe y\xc3\xb6neticisi\r\n"),
    "no padding": lambda form: mail(part(form).replace(b"=\r\n", b"\r\n").replace(b"=\r\n", b"\r\n")),
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
    "drive.google.com/file/d/1abc/view",
    "www.dropbox.com/scl/fi/abc",
    "https://mylifebox.com/share/1234",
    "https://belge.ornek.com.tr/p/8f7a",
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
    "tar": lambda form: mail(part(tarred(form), "form.tar.gz"), part(form)),
    "bz2": lambda form: mail(part(bz2.compress(form), "form.xlsx.bz2"), part(form)),
    "zstd": lambda form: mail(part(b"\x28\xb5\x2f\xfdabc", "form.zst"), part(form)),
    "lzh": lambda form: mail(part(b"\x20\x20-lh5-abc\0", "form.lzh"), part(form)),
    "image of a disk": lambda form: mail(part(bytes(4000), "form.iso"), part(form)),
    "rar that opens itself": lambda form: mail(part(b"MZ" + bytes(99) + b"Rar!\x1a\x07\0", "form.exe"), part(form)),
    "packed in an unknown way": lambda form: mail(part(with_method(form, 9), "form.zip"), part(form)),
    "Apple's table": lambda form: mail(part(packed(("Index/Document.iwa", b"x")), "zabita.numbers"), part(form)),
    "PGP, binary": lambda form: mail(part(b"\x85\x02\x0c" + bytes(99), "form.xlsx.gpg"), part(form)),
    "picture of the screen": lambda form: mail(part(b"\x89PNG\r\n\x1a\n" + bytes(60_000), "form.png")),
    "small photograph": lambda form: mail(part(b"\xff\xd8\xff\xe0" + bytes(900), "IMG-2023.jpg")),
    "telephone's photograph": lambda form: mail(part(bytes(4) + b"ftypheic" + bytes(900), "IMG_1.HEIC")),
    "workbook saved as a page": lambda form: mail(
        attached("text/html", b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table></table></html>')
    ),
    "pasted table": lambda form: text(
        "<table><tr><td>Faaliyet Adı</td><td>Yol</td></tr><tr><td>Ekonomik Kod</td><td>2024</td></tr>"
        "<tr><td>Genel Toplam</td><td>225.000,00</td></tr></table>",
        "text/html",
    ),
    "pasted lines": lambda form: text("Faaliyet Adı\tYol\r\nEkonomik Kod\t2024\r\nGenel Toplam\t225.000,00"),
    "page with a link": lambda form: mail(
        part(b'<html><a href="https://1drv.ms/x/s!a">form</a></html>', "form.html"), part(form)
    ),
    "link in UTF-16": lambda form: (
        HEAD + attached("text/html; charset=utf-16", '<a href="https://1drv.ms/x/s!a">form</a>'.encode("utf-16"))
    ),
    "link in a calendar": lambda form: text("BEGIN:VCALENDAR\r\nATTACH:https://1drv.ms/x/s!a", "text/calendar"),
    "link in entities": lambda form: text('<a href="https&#58;//1drv.ms/x/s!a">a</a>', "text/html"),
    "folder of the office": lambda form: text("Form ortak klasörde: \\\\dosya01\\ortak\\fen"),
    "message that is empty": lambda form: mail(b"Content-Type: message/rfc822\r\n\r\n", boundary=b"dis"),
    "message cut in the form": lambda form: mail(part(form))[: len(form) // 2],
    "in another of Mac's codes": lambda form: mail(
        attached("application/mac-binhex40", b"(This file must be converted with BinHex 4.0)\r\n:a:", "7bit")
    ),
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
