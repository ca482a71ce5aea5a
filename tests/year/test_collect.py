"""Forms out of mailboxes: every kind of source, what is taken, what is not and why, and whose it is."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import oxmsg
import pytest

from kars_xl.pipeline import check, make_forms, merge
from kars_xl.year.collect.job import Collected, collect
from kars_xl.year.collect.unpack import REFUSED, SAME, TAKEN, Attachment
from kars_xl.year.folder.folder import Sent, append
from tests.helpers.cli_runs import run
from tests.helpers.form_files import COSTS, FEN, FEN_FILE, TARGET, ZABITA, finance, form, plan_of_two_units, write
from tests.helpers.found import codes
from tests.helpers.mail_files import (
    FEN_ADDRESS,
    ISTANBUL,
    NOON,
    contents,
    eml,
    letter,
    maildir,
    mbox,
    message_tree,
    names,
    outlook,
    winmail,
)

FEN_R0 = "inputs/fen_isleri_mudurlugu/fen_isleri_mudurlugu_r0.xlsx"
FEN_R1 = "inputs/fen_isleri_mudurlugu/fen_isleri_mudurlugu_r1.xlsx"
_MADE: dict[tuple[str, int, tuple[str, ...]], bytes] = {}
SUBJECT = "Performans programı formumuz"
LOGO = b"\x89PNG\r\n\x1a\nlogo"


@pytest.fixture
def year(tmp_path: Path) -> Path:
    return tmp_path / "2024"


def form_bytes(folder: Path, unit: str = FEN, revision: int = 0, *tables: str) -> bytes:
    """A unit's form; the same each time, though its file says when it was made."""
    wanted = (unit, revision, tables)
    if wanted not in _MADE:
        made = form(folder, *tables, name="yapilan.xlsx", unit=unit, revision=revision)
        _MADE[wanted] = made.read_bytes()
        made.unlink()
    return _MADE[wanted]


def without_unit(folder: Path) -> bytes:
    made = write(folder / "yapilan.xlsx", [TARGET, COSTS])
    data = made.read_bytes()
    made.unlink()
    return data


def only_attachment(collected: Collected) -> Attachment:
    (attachment,) = collected.attachments
    return attachment


def results(collected: Collected) -> list[tuple[str, str]]:
    return [(item.name, item.result) for item in collected.attachments]


# Kinds of sources


@pytest.mark.parametrize("kind", ["eml", "folder", "mbox", "maildir", "msg", "msg_ansi", "zip", "plain", "zip_of_mail"])
def test_the_form_comes_out_of_every_kind_of_source(kind: str, mail: Path, year: Path) -> None:
    data = form_bytes(mail)
    message = letter(("formumuz.xlsx", data), ("logo.png", LOGO))
    source = mail / "kutu"
    if kind in ("eml", "folder"):
        eml(mail / "iletiler" / "a.eml", message)
        source = mail / "iletiler" if kind == "folder" else mail / "iletiler" / "a.eml"
    elif kind == "mbox":
        mbox(source, letter(), message, letter())
    elif kind == "maildir":
        maildir(source, letter(), message)
    elif kind.startswith("msg"):
        source.write_bytes(outlook(("formumuz.xlsx", data), ("logo.png", LOGO), unicode=kind == "msg"))
    elif kind == "plain":
        source.mkdir()
        (source / "formumuz.xlsx").write_bytes(data)
        (source / "logo.png").write_bytes(LOGO)
    else:
        with zipfile.ZipFile(source, "w") as package:
            if kind == "zip":
                package.writestr("formlar/formumuz.xlsx", data)
                package.writestr("formlar/logo.png", LOGO)
            else:
                package.writestr("iletiler/a.eml", message.as_bytes())
    before = contents(mail)
    collected = collect([str(source)], str(year))
    assert results(collected) == [("formumuz.xlsx", TAKEN), ("logo.png", REFUSED)]
    assert [item.reason for item in collected.attachments] == ["", "resim"]
    assert contents(year) == {FEN_R0: data}
    assert not collected.findings
    assert contents(mail) == before


