"""The letters of the round as drafts: each unit its own file and its own words, in what mail programs can open."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from kars_xl.base.file_names import file_stem
from kars_xl.model.units import NO_UNIT
from kars_xl.reading.grid import open_grid
from kars_xl.reading.plan import read_plan
from kars_xl.year.mail.letter import Attachment, Letter, message_bytes, read_date, say_day
from tests.helpers.cli_runs import json_of, run
from tests.helpers.mail_server import SENDER, address_of, files_of, parsed, text_of, write_addresses, write_institution
from tests.helpers.workbook_edits import cells_of

FEN, ZABITA, HUKUK, MALI = (
    *("Fen İşleri Müdürlüğü", "Zabıta Müdürlüğü", "Hukuk İşleri Müdürlüğü"),
    "Mali Hizmetler Müdürlüğü",
)
DEADLINE = ("--deadline", "20.11.2099")


@pytest.fixture
def answered(folder: Path, inputs: Path) -> Path:
    """With all the forms of 2024 come back."""
    for path in inputs.glob("*.xlsx"):
        if path.name != "plan.xlsx":
            shutil.copy(path, folder / "inputs")
    return folder


def spoil(form: Path, *, label: str = "Mal ve Hizmet Alım Giderleri", value: object = "1,500") -> None:
    """A figure beside a label of the form's first cost table is another one."""
    book = openpyxl.load_workbook(form)
    cell = next(cell for sheet in book for cell in cells_of(sheet) if cell.value == label)
    row = cell.parent[cell.row]
    next(beside for beside in row[cell.column :] if beside.data_type == "n").value = value
    book.save(form)


# Forms out


def test_each_unit_gets_its_own_form_and_the_deadline(folder: Path) -> None:
    done = run("mail", "forms", folder, *DEADLINE)
    assert done.exit_code == 0, done.output
    drafts = sorted((folder / "mail").glob("*.eml"))
    assert len(drafts) == 20
    seen = set()
    for path in drafts:
        message = parsed(path.read_bytes())
        assert message["X-Unsent"] == "1"
        assert not {"Date", "Message-ID", "From"} & set(message.keys())
        assert "son gün 20 Kasım 2099 Cuma" in message["Subject"]
        assert "Son gün: 20 Kasım 2099 Cuma" in text_of(message)
        for name, data in files_of(message).items():
            assert data == (folder / "forms" / name).read_bytes()
            seen.add(name)
    assert seen == {path.name for path in (folder / "forms").iterdir()}
    message = parsed((folder / "mail" / "form_fen_isleri_mudurlugu.eml").read_bytes())
    assert message["To"] == address_of(FEN)
    assert list(files_of(message)) == ["fen_isleri_mudurlugu.xlsx"]
    assert text_of(message).startswith("Fen İşleri Müdürlüğüne\n")
    assert "son güne kadar Mali Hizmetler Müdürlüğüne gönderilmesi gerekmektedir." in text_of(message)
    # Who answers questions is not in this plan, and no line stands empty for it.
    signed = ("Bilgilerinizi ve gereğini rica ederim.", "", MALI, "T.C. KARS BELEDİYE BAŞKANLIĞI")
    assert text_of(message).endswith("\n".join(("", "", *signed, "")))


def test_the_office_of_the_plan_signs(folder: Path) -> None:
    office = {"Mali Hizmetler Birimi": "Strateji Geliştirme Müdürlüğü", "Formların İlgilisi": "Ayşe Kaya"}
    write_institution(folder / "inputs" / "plan.xlsx", {**office, "Dahili": 1234})
    run("mail", "reminders", folder, *DEADLINE)
    text = text_of(parsed((folder / "mail" / "hatirlatma_fen_isleri_mudurlugu.eml").read_bytes()))
    assert "itibarıyla Strateji Geliştirme Müdürlüğüne ulaşmamıştır." in text
    signed = ("Ayşe Kaya", "Strateji Geliştirme Müdürlüğü", "Dahili: 1234", "T.C. KARS BELEDİYE BAŞKANLIĞI")
    assert text.endswith("\n".join(("rica ederim.", "", *signed, "")))


def test_the_same_letters_make_the_same_files(folder: Path) -> None:
    run("mail", "forms", folder, *DEADLINE)
    first = {path.name: path.read_bytes() for path in (folder / "mail").iterdir()}
    run("mail", "forms", folder, *DEADLINE)
    assert {path.name: path.read_bytes() for path in (folder / "mail").iterdir()} == first


