"""Mail from anybody: names that lead elsewhere, bombs, damage, impossible headers. All that is written is in inputs."""

from __future__ import annotations

import base64
import random
import re
import struct
import zipfile
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest

from kars_xl.year.collect.job import Collected, collect
from kars_xl.year.collect.unpack import REFUSED, SAME, TAKEN
from tests.helpers.cli_runs import run
from tests.helpers.compound_file import compound_file
from tests.helpers.form_files import FEN, form
from tests.helpers.mail_files import contents, eml, letter, mbox, message_tree, names, outlook, raw_eml, winmail

FEN_R0 = "fen_isleri_mudurlugu/fen_isleri_mudurlugu_r0.xlsx"
OUTSIDE = [
    "../../../../tmp/x.xlsx", "/etc/cron.d/x.xlsx", "..\\..\\x.xlsx", "C:\\Windows\\x.xlsx", "\\\\sunucu\\pay\\x.xlsx",
    "CON.xlsx", "nul", "COM1.xlsx", "aux.xlsx:gizli", "form.xlsx. . .", ".gizli.xlsx", "~$form.xlsx", "-rf.xlsx",
    "x" * 300 + ".xlsx", "\u202exslx.exe", "a\u0085b\u2028c.xlsx", "%2e%2e%2fx.xlsx", "form\tx.xlsx",
    "'; rm -rf ~.xlsx", "İĞÜŞÖÇ ığüşöç.xlsx", "", " ", ".", "..", "/",
]  # fmt: skip


@pytest.fixture
def inputs_of(tmp_path: Path) -> Path:
    return tmp_path / "2024" / "inputs"


@pytest.fixture
def data(tmp_path: Path) -> bytes:
    made = form(tmp_path)
    content = made.read_bytes()
    made.unlink()
    return content


def everything(tmp_path: Path) -> list[str]:
    """What lies outside the mail."""
    return [name for name in names(tmp_path) if not name.startswith("posta/")]


def collected_from(source: Path, inputs_of: Path) -> Collected:
    return collect([str(source)], str(inputs_of.parent))


# Names


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_name_of_an_attachment_leads_anywhere(
    name: str, data: bytes, mail: Path, inputs_of: Path, tmp_path: Path
) -> None:
    raw = "".join(f"%{byte:02X}" for byte in name.encode("utf-8"))
    raw_eml(mail / "a.eml", f"Content-Disposition: attachment; filename*=UTF-8''{raw}".encode(), data)
    (mail / "b.msg").write_bytes(outlook((name, data)))
    (mail / "c.eml").write_bytes(
        letter(("winmail.dat", winmail((name.encode("cp1254", "replace").decode("cp1254"), data)))).as_bytes()
    )
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr(zipfile.ZipInfo(name or "x"), data)
    (mail / "d.zip").write_bytes(packed.getvalue())
    collected = collected_from(mail, inputs_of)
    assert everything(tmp_path) == [f"2024/inputs/{FEN_R0}"]
    found = [item.result for item in collected.attachments]
    # In a zip it is a folder.
    assert found == [TAKEN, SAME, SAME, REFUSED if name == "/" else SAME]


@pytest.mark.parametrize(
    ("disposition", "shown"),
    [
        (b"attachment; filename*0*=utf-8''%C4%B0; filename*1*=leri%20formu; filename*2=.xlsx", "İleri formu.xlsx"),
        (b"attachment; filename=\"=?iso-8859-9?Q?=DDmar_formu.xlsx?=\"", "İmar formu.xlsx"),
        (b"attachment; filename=\"=?windows-1254?B?3mVoaXIueGxzeA==?=\"", "Şehir.xlsx"),
        ("attachment; filename=\"İmar.xlsx\"".encode(), "İmar.xlsx"),
        (b"attachment; filename=\"=?yok-boyle-kod?Q?a.xlsx?=\"", "a.xlsx"),
        (b"attachment; filename=\"=?utf-8?B?!!!?=\"", None),
        (b"attachment; filename*=bilinmeyen'tr'%FF%FE.xlsx", None),
        (b"attachment; filename*99*=a; filename*0=b", None),
        (b"attachment; filename*=utf-7''%2B3IDYAA-.xlsx", "€\ufffd.xlsx"),
        (b"attachment; filename=\"a.xlsx", None),
        (b"attachment; filename=", "application/octet-stream"),
        (b"attachment", "application/octet-stream"),
        (b";;;=;filename", None),
    ],
)  # fmt: skip
def test_names_in_every_encoding_and_in_none(
    disposition: bytes, shown: str | None, data: bytes, mail: Path, inputs_of: Path
) -> None:
    raw_eml(mail / "a.eml", b"Content-Disposition: " + disposition, data)
    (item,) = collected_from(mail, inputs_of).attachments
    assert item.result == TAKEN
    if shown is not None:
        assert item.name == shown
    assert names(inputs_of) == [FEN_R0]