def test_a_message_is_reported_with_its_sender_date_and_subject(mail: Path, year: Path) -> None:
    source = eml(mail / "a.eml", letter(("form.xlsx", form_bytes(mail)), subject="Program formu – İğdır şubesi"))
    (message,) = collect([str(source)], str(year)).messages
    assert message.letter is not None
    assert (message.letter.sender, message.letter.address) == (f"Ayşe Işık <{FEN_ADDRESS}>", FEN_ADDRESS)
    assert message.letter.date == NOON
    assert message.letter.subject == "Program formu – İğdır şubesi"


@pytest.mark.parametrize("unicode", [True, False])
def test_an_outlook_message_is_read_as_another_reader_reads_it(unicode: bool, mail: Path, year: Path) -> None:
    subject = "Şube formu, ğüşiöçıİ"
    data = outlook(("formül.xlsx", form_bytes(mail)), subject=subject, unicode=unicode)
    (mail / "a.msg").write_bytes(data)
    (message,) = collect([str(mail)], str(year)).messages
    other = oxmsg.Message.load(data)
    assert message.letter is not None
    assert message.letter.date == other.sent_date == NOON
    assert [item.name for item in message.attachments] == ["formül.xlsx"]
    assert contents(year) == {FEN_R0: other.attachments[0].file_bytes}
    assert message.letter.subject == subject
    if unicode:  # the other reader takes 8-bit letters of no stated code page as Western
        assert (other.subject, other.attachments[0].file_name) == (subject, "formül.xlsx")


def test_a_line_that_looks_like_the_start_of_a_message_cuts_none_short(mail: Path, year: Path) -> None:
    data = form_bytes(mail)
    text = (
        letter(("form.xlsx", data)).as_bytes().replace(b"bilgilerinize", b"Kars\n\nFrom the field, in prose\nit goes")
    )
    start = b"From - Mon Nov 13 12:00:00 2023\n"
    (mail / "kutu").write_bytes(start + text + b"\n" + start + text)
    collected = collect([str(mail)], str(year))
    assert results(collected) == [("form.xlsx", TAKEN), ("form.xlsx", SAME)]


def test_messages_in_messages_are_opened(mail: Path, year: Path) -> None:
    inner = letter(("fen.xlsx", form_bytes(mail)), sender="Birim <birim@kars.bel.tr>", subject="asıl ileti")
    eml(mail / "a.eml", letter(inner, sender="Kalem <kalem@kars.bel.tr>", subject="İlt: asıl ileti"))
    tree = message_tree(("zabita.xlsx", form_bytes(mail, ZABITA)), subject="içteki", embedded=True)
    (mail / "b.msg").write_bytes(outlook(tree, subject="dıştaki"))
    collected = collect([str(mail)], str(year))
    subjects = [message.letter.subject for message in collected.messages if message.letter]
    assert subjects == ["İlt: asıl ileti", "asıl ileti", "dıştaki", "içteki"]
    assert [item.unit.name for item in collected.attachments] == [FEN, ZABITA]
    assert [message.steps for message in collected.messages][3] == ("ekli ileti",)


def test_an_attached_message_that_was_encoded_like_a_file_is_opened(mail: Path, year: Path) -> None:
    import base64

    inner = base64.encodebytes(letter(("form.xlsx", form_bytes(mail))).as_bytes())
    (mail / "a.eml").write_bytes(
        b"From: a@b.tr\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + inner + b"\n--x--\n"
    )
    assert only_attachment(collect([str(mail)], str(year))).result == TAKEN


def test_winmail_dat_and_archives_are_opened(mail: Path, year: Path) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("formlar/zabıta.xlsx", form_bytes(mail, ZABITA))
        package.writestr("formlar/", "")
    eml(
        mail / "a.eml",
        letter(("winmail.dat", winmail(("şube formu.xlsx", form_bytes(mail)))), ("formlar.zip", packed.getvalue())),
    )
    collected = collect([str(mail)], str(year))
    assert results(collected) == [("şube formu.xlsx", TAKEN), ("zabıta.xlsx", TAKEN)]