def test_tablo_11_goes_to_the_finance_unit_if_it_has_an_address(folder: Path) -> None:
    tablo_11 = "tablo_11_mali_hizmetler.xlsx"
    rows = {row["unit"]: row["files"] for row in json_of("mail", "forms", folder, *DEADLINE)["messages"]}
    assert [unit for unit, files in rows.items() if tablo_11 in files] == [MALI]
    write_addresses(folder / "inputs" / "plan.xlsx", {MALI: ""})
    done = json_of("mail", "forms", folder, *DEADLINE)
    assert all(tablo_11 not in row["files"] for row in done["messages"])
    assert [found["values"] for found in done["findings"]] == [{"unit": MALI}]


def test_a_unit_without_a_usable_address_is_named_and_the_others_go_on(folder: Path) -> None:
    changed = {FEN: "", ZABITA: "zabita@kars", HUKUK: "hukuk@kars; avukat@kars.bel.tr, Ali Işık <isik@kars.bel.tr>"}
    write_addresses(folder / "inputs" / "plan.xlsx", changed)
    done = json_of("mail", "forms", folder, *DEADLINE)
    told = [(found["code"], found["values"]["unit"]) for found in done["findings"]]
    assert sorted(told) == [("KX701", FEN), ("KX702", HUKUK), ("KX702", ZABITA)]
    rows = {row["unit"]: row["to"] for row in done["messages"]}
    assert len(rows) == 18
    assert rows[HUKUK] == ["avukat@kars.bel.tr", "isik@kars.bel.tr"]


def test_no_unit_gets_another_ones_or_an_old_form(folder: Path) -> None:
    forms = folder / "forms"
    shutil.copy(forms / "zabita_mudurlugu.xlsx", forms / "fen_isleri_mudurlugu.xlsx")
    (forms / "hukuk_isleri_mudurlugu.xlsx").unlink()
    book = openpyxl.load_workbook(forms / "itfaiye_mudurlugu.xlsx")
    next(cell for cell in cells_of(book["Kimlik"]) if cell.value == 2024).value = 2023
    book.save(forms / "itfaiye_mudurlugu.xlsx")
    (forms / "zabita_mudurlugu.xlsx").write_bytes(b"")
    done = json_of("mail", "forms", folder, *DEADLINE)
    reasons = {found["values"]["unit"]: found["message"] for found in done["findings"]}
    assert {found["code"] for found in done["findings"]} == {"KX703"}
    assert f"“{ZABITA}”" in reasons[FEN]
    assert "forms klasöründe yok" in reasons[HUKUK]
    assert "2023" in reasons["İtfaiye Müdürlüğü"]
    assert "okunamadı" in reasons[ZABITA]
    assert len(done["messages"]) == 16


# Findings back


def test_a_unit_whose_form_has_errors_gets_it_marked_and_the_others_nothing(answered: Path) -> None:
    form = answered / "inputs" / "fen_isleri_mudurlugu.xlsx"
    spoil(form)
    before = form.read_bytes()
    done = run("mail", "findings", answered)
    assert done.exit_code == 0, done.output
    (path,) = (answered / "mail").glob("*.eml")
    message = parsed(path.read_bytes())
    assert message["To"] == address_of(FEN)
    assert "1 yer düzeltilmeli" in message["Subject"]
    text = text_of(message)
    assert "DÜZELTİLMESİ GEREKENLER" in text
    assert "“1,500” sayı olarak okunamadı" in text
    assert "Revizyon No'yu bir artırın" in text
    ((name, data),) = files_of(message).items()
    assert name == "fen_isleri_mudurlugu.xlsx"
    marked = answered / "annotated" / "fen_isleri_mudurlugu" / name
    assert data == marked.read_bytes() != before
    assert form.read_bytes() == before
    book = openpyxl.load_workbook(marked)
    noted = [cell for sheet in book for cell in cells_of(sheet) if cell.comment and "“1,500”" in cell.comment.text]
    # The cell that the letter names is the one that is marked.
    assert f"{noted[0].parent.title} sayfası, {noted[0].coordinate} hücresi" in text


def test_warnings_alone_make_a_letter_only_when_asked_for(answered: Path) -> None:
    assert json_of("mail", "findings", answered)["messages"] == []
    rows = json_of("mail", "findings", answered, "--warnings")["messages"]
    assert len(rows) > 5
    assert all("düzeltilmeli" not in row["subject"] for row in rows)


def test_a_mended_form_is_another_letter_and_an_unchanged_one_is_not(answered: Path) -> None:
    form = answered / "inputs" / "fen_isleri_mudurlugu.xlsx"
    spoil(form)

    def attached() -> bytes:
        run("mail", "findings", answered)
        message = parsed((answered / "mail" / "bulgu_fen_isleri_mudurlugu.eml").read_bytes())
        return files_of(message)["fen_isleri_mudurlugu.xlsx"]

    first = attached()
    assert attached() == first
    spoil(form, value="2,500")
    assert attached() != first


