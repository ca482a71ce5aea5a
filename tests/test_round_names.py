"""Units with names that no file system, header, formula or terminal likes, all the way through the round."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from kars_xl.base.file_names import FINANCE_FORM
from kars_xl.model.units import Unit
from kars_xl.year.mail.letter import one_line
from tests.helpers.mail_files import mbox
from tests.helpers.mail_server import PASSWORD, SENDER, Office, certificates, files_of, mail_server, text_of
from tests.helpers.round_office import DEADLINE, FinanceOffice, letters_folder
from tests.helpers.small_town import TOWN, cost, tablo_11, target

NAMES = (
    "Abcçdefgğhıijklmnoöprsştuüvyz Müdürlüğü",
    "ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ ÂÎÛ Başkanlığı",
    "Park \"Yeşil\" / Bahçe \\ 'Çiçek' <Şefliği>: *?|",
    "../../../Yazı İşleri Müdürlüğü",
    "..\\..\\plan.xlsx",
    "=1+1 Müdürlüğü",
    "@SUM(A1) -2 +3 Müdürlüğü",
    "CON",
    "İ" * 200 + " Müdürlüğü",
    "Fen%0D%0ABcc: kotu@ornek.tr",
    "Zabıta\u202exslx.mrof Müdürlüğü",
    "=?utf-8?q?Fen?= 🏛 Müdürlüğü",
    "<script>alert(1)</script> & Müdürlüğü",
)
AMOUNT = 900


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FinanceOffice]:
    """A working folder for a town whose units are called so, one activity each."""
    monkeypatch.setenv("KARS_XL_SMTP_PAROLA", PASSWORD)
    monkeypatch.chdir(tmp_path)
    works = [f"İş {number}" for number in range(len(NAMES))]
    tables = [target(activities=[f"{work}\t{AMOUNT},00" for work in works])]
    tables += [cost(work, f"{AMOUNT},00", unit=f"Birim {number}") for number, work in enumerate(works)]
    Path("program.txt").write_text("\n".join([*tables, tablo_11(general_3="100,00")]), encoding="utf-8")
    office = Office()
    with mail_server(office, certificates(tmp_path)) as server:
        found = FinanceOffice(Path("2031"), server, office)
        plan = found.folder / "inputs" / "plan.xlsx"
        found.run("import", "program.txt", "-o", plan)
        _rename(plan)
        yield found


def _rename(plan: Path) -> None:
    """Each "Birim n" gets its name, wherever the plan has it, and an address."""
    book = openpyxl.load_workbook(plan)
    names = {f"Birim {number}": name for number, name in enumerate(NAMES)}
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value in names:
                    cell.value = names[cell.value]
                    # As typed into a cell of text: openpyxl would take "=" for a formula.
                    cell.data_type = "s"
    for row in book["Birimler"].iter_rows(min_row=2):
        if row[0].value:
            row[1].value = f"birim{NAMES.index(row[0].value)}@yesilova.bel.tr"
    book.save(plan)


def test_any_name_goes_all_the_way_round(desk: FinanceOffice) -> None:
    inputs, output = desk.folder / "inputs", desk.folder / "outputs" / "program.xlsx"
    desk.run("forms", inputs / "plan.xlsx", "-o", desk.folder / "forms", "--filled")
    assert len(list((desk.folder / "forms").iterdir())) == len(NAMES) + 1
    drafts = desk.run("mail", "forms", desk.folder, "--deadline", DEADLINE)
    assert len({message["draft"] for message in drafts["messages"]}) == len(NAMES)
    answer, out = desk.mail("forms", "--deadline", DEADLINE)
    replies, forms = [], {}
    for row, received in zip(answer["messages"], out, strict=True):
        message = received.message
        number = int(received.to[0].removeprefix("birim").partition("@")[0])
        assert set(message.keys()) >= {"From", "To", "Subject", "Date", "Message-ID"}
        assert not {"Bcc", "Cc"} & set(message.keys())
        assert row["unit"] == NAMES[number]
        # No reader may be turned round by a mark that can't be seen.
        assert text_of(message).startswith(f"{one_line(Unit(row['unit']).addressed)}\n")
        ((name, data),) = files_of(message).items()
        reply = desk.reply("Birim", (name, desk.folder / "forms" / name))
        assert data == (desk.folder / "forms" / name).read_bytes()
        forms[row["unit"]] = data
        replies.append(reply)
    # Half of them as messages in a folder, the other half in a mailbox; the file names are the clerks' own.
    half = len(replies) // 2
    letters = letters_folder(Path("iletiler"), replies[:half]), mbox(Path("Gelen"), *replies[half:])
    before = set(Path().rglob("*"))
    answer = desk.run("collect", *letters, "-o", desk.folder)
    taken = [item for message in answer["messages"] for item in message["attachments"]]
    assert [item["result"] for item in taken] == ["taken"] * len(NAMES)
    assert {item["unit"]: Path(item["file"]).read_bytes() for item in taken} == forms
    new = {path for path in set(Path().rglob("*")) - before if path.is_file()}
    assert new == {Path(item["file"]) for item in taken}
    assert all(path.is_relative_to(inputs) and path.name.isascii() for path in new)

    (inputs / FINANCE_FORM).write_bytes((desk.folder / "forms" / FINANCE_FORM).read_bytes())
    state = desk.run("status", desk.folder, "--html", "durum.html")
    assert {row["unit"]: row["amount"] for row in state["units"]} == dict.fromkeys(forms, f"{AMOUNT}.00")
    assert "<script>alert" not in Path("durum.html").read_text("utf-8")
    shown = desk.text("status", desk.folder)
    assert "\u202e" not in shown
    answer = desk.run("merge", inputs, "--latest", "-o", output)
    assert answer["totals"]["activities"]["total"] == f"{AMOUNT * len(NAMES)}.00"
    assert desk.run("audit", output)["summary"]["error"] == 0
    book = CalamineWorkbook.from_path(output)
    sources = book.get_sheet_by_name("Kaynak").to_python(skip_empty_area=False)
    assert {row[4] for row in sources if row[0] == "Maliyet"} == set(forms)


def test_faults_go_back_to_any_name(desk: FinanceOffice) -> None:
    """And the marked copy that comes back to it, sent on by mistake, is no form."""
    inputs = desk.folder / "inputs"
    desk.run("forms", inputs / "plan.xlsx", "-o", desk.folder / "forms", "--filled")
    for form in (desk.folder / "forms").iterdir():
        book = openpyxl.load_workbook(form)
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value == AMOUNT and not cell.protection.locked:
                        cell.value = "dokuz yüz"
        book.save(inputs / form.name)
    answer, back = desk.mail("findings")
    assert [message["state"] for message in answer["messages"]] == ["sent"] * len(NAMES)
    assert sorted(received.to[0] for received in back) == sorted(f"birim{n}@yesilova.bel.tr" for n in range(len(NAMES)))
    marked = {path for path in (desk.folder / "annotated").rglob("*") if path.is_file()}
    assert {data for received in back for data in files_of(received.message).values()} == {
        path.read_bytes() for path in marked
    }
    for received in back:
        assert "“dokuz yüz” sayı olarak okunamadı" in text_of(received.message)
        assert received.message["From"] == SENDER
    replies = [desk.reply("Birim", (path.name, path)) for path in marked]
    answer = desk.run("collect", mbox(Path("Gelen"), *replies), "-o", desk.folder)
    reasons = {item["reason"] for message in answer["messages"] for item in message["attachments"]}
    assert reasons == {"geri gönderdiğiniz işaretli kopyanın kendisi, düzeltilmemiş"}


def test_forms_of_one_name_in_two_folders_are_told_apart(desk: FinanceOffice) -> None:
    """A clerk's `form.xlsx` in each unit's folder: findings and Kaynak say which one."""
    inputs, output = desk.folder / "inputs", desk.folder / "outputs" / "program.xlsx"
    desk.run("forms", inputs / "plan.xlsx", "-o", desk.folder / "forms", "--filled")
    for form in (desk.folder / "forms").iterdir():
        (inputs / form.stem).mkdir()
        (inputs / form.stem / "form.xlsx").write_bytes(form.read_bytes())
    spoiled = inputs / "con_birimi" / "form.xlsx"
    good = spoiled.read_bytes()
    spoiled.write_bytes(good[:2000])
    assert "  • con_birimi ▸ form.xlsx: " in desk.text("check", inputs, code=1)
    spoiled.write_bytes(good)
    desk.run("merge", inputs, "-o", output)
    sources = CalamineWorkbook.from_path(output).get_sheet_by_name("Kaynak").to_python(skip_empty_area=False)
    named = {(row[4], row[5]) for row in sources if row[0] == "Maliyet"}
    assert ("CON", "con_birimi/form.xlsx") in named
    assert len({file for _, file in named}) == len(NAMES)
    assert TOWN in desk.text("status", desk.folder)