@pytest.mark.parametrize("name", ["form", "form.pdf", "form.xls", "FORM.XLSX", "form.xlsx.bin", "winmail.dat"])
def test_a_form_is_known_by_its_content_whatever_it_is_called(name: str, mail: Path, year: Path) -> None:
    eml(mail / "a.eml", letter((name, form_bytes(mail))))
    assert only_attachment(collect([str(mail)], str(year))).file == str(year / FEN_R0)


def test_a_form_saved_as_csv_has_the_unit_of_its_sender(mail: Path, year: Path) -> None:
    """A single sheet has no room for Kimlik."""
    plan_of_two_units(year / "inputs", fen=FEN_ADDRESS)
    eml(mail / "a.eml", letter(("form.csv", "\n".join([TARGET, COSTS]).replace("\t", ";").encode("cp1254"))))
    taken = only_attachment(collect([str(mail)], str(year)))
    assert (taken.unit.name, Path(taken.file).name) == (FEN, "fen_isleri_mudurlugu_r0.csv")


# What is no form


def test_every_refusal_says_why(mail: Path, year: Path, tmp_path: Path, merged: Path) -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    notes = openpyxl.Workbook()
    notes.active["A1"] = "toplantı"
    stream = BytesIO()
    notes.save(stream)
    sent = {
        "üst yazı.pdf": (b"%PDF-1.7", "PDF belgesi"),
        "image001.png": (LOGO, "resim"),
        "formlar.rar": (b"Rar!\x1a\x07", "RAR arşivi"),
        "notlar.xlsx": (stream.getvalue(), "resmî tablo yok"),
        "notlar.txt": ("pazartesi toplantı".encode(), "resmî tablo yok"),
        "plan.xlsx": (plan_of_two_units(tmp_path / "p").read_bytes(), "plan çalışma kitabı, birim formu değil"),
        "program.xlsx": (merged.read_bytes(), "bütün bir program, birim formu değil"),
        "parolali.xlsx": (locked, "Dosya parola ile korunuyor."),
        "bozuk.xlsx": (b"PK\x03\x04 half", "Dosya okunamadı: çalışma kitabı değil ya da bozuk."),
        "bos.xlsx": (b"", "boş dosya"),
        "smime.p7m": (b"0\x80\x06\x09", "imzalı ya da şifreli ileti"),
        "ne": (b"\x00\x01\x02", "tanınmayan dosya türü"),
    }
    eml(mail / "a.eml", letter(*[(name, data) for name, (data, _) in sent.items()]))
    collected = collect([str(mail)], str(year))
    assert {item.name: item.reason for item in collected.attachments} == {
        name: reason for name, (_, reason) in sent.items()
    }
    # What may have been a form is told with who sent it; a plan, a programme and a logo are only listed.
    title = f"{mail / 'a.eml'} – {NOON.astimezone():%d.%m.%Y %H:%M} – Ayşe Işık <{FEN_ADDRESS}> – “{SUBJECT}”"
    assert [(found.code, found.place.file) for found in collected.findings] == [
        ("KX016", f"{title} ▸ formlar.rar"),
        ("KX002", f"{title} ▸ parolali.xlsx"),
        ("KX001", f"{title} ▸ bozuk.xlsx"),
        ("KX016", f"{title} ▸ bos.xlsx"),
        ("KX016", f"{title} ▸ smime.p7m"),
        ("KX016", f"{title} ▸ ne"),
        ("KX017", title),
    ]
    assert "üst yazı.pdf (PDF belgesi), notlar.xlsx (resmî tablo yok)." in collected.findings[-1].message
    assert not names(year / "inputs")