def test_two_units_that_disagree_both_hear_of_it(answered: Path, inputs: Path) -> None:
    """An indicator of both, with another value in one: it stands in one form, and is the matter of both."""
    unit, other, code = shared_indicator(inputs / "plan.xlsx")
    names = {file_stem(it.name): it.name for it in read_plan(open_grid(str(inputs / "plan.xlsx"))).programme.units}
    form = answered / "inputs" / f"{unit}.xlsx"
    book = openpyxl.load_workbook(form)
    row = next(cell for sheet in book for cell in cells_of(sheet) if cell.value == code)
    value = next(cell for cell in row.parent[row.row][2:] if cell.data_type == "n" and cell.value is not None)
    given, value.value = str(value.value), 98765
    book.save(form)
    run("mail", "findings", answered)
    for stem in (unit, other):
        message = parsed((answered / "mail" / f"bulgu_{stem}.eml").read_bytes())
        text = text_of(message)
        # Each with what the other has given: whose it is, and the figure.
        (said,) = re.findall(rf"{code} göstergesinin \d+ değeri farklı: (.+), (.+)\.", text)
        assert {part.rpartition(" ")[0] for part in said} == {names[unit], names[other]}
        assert {part.rpartition(" ")[2].replace(".", "") for part in said} == {"98765", given}
        assert "Diğer birimle görüşüp iki forma da aynı değeri yazın." in text
        # Nobody gets another unit's form.
        assert list(files_of(message)) == [f"{stem}.xlsx"]


def shared_indicator(plan: Path) -> tuple[str, str, str]:
    """Two units' file stems and the code of an indicator that both have to give."""
    for target in read_plan(open_grid(str(plan))).programme.targets:
        units = sorted({unit for activity in target.activities for unit in activity.units})
        if len(units) > 1 and target.indicators:
            return file_stem(units[0].name), file_stem(units[1].name), target.indicators[0].code
    raise AssertionError("no two units share an indicator")


def test_an_activity_that_is_missing_is_told_to_the_unit_that_owes_it(answered: Path) -> None:
    plan = answered / "inputs" / "plan.xlsx"
    book = openpyxl.load_workbook(plan)
    sheet = book["Faaliyetler"]
    row = next(row for row in sheet.iter_rows(min_row=2) if any(cell.value == FEN for cell in row))
    values = [cell.value for cell in row]
    values[0] = str(values[0]).rpartition(".")[0] + ".99"
    sheet.append(values)
    book.save(plan)
    done = json_of("mail", "findings", answered)
    assert [row["unit"] for row in done["messages"]] == [FEN]
    text = text_of(parsed((answered / "mail" / "bulgu_fen_isleri_mudurlugu.eml").read_bytes()))
    assert f"{str(values[0]).removeprefix('F.')}" in text
    assert "Eksik olanı forma ekleyin." in text


# Reminders


def test_only_who_has_not_sent_is_reminded(answered: Path) -> None:
    (answered / "inputs" / "zabita_mudurlugu.xlsx").unlink()
    (answered / "inputs" / "fen_isleri_mudurlugu.xlsx").rename(answered / "inputs" / "bizim form.xlsx")
    assert [row["unit"] for row in json_of("mail", "reminders", answered, *DEADLINE)["messages"]] == [ZABITA]
    message = parsed((answered / "mail" / "hatirlatma_zabita_mudurlugu.eml").read_bytes())
    assert "Son gün: 20 Kasım 2099 Cuma" in text_of(message)


def test_a_reminder_has_the_form_with_it_once_more_if_it_is_there(answered: Path) -> None:
    form = answered / "forms" / "zabita_mudurlugu.xlsx"
    (answered / "inputs" / form.name).unlink()

    def reminder() -> EmailMessage:
        assert run("mail", "reminders", answered, *DEADLINE).exit_code == 0
        return parsed((answered / "mail" / "hatirlatma_zabita_mudurlugu.eml").read_bytes())

    assert files_of(reminder()) == {form.name: form.read_bytes()}
    assert "Boş form yeniden ektedir: zabita_mudurlugu.xlsx\n" in text_of(reminder())
    form.unlink()
    assert files_of(reminder()) == {}
    assert "Form elinizde yoksa yine bu iletiyi yanıtlayarak isteyin." in text_of(reminder())


def test_a_reminder_says_what_could_not_be_taken_before(answered: Path) -> None:
    (answered / "inputs" / "zabita_mudurlugu.xlsx").unlink()
    letter = Letter("forms", NO_UNIT, (SENDER,), "Formumuz", "Ektedir.", (Attachment("form.pdf", b"%PDF-1.7"),))
    came = answered.parent / "gelen.eml"
    came.write_bytes(message_bytes(letter, address_of(ZABITA), {"Date": "Wed, 04 Nov 2099 09:00:00 +0300"}))
    run("collect", came, "-o", answered)
    run("mail", "reminders", answered, *DEADLINE)
    message = parsed((answered / "mail" / "hatirlatma_zabita_mudurlugu.eml").read_bytes())
    assert "Daha önce gönderdiğiniz şunlar form olarak alınamamıştır:\n- 04.11.2099 tarihli “Formumuz”" in text_of(
        message
    )
    assert "iletisindeki form.pdf (" in text_of(message)
    assert list(files_of(message)) == ["zabita_mudurlugu.xlsx"]