def test_the_same_name_twice_is_two_forms(mail: Path, inputs_of: Path, tmp_path: Path) -> None:
    first, second = (form(tmp_path, unit=unit).read_bytes() for unit in (FEN, "Zabıta Müdürlüğü"))
    eml(mail / "a.eml", letter(("form.xlsx", first), ("form.xlsx", second), ("form.xlsx", first)))
    assert [item.result for item in collected_from(mail, inputs_of).attachments] == [TAKEN, TAKEN, SAME]
    assert sorted(contents(inputs_of).values()) == sorted([first, second])


@pytest.mark.parametrize(
    "unit",
    [
        "../../Kaçak",
        "/etc",
        "A/B \"C\" 'D' Müdürlüğü",
        "CON",
        "..",
        "\u202eters",
        "İIĞÜŞÖÇ ıiğüşöç",
        "漢字",
        "x" * 500,
        "=1+1",
    ],
)
def test_no_name_of_a_unit_leads_anywhere(unit: str, mail: Path, inputs_of: Path, tmp_path: Path) -> None:
    eml(mail / "a.eml", letter(("form.xlsx", form(tmp_path, unit=unit).read_bytes())))
    (tmp_path / "fen_isleri_mudurlugu.xlsx").unlink()
    (item,) = collected_from(mail, inputs_of).attachments
    assert item.result == TAKEN
    (stored,) = everything(tmp_path)
    folder, name = stored.removeprefix("2024/inputs/").split("/")
    assert name.startswith(f"{folder}_")
    assert set(folder) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")


@pytest.mark.parametrize("revision", ["9" * 5000, "²", "-1", "1.5", "../x", "1e9"])
def test_no_revision_number_leads_anywhere(revision: str, mail: Path, inputs_of: Path, tmp_path: Path) -> None:
    eml(mail / "a.eml", letter(("form.xlsx", form(tmp_path, revision=revision).read_bytes())))  # type: ignore[arg-type]
    assert [item.result for item in collected_from(mail, inputs_of).attachments] == [TAKEN]
    (stored,) = names(inputs_of)
    assert re.fullmatch(r"fen_isleri_mudurlugu/fen_isleri_mudurlugu_r\d{1,9}\.xlsx", stored)


# What is shown


def test_nothing_from_a_message_reaches_the_terminal_as_a_command(mail: Path, inputs_of: Path, data: bytes) -> None:
    name = base64.b64encode("\x1b]0;x\x07\x1b[2Jform\r\nx\u202e.pdf\x9b2J".encode()).decode()
    subject = base64.b64encode("\x1b[31mkonu\r\nBcc: x@y\u2066".encode()).decode()
    raw_eml(
        mail / "a.eml",
        f'Content-Disposition: attachment; filename="=?utf-8?B?{name}?="'.encode(),
        b"%PDF",
        f"Subject: =?utf-8?B?{subject}?=\r\n".encode(),
    )
    for style in ("text", "json"):
        found = run("collect", mail, "-o", inputs_of.parent, "--format", style)
        assert found.exit_code == 1  # what is no form may be meant for one
        assert not set(found.stdout) & set("\x1b\x07\x9b\r\u202e\u2066")
        assert "Bcc" in found.stdout


# Bombs and depths


def test_a_bomb_in_a_workbook_or_an_archive_is_refused(mail: Path, inputs_of: Path) -> None:
    workbook, archive = BytesIO(), BytesIO()
    with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", b" " * (97 << 20))
        package.writestr("xl/workbook.xml", b"<workbook/>")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("form.xlsx", b" " * (97 << 20))
        package.writestr("a/form.txt", "kısa")
    eml(mail / "a.eml", letter(("form.xlsx", workbook.getvalue()), ("formlar.zip", archive.getvalue())))
    collected = collected_from(mail, inputs_of)
    assert [(item.name, item.result, item.reason) for item in collected.attachments[1:]] == [
        ("form.xlsx", REFUSED, "arşivdeki dosya çok büyük"),
        ("form.txt", REFUSED, "resmî tablo yok"),
    ]
    assert [found.code for found in collected.findings] == ["KX003", "KX003"]