def test_a_form_without_its_tables_is_an_error(mail: Path, year: Path) -> None:
    eml(mail / "a.eml", letter(("form.xlsx", form_bytes(mail, FEN, 0, "boş"))))
    collected = collect([str(mail)], str(year))
    assert codes(collected.findings) == ["KX004"]
    assert collected.failed


def test_what_was_sent_out_is_not_taken_back_in(mail: Path, year: Path) -> None:
    make_forms(str(plan_of_two_units(year / "inputs")), str(year / "forms"), filled=False)
    wrong = form(mail, TARGET.replace("60.000,00", "90.000,00"), COSTS)
    check([str(wrong)], annotate=str(year / "annotated"))
    empty = year / "forms" / FEN_FILE
    marked = year / "annotated" / FEN_FILE
    wrong.unlink()
    own = letter(("program.xlsx", form_bytes(mail, ZABITA)), message_id="<1@kars.bel.tr>")
    log = year / "mail" / "gonderim.jsonl"
    append(log, Sent("2023-11-01T10:00:00+03:00", "forms", ZABITA, "z@kars.bel.tr", "<1@kars.bel.tr>"))
    box = mbox(mail / "kutu", letter(("a.xlsx", empty.read_bytes()), ("b.xlsx", marked.read_bytes())), own)
    collected = collect([str(box)], str(year))
    assert [item.reason for item in collected.attachments] == [
        "gönderdiğiniz boş formun kendisi, doldurulmamış",
        "geri gönderdiğiniz işaretli kopyanın kendisi, düzeltilmemiş",
        "kendi gönderdiğiniz ileti",
    ]
    assert names(year / "inputs") == ["plan.xlsx"]


def test_a_form_sent_out_filled_and_sent_back_as_it_is_counts(mail: Path, year: Path) -> None:
    (year / "inputs").mkdir(parents=True)
    (year / "forms").mkdir()
    (year / "forms" / FEN_FILE).write_bytes(form_bytes(mail))
    eml(mail / "a.eml", letter(("form.xlsx", form_bytes(mail))))
    assert only_attachment(collect([str(mail)], str(year))).result == TAKEN


def test_a_marked_copy_sent_back_mended_is_a_form(mail: Path, year: Path) -> None:
    wrong = form(mail, TARGET.replace("60.000,00", "90.000,00"), COSTS)
    check([str(wrong)], annotate=str(year / "annotated"))
    book = openpyxl.load_workbook(year / "annotated" / FEN_FILE)
    assert book.sheetnames[0] == "Bulgular"
    for row in book["PH 1.1"].iter_rows():
        for cell in row:
            if cell.value == 90000:
                cell.value = 60000
    for row in book["Kimlik"].iter_rows():
        if row[0].value == "Revizyon No":
            row[1].value = 1
    book.save(mail / "isaretli.xlsx")
    wrong.unlink()
    eml(mail / "a.eml", letter(("isaretli.xlsx", (mail / "isaretli.xlsx").read_bytes())))
    (mail / "isaretli.xlsx").unlink()
    (year / "inputs").mkdir()
    collected = collect([str(mail)], str(year))
    assert only_attachment(collected).file == str(year / FEN_R1)
    assert not [found for found in check([only_attachment(collected).file]).findings if found.code.startswith("KX30")]


def test_a_message_deleted_in_its_program_is_not_taken(mail: Path, year: Path) -> None:
    gone = letter(("form.xlsx", form_bytes(mail)))
    gone["X-Mozilla-Status"] = "0009"
    box = mbox(mail / "kutu", gone)
    maildir(mail / "dizin", letter(("form.xlsx", form_bytes(mail))))
    (message,) = (mail / "dizin" / "new").iterdir()
    message.rename(mail / "dizin" / "cur" / f"{message.name}:2,ST")
    collected = collect([str(box), str(mail / "dizin")], str(year))
    assert {item.reason for item in collected.attachments} == {"ileti posta kutusunda silinmiş olarak işaretli"}
    assert len(collected.attachments) == 2