def test_a_reminder_that_is_no_longer_needed_is_told(answered: Path, inputs: Path) -> None:
    (answered / "inputs" / "zabita_mudurlugu.xlsx").unlink()
    run("mail", "reminders", answered, *DEADLINE)
    shutil.copy(inputs / "zabita_mudurlugu.xlsx", answered / "inputs")
    assert "hatirlatma_zabita_mudurlugu.eml" in run("mail", "reminders", answered, *DEADLINE).output


# Every letter


def test_a_dry_run_writes_nothing(answered: Path) -> None:
    spoil(answered / "inputs" / "fen_isleri_mudurlugu.xlsx")
    before = sorted(answered.rglob("*"))
    for command in (("forms", *DEADLINE), ("findings",), ("reminders", *DEADLINE)):
        done = run("mail", command[0], answered, *command[1:], "--dry-run")
        assert done.exit_code == 0, done.output
    shown = run("mail", "findings", answered, "--dry-run", "--format", "json").stdout
    (letter,) = json.loads(shown)["messages"]
    assert (letter["unit"], letter["to"], letter["state"]) == (FEN, [address_of(FEN)], "planned")
    assert letter["files"] == ["fen_isleri_mudurlugu.xlsx"]
    assert sorted(answered.rglob("*")) == before


def test_without_a_plan_there_are_no_addresses(folder: Path) -> None:
    (folder / "inputs" / "plan.xlsx").unlink()
    for command in (("forms", *DEADLINE), ("findings",), ("reminders", *DEADLINE)):
        done = run("mail", command[0], folder, *command[1:])
        assert done.exit_code == 1
        assert "KX007" in done.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--deadline", "20.11.2020"), "20 Kasım 2020 Cuma geçmiş bir gün"),
        (("--deadline", "31.11.2099"), "takvimde yok"),
        (("--deadline", "yarın"), "tarih olarak okunamadı"),
        ((*DEADLINE, "--from", "mali@kars.bel.tr, x@y.tr"), "bir e-posta adresi değil"),
        ((*DEADLINE, "--again", "Yok Müdürlüğü", "--dry-run"), "gönderilecek bir ileti yok"),
        ((*DEADLINE, "--send"), "--from"),
        ((*DEADLINE, "--send", "--from", "a@kars.bel.tr"), "--smtp-host"),
    ],
)
def test_wrong_usage_is_said(folder: Path, options: tuple[str, ...], words: str) -> None:
    done = run("mail", "forms", folder, *options)
    assert done.exit_code == 2
    assert words in done.output


def test_a_folder_that_is_no_working_folder_is_said_to_be_none(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bos").mkdir()
    for command in (("forms", *DEADLINE), ("findings",), ("reminders", *DEADLINE)):
        done = run("mail", command[0], tmp_path / "bos", *command[1:])
        assert done.exit_code == 2
        assert "bir çalışma klasörü değil" in done.output
    # The folder of the forms itself, with the plan among them, will do.
    assert "çalışma klasörü değil" not in run("mail", "reminders", folder / "inputs", *DEADLINE, "--dry-run").output


def test_a_deadline_on_a_weekend_is_mentioned(folder: Path) -> None:
    assert (
        "hafta sonuna geliyor: 21 Kasım 2099 Cumartesi"
        in run("mail", "forms", folder, "--deadline", "2099-11-21").output
    )


def test_a_deadline_in_the_programmes_own_year_is_mentioned(folder: Path) -> None:
    """A programme is made in the autumn before its year, so 20.11.2027 for 2027 is a slip of the pen."""
    plan = folder / "inputs" / "plan.xlsx"
    book = openpyxl.load_workbook(plan)
    book["Kurum"]["B3"] = 2099
    book.save(plan)
    said = "2099 programı 2098 yılının sonunda hazırlanır"
    for day, late in (("31.12.2098", False), ("1.1.2099", True), ("20.11.2100", True)):
        for command in ("forms", "reminders"):
            assert (said in run("mail", command, folder, "--deadline", day, "--dry-run").output) == late
    assert any(said in note for note in json_of("mail", "reminders", folder, *DEADLINE, "--dry-run")["notes"])


@pytest.mark.parametrize("text", ["2026-11-20", "20.11.2026", "20/11/2026", " 20.11.2026 "])
def test_dates_are_read_as_people_write_them(text: str) -> None:
    assert say_day(read_date(text)) == "20 Kasım 2026 Cuma"
    assert read_date(text) == dt.date(2026, 11, 20)