def test_an_archive_of_too_many_files_is_refused(mail: Path, inputs_of: Path) -> None:
    with zipfile.ZipFile(mail / "a.zip", "w") as package:
        for number in range(1001):
            package.writestr(f"{number}.txt", "x")
    (item,) = collected_from(mail, inputs_of).attachments
    assert item.reason == "arşivde 1001 dosya var"


def test_archives_and_messages_are_opened_only_so_deep(data: bytes, mail: Path, inputs_of: Path) -> None:
    inner = data
    message: EmailMessage = letter(("form.xlsx", data))
    for _ in range(20):
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as package:
            package.writestr("icinde.zip", inner)
        inner = packed.getvalue()
        message = letter(message)
    (mail / "a.zip").write_bytes(inner)
    eml(mail / "b.eml", message)
    collected = collected_from(mail, inputs_of)
    assert {item.result for item in collected.attachments} == {REFUSED}
    assert {"çok fazla iç içe", "iletiler çok fazla iç içe"} >= {item.reason for item in collected.attachments}
    assert len(collected.attachments) == 2


def test_a_message_of_a_thousand_parts_in_parts_is_refused_at_once(mail: Path, inputs_of: Path) -> None:
    for count, name in ((400, "a.eml"), (2000, "b.eml")):
        lines = [f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}' for n in range(count)]
        (mail / name).write_text("From: a@b.tr\n" + "\n".join(lines) + "\n\nson\n")
    collected = collected_from(mail, inputs_of)
    assert [item.result for item in collected.attachments] == [REFUSED]
    assert names(inputs_of.parent) == ["mail/alinamayanlar.jsonl"]


def test_zips_in_a_zip_unpack_to_no_more_than_one_may(mail: Path, inputs_of: Path) -> None:
    inner, outer = BytesIO(), BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("a.bin", b"0" * (60 * 2**20))
    with zipfile.ZipFile(outer, "w") as package:
        for number in range(400):
            package.writestr(f"{number}.zip", inner.getvalue())
    (mail / "a.zip").write_bytes(outer.getvalue())
    collected = collected_from(mail, inputs_of)
    assert collected.failed
    assert [str(found.code) for found in collected.findings].count("KX003") > 390


def test_a_message_of_empty_parts_is_refused_and_the_next_is_read(data: bytes, mail: Path, inputs_of: Path) -> None:
    head = b"From: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    (mail / "1.eml").write_bytes(head + b"--b\r\n\r\n" * 300_000)
    eml(mail / "2.eml", letter(("form.xlsx", data)))
    collected = collected_from(mail, inputs_of)
    assert [item.result for item in collected.attachments] == [REFUSED, TAKEN]
    assert [str(found.code) for found in collected.findings if found.is_error] == ["KX003"]


def test_attachments_by_the_thousand_are_cut_off_aloud(mail: Path, inputs_of: Path) -> None:
    parts = "".join(f'--s\nContent-Disposition: attachment; filename="image{n}.png"\n\n\x89PNG\n' for n in range(1500))
    (mail / "a.eml").write_text(
        f'From: a@b.tr\nContent-Type: multipart/mixed; boundary="s"\n\n{parts}--s--\n', "latin-1"
    )
    collected = collected_from(mail, inputs_of)
    assert len(collected.attachments) == 1001
    assert [found.code for found in collected.findings] == ["KX003"]


def test_a_message_too_large_for_the_memory_is_told_and_the_next_is_read(
    data: bytes, mail: Path, inputs_of: Path
) -> None:
    box = mbox(mail / "kutu", letter(("form.xlsx", data)))
    whole = box.read_bytes()
    with box.open("wb") as stream:
        stream.write(b"From a@b Mon Nov 13 12:00:00 2023\nFrom: a@b.tr\n\n")
        for _ in range(97):
            stream.write((b"x" * 1023 + b"\n") * 1024)
        stream.write(b"\n" + whole)
    collected = collected_from(box, inputs_of)
    assert [item.result for item in collected.attachments] == [REFUSED, TAKEN]
    assert [found.code for found in collected.findings] == ["KX003"]


# Damage