# Whose it is


def test_the_plans_spelling_of_a_unit_is_its_name(mail: Path, year: Path) -> None:
    plan_of_two_units(year / "inputs")
    eml(mail / "a.eml", letter(("form.xlsx", form_bytes(mail, "FEN  İŞLERI MÜDÜRLÜGÜ"))))
    assert only_attachment(collect([str(mail)], str(year))).unit.name == FEN


def test_a_form_without_a_unit_is_its_senders_where_the_plan_has_the_address_once(mail: Path, year: Path) -> None:
    plan_of_two_units(year / "inputs", fen=f"mudur@kars.bel.tr; {FEN_ADDRESS.upper()}")
    eml(mail / "a.eml", letter(("form.xlsx", without_unit(mail))))
    collected = collect([str(mail)], str(year))
    assert (only_attachment(collected).unit.name, only_attachment(collected).file) == (FEN, str(year / FEN_R0))
    assert codes(collected.findings) == ["KX211"]
    assert not collected.failed


@pytest.mark.parametrize("shared", [True, False])
def test_nobody_is_guessed_to_be_the_sender(shared: bool, mail: Path, year: Path) -> None:
    plan_of_two_units(
        year / "inputs", **({"fen": FEN_ADDRESS, "zabita": FEN_ADDRESS} if shared else {"zabita": "z@kars.bel.tr"})
    )
    data = without_unit(mail)
    eml(mail / "a.eml", letter(("form.xlsx", data)))
    collected = collect([str(mail)], str(year))
    taken = only_attachment(collected)
    assert (taken.unit.name, codes(collected.findings), collected.failed) == ("", ["KX212"], True)
    assert Path(taken.file).parent == year / "inputs" / "birimi_belirsiz"
    assert Path(taken.file).read_bytes() == data
    assert only_attachment(collect([str(mail)], str(year))).result == SAME


def test_another_units_form_under_the_name_stays_and_is_no_earlier_form_of_this_one(mail: Path, year: Path) -> None:
    (year / FEN_R0).parent.mkdir(parents=True)
    (year / FEN_R0).write_bytes(form_bytes(mail, ZABITA))
    eml(mail / "a.eml", letter(("form.xlsx", form_bytes(mail))))
    collected = collect([str(mail)], str(year))
    assert contents(year) == {FEN_R0: form_bytes(mail, ZABITA), FEN_R0.replace("_r0", "_r0_2"): form_bytes(mail)}
    assert not collected.findings


def test_the_finance_offices_own_form_is_a_form(mail: Path, year: Path, inputs: Path) -> None:
    data = (inputs / "tablo_11_mali_hizmetler.xlsx").read_bytes()
    other = (inputs / "mali_hizmetler_mudurlugu.xlsx").read_bytes()
    eml(mail / "a.eml", letter(("tablo 11.xlsx", data), ("birim.xlsx", other)))
    collect([str(mail)], str(year))
    assert names(year) == [
        "inputs/mali_hizmetler/mali_hizmetler_r0.xlsx",
        "inputs/mali_hizmetler_mudurlugu/mali_hizmetler_mudurlugu_r0.xlsx",
    ]


# Again, and beside what is there


def test_a_second_run_takes_nothing_and_changes_nothing(mail: Path, year: Path) -> None:
    first = form_bytes(mail)
    box = mbox(mail / "kutu", letter(("a.xlsx", first)), letter(("b.xlsx", form_bytes(mail, ZABITA))))
    collect([str(box)], str(year))
    before = contents(year)
    (year / "inputs" / "elden").mkdir()
    shutil.move(year / FEN_R0, year / "inputs" / "elden" / "fen.xlsx")
    collected = collect([str(box)], str(year))
    assert [item.result for item in collected.attachments] == [SAME, SAME]
    assert only_values(contents(year)) == only_values(before)


def only_values(files: dict[str, bytes]) -> list[bytes]:
    return sorted(files.values())


def test_another_form_of_the_same_revision_lies_beside_and_is_told(mail: Path, year: Path) -> None:
    later = NOON + timedelta(hours=3)
    first = form_bytes(mail)
    second = form_bytes(mail, FEN, 0, TARGET.replace("60.", "70."), COSTS.replace("60.", "70."))
    box = mbox(mail / "kutu", letter(("form.xlsx", first)), letter(("form.xlsx", second), date=later))
    collected = collect([str(box)], str(year))
    assert contents(year) == {FEN_R0: first, FEN_R0.replace("_r0", "_r0_2"): second}
    (found,) = collected.findings
    assert (found.code, found.severity) == ("KX213", "warning")
    assert Path(found.place.file).name == "fen_isleri_mudurlugu_r0_2.xlsx"
    assert [Path(place.file).name for place in found.related] == ["fen_isleri_mudurlugu_r0.xlsx"]
    local = later.astimezone()
    assert f"fen_isleri_mudurlugu_r0_2.xlsx ({local:%d.%m.%Y %H:%M})" in found.message
    assert "Revizyon No satırına 1 yazın" in found.fix
    # Told when it is taken, and not ever after.
    assert not collect([str(box)], str(year)).findings


def test_a_lower_revision_sent_later_is_told(mail: Path, year: Path) -> None:
    newer = letter(("form.xlsx", form_bytes(mail, FEN, 2)))
    older = letter(("form.xlsx", form_bytes(mail, FEN, 1)), date=NOON + timedelta(days=1))
    collected = collect([str(mbox(mail / "kutu", newer, older))], str(year))
    assert [(found.code, Path(found.place.file).name) for found in collected.findings] == [
        ("KX214", "fen_isleri_mudurlugu_r1.xlsx")
    ]
    assert only_values(contents(year)) == sorted([form_bytes(mail, FEN, 1), form_bytes(mail, FEN, 2)])


def test_revisions_in_their_order_are_nothing_to_speak_of_and_the_latest_is_merged(mail: Path, year: Path) -> None:
    messages = [letter((f"r{n}.xlsx", form_bytes(mail, FEN, n)), date=NOON + timedelta(days=n)) for n in (1, 0, 2)]
    collected = collect([str(mbox(mail / "kutu", *messages))], str(year))
    assert not collected.findings
    finance(year / "inputs")
    outcome = merge([str(year / "inputs")], str(year / "program.xlsx"), latest=True)
    assert [Path(given.place.file).name for given in outcome.merged.contributions] == ["fen_isleri_mudurlugu_r2.xlsx"]


def test_a_form_has_the_time_of_its_message(mail: Path, year: Path) -> None:
    eml(mail / "a.eml", letter(("form.xlsx", form_bytes(mail))))
    taken = only_attachment(collect([str(mail)], str(year)))
    assert datetime.fromtimestamp(Path(taken.file).stat().st_mtime, ISTANBUL) == NOON


def test_forms_go_into_a_plain_folder_of_forms_where_there_is_one(mail: Path, tmp_path: Path) -> None:
    gelen = tmp_path / "gelen"
    gelen.mkdir()
    form(gelen, name="zabita.xlsx", unit=ZABITA)
    eml(mail / "a.eml", letter(("form.xlsx", form_bytes(mail))))
    collect([str(mail)], str(gelen))
    assert names(gelen) == ["fen_isleri_mudurlugu/fen_isleri_mudurlugu_r0.xlsx", "zabita.xlsx"]


# The command