def test_a_compound_file_with_impossible_sizes_costs_no_memory(data: bytes, mail: Path, inputs_of: Path) -> None:
    whole = outlook(("form.xlsx", data))
    at = whole.index("__substg1.0_37010102".encode("utf-16-le"))
    (mail / "a.msg").write_bytes(whole[: at + 120] + struct.pack("<Q", 1 << 31) + whole[at + 128 :])
    collected = collected_from(mail, inputs_of)
    assert {item.result for item in collected.attachments} == {REFUSED}


def test_a_link_in_place_of_a_file_is_told(mail: Path, inputs_of: Path) -> None:
    tree = message_tree(("bulutta.xlsx", b""))
    attached = tree["__attach_version1.0_#00000000"]
    assert isinstance(attached, dict)
    del attached["__substg1.0_37010102"]
    attached["__properties_version1.0"] = bytes(8) + struct.pack("<HHIQ", 3, 0x3705, 6, 7)
    (mail / "a.msg").write_bytes(compound_file(tree))
    (item,) = collected_from(mail, inputs_of).attachments
    assert item.reason == "dosyanın kendisi değil, bağlantısı gönderilmiş"


@pytest.mark.parametrize("kind", ["eml", "msg", "mbox", "winmail", "zip"])
def test_damage_anywhere_loses_no_other_message(kind: str, data: bytes, mail: Path, inputs_of: Path) -> None:
    """Each damaged copy is read to an end, whatever comes of it, and the sound one after it is taken."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("form.xlsx", data)
    whole = {
        "eml": letter(("form.xlsx", data)).as_bytes(),
        "msg": outlook(("form.xlsx", data)),
        "mbox": b"From - Mon Nov 13 12:00:00 2023\n" + letter(("form.xlsx", data)).as_bytes(),
        "winmail": letter(("winmail.dat", winmail(("form.xlsx", data)))).as_bytes(),
        "zip": packed.getvalue(),
    }[kind]
    chance = random.Random(kind)
    for number in range(40):
        damaged = bytearray(whole[: chance.randrange(len(whole))] if number % 4 == 0 else whole)
        for _ in range(chance.choice([1, 5, 100])):
            if damaged:
                # Structure stands near the beginning and the end.
                at = chance.choice([chance.randrange(min(3000, len(damaged))), -chance.randrange(1, len(damaged) + 1)])
                damaged[at] = chance.randrange(256)
        (mail / f"{number:02}.{kind}").write_bytes(damaged)
    sound = form(mail, name="son.xlsx", unit="Sağlam Müdürlüğü")
    (mail / "zz.eml").write_bytes(letter(("form.xlsx", sound.read_bytes())).as_bytes())
    sound.unlink()
    collected = collected_from(mail, inputs_of)
    assert (inputs_of / "saglam_mudurlugu" / "saglam_mudurlugu_r0.xlsx").exists()
    # Every file is in the report, were it only to say that it is nothing.
    told = {Path(message.source).name for message in collected.messages}
    assert told == {path.name for path in mail.iterdir()}


@pytest.mark.parametrize(
    "headers",
    [
        b"From: \xff\xfe <\xddmar@kars.bel.tr>", b"From: a@b@c, ,;<<>>", b"Date: 99 Foo 99999 99:99:99 +9999",
        b"From: =?x?",        b"Date: Mon, 01 Jan 1900 00:00:00 +0000", b"Date: Fri, 31 Dec 9999 23:59:59 -2359",
        b"Content-Type: ;;;", b"Subject: " + b"x" * 100_000,
        b"Content-Type: multipart/mixed", b"Content-Type: message/rfc822", b"Content-Transfer-Encoding: x-yok",
        b"Message-ID: <\r\n\r\n>", b"MIME-Version: 9",
    ],
)  # fmt: skip
def test_headers_that_nobody_should_send(headers: bytes, data: bytes, mail: Path, inputs_of: Path) -> None:
    body = letter(("form.xlsx", data)).as_bytes()
    (mail / "a.eml").write_bytes(headers + b"\r\n" + body)
    (mail / "b.eml").write_bytes(b"From: a@b.tr\r\n" + headers + b"\r\n\r\nmetin")
    assert [message.source for message in collected_from(mail, inputs_of).messages]


def test_a_link_that_leads_out_of_the_source_is_not_followed_for_ever(data: bytes, mail: Path, inputs_of: Path) -> None:
    (mail / "icinde").symlink_to(mail, target_is_directory=True)
    eml(mail / "a.eml", letter(("form.xlsx", data)))
    assert [item.result for item in collected_from(mail, inputs_of).attachments] == [TAKEN]