def test_the_command_says_what_became_of_each_attachment(mail: Path, year: Path) -> None:
    attached = (("form.xlsx", form_bytes(mail)), ("a.png", LOGO), ("b.png", LOGO), ("yazı.pdf", b"%PDF-"))
    box = mbox(mail / "kutu.mbox", letter(*attached), letter())
    found = run("collect", box, "-o", year)
    assert found.exit_code == 0
    assert found.stdout.splitlines() == [
        f"kutu.mbox ▸ 1. ileti – {NOON.astimezone():%d.%m.%Y %H:%M} – Ayşe Işık <{FEN_ADDRESS}> – "
        "“Performans programı formumuz”",
        f"  + form.xlsx: {FEN}, revizyon 0 → fen_isleri_mudurlugu/fen_isleri_mudurlugu_r0.xlsx",
        "  - yazı.pdf: alınmadı, PDF belgesi",
        "  - a.png, b.png: alınmadı, resim",
        "",
        "Sonuç",
        "  Eki olmayan 1 ileti var.",
        "  2 ileti, 4 ek ya da dosya: 1 form alındı, 0 zaten vardı, 3 alınmadı.",
        "",
        "1 form alındı, 0 zaten vardı, 3 alınmadı.",
        "Sıradaki adım: kim gönderdi, ne yanlış, bakın:",
        f"  kars-xl status {year}",
    ]


def test_the_answer_for_machines(mail: Path, year: Path) -> None:
    eml(mail / "a.eml", letter(("form.xlsx", form_bytes(mail)), ("a.xlsx", b"PK\x03\x04")))
    found = run("collect", mail, "-o", year, "--format", "json")
    answer = json.loads(found.stdout)
    assert (found.exit_code, answer["command"], answer["summary"]["error"]) == (1, "collect", 1)
    assert answer["counts"] == {"taken": 1, "same": 0, "refused": 1}
    (message,) = answer["messages"]
    assert message["date"] == NOON.astimezone().isoformat()
    taken, refused = message["attachments"]
    assert (taken["result"], taken["unit"], taken["revision"]) == ("taken", FEN, 0)
    assert os.path.samefile(taken["file"], year / FEN_R0)
    assert (refused["result"], refused["file"]) == ("refused", None)


@pytest.mark.parametrize(("source", "code"), [("yok.mbox", "KX007"), ("bos", "KX008")])
def test_a_source_with_nothing_in_it_is_an_error(source: str, code: str, mail: Path, year: Path) -> None:
    (mail / "bos").mkdir()
    found = run("collect", mail / source, "-o", year)
    assert found.exit_code == 1
    assert code in found.stderr
    assert not year.exists()


def test_last_years_form_is_not_taken(mail: Path, year: Path) -> None:
    tables = [table.replace("2023", "2022").replace("2024", "2023") for table in (TARGET, COSTS)]
    identity = (f"Harcama Birimi\t{FEN}", "Program Yılı\t2023", "Revizyon No\t0")
    old = write(mail.parent / "eski.xlsx", tables, identity=identity).read_bytes()
    slip = form_bytes(mail, FEN, 0, TARGET, COSTS.replace("2024", "2023"))
    right = plan_of_two_units(mail.parent / "plan")
    for data, taken in ((old, False), (slip, True)):
        source = eml(mail / "ileti.eml", letter(("form.xlsx", data)))
        found = collect([str(source)], str(year), plan=str(right))
        assert (only_attachment(found).result == TAKEN) == taken
        assert (codes(found.findings) == ["KX201"]) == (not taken)
        assert ("2023 yılının formu, plan 2024 yılının" in only_attachment(found).reason) == (not taken)
    # Without a plan nothing says which year is the right one.
    source = eml(mail / "ileti.eml", letter(("form.xlsx", old)))
    assert only_attachment(collect([str(source)], str(year.parent / "plansiz"))).result == TAKEN


def test_a_file_where_a_units_folder_should_be_is_told(mail: Path, year: Path, tmp_path: Path) -> None:
    (year / "inputs").mkdir(parents=True)
    (year / "inputs" / "fen_isleri_mudurlugu").touch()
    eml(mail / "a.eml", letter(("form.xlsx", form_bytes(tmp_path))))
    collected = collect([str(mail)], str(year))
    assert [item.reason for item in collected.attachments] == ["kaydedilemedi: aynı adda bir dosya var"]
    assert [found.code for found in collected.findings] == ["KX006"]
