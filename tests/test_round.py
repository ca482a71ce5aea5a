"""The whole round of a year on the real data of 2024, as the finance office lives it: from `init` to the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from kars_xl.base.file_names import FINANCE_FORM, file_stem
from kars_xl.base.money import format_tl
from kars_xl.model.units import Unit
from tests.helpers.mail_files import mbox
from tests.helpers.mail_server import (
    PASSWORD,
    SENDER,
    Office,
    Received,
    address_of,
    certificates,
    files_of,
    mail_server,
    text_of,
    write_addresses,
)
from tests.helpers.oracles import convert
from tests.helpers.repository import PUBLISHED
from tests.helpers.round_forms import GENERAL, TRANSFERS, Filled, fill
from tests.helpers.round_office import DEADLINE, DEADLINE_SAID, FinanceOffice, letters_folder

FEN, ZABITA, FINANCE = "Fen İşleri Müdürlüğü", "Zabıta Müdürlüğü", "Mali Hizmetler Müdürlüğü"
LATE = ("İtfaiye Müdürlüğü", "Yazı İşleri Müdürlüğü")
TABLO_11 = "Mali Hizmetler"
UNREADABLE, LEFT_OUT, CHANGED = ("F.7.3.1", "6"), "F.5.2.1", ("F.5.2.2", "3")
MENDED = 412_345_678
TITLE = "2025 Performans Programı"

Forms = Mapping[str, Filled]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FinanceOffice]:
    monkeypatch.setenv("KARS_XL_SMTP_PAROLA", PASSWORD)
    monkeypatch.chdir(tmp_path)
    office = Office()
    with mail_server(office, certificates(tmp_path)) as server:
        yield FinanceOffice(Path("2025"), server, office)


def test_the_years_round(desk: FinanceOffice, inputs: Path, tmp_path: Path) -> None:
    begin(desk)
    out = send_out(desk)
    first, mended = filled_in(desk.folder / "forms", inputs, tmp_path)
    come_in(desk, first, out)
    send_back(desk, first)
    come_in_mended(desk, first, mended)
    remind_and_get_the_rest(desk, first)
    merge(desk, {**first, **mended}, first)
    send_on(desk, {**first, **mended})


def begin(desk: FinanceOffice) -> None:
    """The year's folder from last year's programme; addresses go into the plan."""
    answer = desk.run("init", desk.folder, "--from", PUBLISHED)
    assert (answer["year"], answer["summary"]["error"]) == (2025, 0)
    assert "cd " in (desk.folder / "OKUBENİ.txt").read_text("utf-8-sig")
    assert "20 birimin e-posta adresini" in desk.run("guide", desk.folder)["sentence"]
    write_addresses(desk.folder / "inputs" / "plan.xlsx", {})
    write_owners(desk.folder / "inputs" / "plan.xlsx")
    assert desk.next_step() == "forms"


def write_owners(plan: Path) -> None:
    """Of the indicators that units share, each gets one of these."""
    book = openpyxl.load_workbook(plan)
    shared = {}
    for code, _, units in book["Faaliyetler"].iter_rows(min_row=2, max_col=3, values_only=True):
        if code:
            shared.setdefault(code.split(".", 1)[1].rpartition(".")[0], {}).update(dict.fromkeys(units.splitlines()))
    assert {target: len(units) for target, units in shared.items() if len(units) > 1} == {"1.3": 2, "2.1": 2, "3.3": 2}
    for at, row in enumerate(book["Göstergeler"].iter_rows(min_row=2)):
        units = [*shared.get(str(row[0].value).removeprefix("PG.").rpartition(".")[0], ())]
        if len(units) > 1:
            row[5].value = units[at % 2]
    book.save(plan)


def assert_nobody_is_asked_twice(forms: Path) -> None:
    asked = Counter(
        row[0].value
        for form in forms.iterdir()
        for sheet in openpyxl.load_workbook(form)
        for row in sheet.iter_rows(max_col=3)
        if str(row[0].value).startswith("PG.") and not row[2].protection.locked
    )
    assert len(asked) == 162
    assert set(asked.values()) == {1}


def send_out(desk: FinanceOffice) -> list[Received]:
    """Each unit gets its own form, the finance office Tablo 11 besides, and nobody anything twice."""
    forms = desk.folder / "forms"
    desk.run("forms", desk.folder / "inputs" / "plan.xlsx", "-o", forms, "--filled")
    assert len(list(forms.iterdir())) == 21
    assert_nobody_is_asked_twice(forms)
    assert desk.next_step() == "mail forms"
    answer, out = desk.mail("forms", "--deadline", DEADLINE)
    units = [message["unit"] for message in answer["messages"]]
    assert [message["state"] for message in answer["messages"]] == ["sent"] * 20
    for unit, received in zip(units, out, strict=True):
        assert_headers(received, unit, f"{TITLE} formu – {unit} (son gün {DEADLINE_SAID})")
        names = [f"{file_stem(unit)}.xlsx", *([FINANCE_FORM] if unit == FINANCE else [])]
        assert files_of(received.message) == {name: (forms / name).read_bytes() for name in names}
        body = text_of(received.message)
        assert body.startswith(f"{Unit(unit).addressed}\n")
        assert f"Son gün: {DEADLINE_SAID}\n" in body
        assert "T.C. KARS BELEDİYE BAŞKANLIĞI 2025 Mali Yılı Performans Programı için" in body
    answer, again = desk.mail("forms", "--deadline", DEADLINE)
    assert ([message["state"] for message in answer["messages"]], again) == (["already"] * 20, [])
    assert desk.next_step() == "collect"
    return out


def filled_in(forms: Path, before: Path, scratch: Path) -> tuple[Forms, Forms]:
    """The forms as units send them, by unit, and the two that come mended later: all saved by LibreOffice."""
    folder = scratch / "birimlerde"
    folder.mkdir()
    first = {}
    for form in sorted(forms.iterdir()):
        filled = fill(form, before / form.name, folder / form.name)
        first[filled.unit] = filled
    blank = {key: None for key in first[ZABITA].amounts if key[0] == LEFT_OUT}
    typed = {FEN: {UNREADABLE: "14..,.-"}, ZABITA: blank}
    corrected = {FEN: {}, ZABITA: {CHANGED: MENDED}}
    mended = {}
    for unit in typed:
        empty = forms / f"{file_stem(unit)}.xlsx"
        first[unit] = fill(empty, before / empty.name, folder / empty.name, typed=typed[unit])
        target = folder / f"{empty.stem} son hali.xlsx"
        mended[unit] = fill(empty, before / empty.name, target, revision=1, typed=corrected[unit])
    both = [*first.values(), *mended.values()]
    for filled, saved in zip(both, convert([filled.path for filled in both], scratch), strict=True):
        filled.path = saved
    return first, mended


def come_in(desk: FinanceOffice, first: Forms, out: list[Received]) -> None:
    """18 units have sent, two of them forms with faults; their mailbox holds what went out as well."""
    senders = [unit for unit in first if unit not in (*LATE, TABLO_11)]
    hostile = {FEN: "..\\..\\forms\\Fen İşleri.xlsx", ZABITA: "../../../plan.xlsx"}
    messages = [desk.reply(unit, (hostile.get(unit, first[unit].path.name), first[unit].path)) for unit in senders]
    box = mbox(Path("Gelen Kutusu"), *messages, *(received.data for received in out))
    others = files_below(Path())
    answer = desk.run("collect", box, "-o", desk.folder)
    results = Counter(item["result"] for message in answer["messages"] for item in message["attachments"])
    assert results == {"taken": 18, "refused": 21}
    stored = {stored_at(desk, unit, 0): first[unit].path.read_bytes() for unit in senders}
    # Nothing else anywhere, whatever the attachments are called.
    assert files_below(Path()) == {**others, **stored}
    answer = desk.run("collect", box, "-o", desk.folder)
    results = Counter(item["result"] for message in answer["messages"] for item in message["attachments"])
    assert results == {"same": 18, "refused": 21}

    state = desk.run("status", desk.folder)
    assert {row["unit"] for row in state["units"] if not row["sent"]} == set(LATE)
    assert not state["finance"]["sent"]
    assert {row["unit"]: row["error"] for row in state["units"] if row["error"] and row["sent"]} == {FEN: 1, ZABITA: 1}
    assert_amounts(state, {unit: first[unit] for unit in senders if unit not in (FEN, ZABITA)})
    assert (state["totals"]["sent"], state["totals"]["expected"], state["totals"]["amount"]) == (18, 20, None)
    table = desk.text("status", desk.folder)
    assert "Gelen form               18/21 (gelmeyen: 3)" in table
    assert desk.next_step() == "check"


def send_back(desk: FinanceOffice, first: Forms) -> None:
    """The two units with faults, and they alone, get their marked form and are told the cell."""
    annotated = desk.folder / "annotated"
    answer = desk.run("check", desk.folder / "inputs", "--latest", "--annotate", annotated, code=1)
    # That the finance office has not sent Tablo 11 is no unit's fault, not even the first one's.
    (tablo_11,) = (found for found in answer["findings"] if found["code"] == "KX203" and found["table"] == "TKT")
    assert tablo_11["file"] == ""
    assert "Tablo 11" not in listed(min(annotated.glob("*_r0.xlsx")))
    assert desk.next_step() == "mail findings"
    answer, back = desk.mail("findings", "--deadline", DEADLINE)
    assert (answer["summary"]["error"], len(back)) == (0, 2)
    places = {FEN: first[FEN].places[UNREADABLE], ZABITA: first[ZABITA].places[LEFT_OUT, "1"]}
    said = {FEN: "“14..,.-” sayı olarak okunamadı", ZABITA: "F.5.2.1 faaliyetinin tutarı"}
    for unit, received in zip((FEN, ZABITA), back, strict=True):
        assert_headers(received, unit, f"{TITLE} formunuzda 1 yer düzeltilmeli – {unit}")
        body = text_of(received.message)
        assert said[unit] in body
        assert f"{places[unit][0]} sayfası" in body
        assert f"Son gün: {DEADLINE_SAID}\n" in body
        assert "Revizyon No'yu bir artırın" in body
        name = stored_at(desk, unit, 0).name
        (marked,) = files_of(received.message).items()
        assert marked == (name, (annotated / file_stem(unit) / name).read_bytes())
        sheet, cell = places[unit]
        book = openpyxl.load_workbook(annotated / file_stem(unit) / name)
        assert said[unit] in listed(annotated / file_stem(unit) / name)
        assert book[sheet][cell].comment is not None or unit == ZABITA
        for other in {FEN, ZABITA} - {unit}:
            assert other not in body
    answer, again = desk.mail("findings", "--deadline", DEADLINE)
    assert ([message["state"] for message in answer["messages"]], again) == (["already"] * 2, [])
    assert desk.next_step() == "collect"


def come_in_mended(desk: FinanceOffice, first: Forms, mended: Forms) -> None:
    """The mended forms lie beside those that they replace."""
    before = files_below(desk.folder)
    messages = [desk.reply(unit, (form.path.name, form.path)) for unit, form in mended.items()]
    desk.run("collect", letters_folder(Path("kaydedilen iletiler"), messages), "-o", desk.folder)
    stored = {stored_at(desk, unit, 1): form.path.read_bytes() for unit, form in mended.items()}
    assert files_below(desk.folder) == {**before, **stored}
    state = desk.run("status", desk.folder)
    rows = {row["unit"]: row for row in state["units"]}
    for unit in (FEN, ZABITA):
        assert (rows[unit]["revision"], rows[unit]["error"]) == (1, 0)
        assert [form["file"] for form in rows[unit]["files"]] == [str(stored_at(desk, unit, 1))]
        assert [form["file"] for form in rows[unit]["replaced"]] == [str(stored_at(desk, unit, 0))]
        assert set(rows[unit]["mailed"]) == {"forms", "findings"}
    assert_amounts(state, {**{unit: form for unit, form in first.items() if rows.get(unit, {}).get("sent")}, **mended})
    assert desk.next_step() == "mail reminders"


def remind_and_get_the_rest(desk: FinanceOffice, first: Forms) -> None:
    """Who has not sent is reminded, once a day; then they send."""
    answer, reminders = desk.mail("reminders", "--deadline", DEADLINE)
    assert [message["unit"] for message in answer["messages"]] == list(LATE)
    for unit, received in zip(LATE, reminders, strict=True):
        assert_headers(received, unit, f"Hatırlatma: {TITLE} formu – {unit} (son gün {DEADLINE_SAID})")
        form = desk.folder / "forms" / f"{file_stem(unit)}.xlsx"
        assert files_of(received.message) == {form.name: form.read_bytes()}
        assert f"Son gün: {DEADLINE_SAID} (" in text_of(received.message)
    assert desk.mail("reminders", "--deadline", DEADLINE)[1] == []
    assert desk.next_step() == "collect"
    messages = [desk.reply(unit, (first[unit].path.name, first[unit].path)) for unit in LATE]
    desk.run("collect", mbox(Path("Gelen Kutusu 2"), *messages), "-o", desk.folder)
    step = desk.run("guide", desk.folder)
    assert (step["argv"], FINANCE_FORM in step["sentence"]) == ([], True)
    last = desk.reply(FINANCE, (first[TABLO_11].path.name, first[TABLO_11].path))
    desk.run("collect", mbox(Path("Gelen Kutusu 3"), last), "-o", desk.folder)


def told(diff: dict[str, Any]) -> Iterator[tuple[str, str | None, str | None]]:
    """What changed of each activity by code; the whole amount where one side's could not be read."""
    for change in diff["activities"]:
        amount = change["amount"]
        pairs = change["codes"] or [amount]
        yield from (
            (change["new"]["code"], None if amount["difference"] is None else pair["old"], pair["new"])
            for pair in pairs
        )


def merge(desk: FinanceOffice, forms: Forms, first: Forms) -> None:
    """The workbook has what the forms that count hold, to the kuruş, and says what the revisions changed."""
    state = desk.run("status", desk.folder)
    total = sum(sum(form.amounts.values()) for unit, form in forms.items() if unit != TABLO_11)
    assert (state["totals"]["whole"], state["totals"]["amount"]) == (True, in_json(total))
    output = desk.folder / "outputs" / "performans_programi_2025.xlsx"
    answer = desk.run("merge", desk.folder / "inputs", "--all-revisions", "-o", output, code=1)
    assert {found["code"] for found in answer["findings"]} >= {"KX204"}
    assert not output.exists()
    assert desk.next_step() == "merge"

    answer = desk.run("merge", desk.folder / "inputs", "-o", output)
    assert answer["output"] == str(output)
    general, transfers = (sum(column_of(forms, name).values()) for name in (GENERAL, TRANSFERS))
    expected = {"activities": total, "general": general, "transfers": transfers, "grand": total + general + transfers}
    assert {name: answer["totals"][name]["total"] for name in expected} == {
        key: in_json(of) for key, of in expected.items()
    }
    lost = sum(amount for key, amount in forms[ZABITA].amounts.items() if key[0] == LEFT_OUT)
    changes = {
        FEN: {("F.7.3.1", None, in_json(forms[FEN].activities["F.7.3.1"]))},
        ZABITA: {
            (LEFT_OUT, None, in_json(lost)),
            ("F.5.2.2", in_json(first[ZABITA].amounts[CHANGED]), in_json(MENDED)),
        },
    }
    assert {revision["unit"]: set(told(revision["diff"])) for revision in answer["revisions"]} == changes

    book = CalamineWorkbook.from_path(output)
    summary = book.get_sheet_by_name("İdare Performans Tablosu").to_python(skip_empty_area=False)
    activities = sum((form.activities for unit, form in forms.items() if unit != TABLO_11), Counter[str]())
    written = {row[1]: round(row[7] * 100) for row in summary if str(row[1]).startswith("F.")}
    assert len(written) == 88
    assert {code: amount for code, amount in written.items() if amount} == {
        code: n for code, n in activities.items() if n
    }
    matrix = book.get_sheet_by_name("Toplam Kaynak İhtiyacı").to_python(skip_empty_area=False)
    rows = {str(round(row[0])): row for row in matrix if isinstance(row[0], float)}
    units = [form for unit, form in forms.items() if unit != TABLO_11]
    for code in map(str, range(1, 10)):
        asked = sum(amount for form in units for key, amount in form.amounts.items() if key[1] == code)
        own = [asked, column_of(forms, GENERAL)[code], column_of(forms, TRANSFERS)[code]]
        assert [round(cell * 100) for cell in rows[code][2:6]] == [*own, sum(own)], code
    sources = book.get_sheet_by_name("Kaynak").to_python(skip_empty_area=False)
    files = {row[5] for row in sources if row[0] == "Maliyet"}
    assert {stored_at(desk, unit, 1).name for unit in (FEN, ZABITA)} < files
    assert not {stored_at(desk, unit, 0).name for unit in (FEN, ZABITA)} & files
    place = " ▸ ".join((stored_at(desk, FEN, 1).name, *forms[FEN].places[UNREADABLE]))
    traced = desk.text("trace", output, "Toplam Kaynak İhtiyacı!C11", "--all")
    assert f"{place}: {format_tl(forms[FEN].amounts[UNREADABLE])} TL" in traced


def send_on(desk: FinanceOffice, forms: Forms) -> None:
    """The book to a list, with the sums in the body; from a program of its own."""
    output = desk.folder / "outputs" / "performans_programi_2025.xlsx"
    assert desk.next_step() == "audit"
    desk.run("audit", output, "--html", desk.folder / "outputs" / "denetim.html")
    people = Path("encumen.txt")
    people.write_text("Belediye Başkanı <baskan@kars.bel.tr>\nmeclis@kars.bel.tr\n", encoding="utf-8")
    answer, final = desk.mail("final", "--to", people, apart=True)
    assert [received.to for received in final] == [("baskan@kars.bel.tr",), ("meclis@kars.bel.tr",)]
    total = sum(sum(form.amounts.values()) for form in forms.values())
    booklet = output.with_suffix(".pdf")
    assert booklet.read_bytes().startswith(b"%PDF-")
    for received in final:
        message = received.message
        assert message["Subject"] == f"{TITLE} – T.C. KARS BELEDİYE BAŞKANLIĞI"
        assert files_of(message) == {booklet.name: booklet.read_bytes()}
        assert f"Genel Toplam: {format_tl(total)} TL (%100,00)" in text_of(message)
        assert "TASLAK" not in text_of(message)
    answer, again = desk.mail("final", "--to", people)
    assert ([message["state"] for message in answer["messages"]], again) == (["already"] * 2, [])
    assert desk.next_step() == ""


def assert_headers(received: Received, unit: str, subject: str) -> None:
    message = received.message
    assert received.to == (address_of(unit),)
    assert (message["To"], message["From"], message["Subject"]) == (address_of(unit), SENDER, subject)


def assert_amounts(state: dict[str, list[dict[str, str]]], forms: Forms) -> None:
    amounts = {row["unit"]: row["amount"] for row in state["units"] if row["unit"] in forms}
    assert amounts == {unit: in_json(sum(form.amounts.values())) for unit, form in forms.items()}


def column_of(forms: Forms, name: str) -> Counter[str]:
    """A column of Tablo 11 by its rows."""
    return Counter({key[1]: amount for key, amount in forms[TABLO_11].amounts.items() if key[0] == name})


def in_json(kurus: int) -> str:
    return f"{kurus // 100}.{kurus % 100:02}"


def stored_at(desk: FinanceOffice, unit: str, revision: int) -> Path:
    return desk.folder / "inputs" / file_stem(unit) / f"{file_stem(unit)}_r{revision}.xlsx"


def files_below(folder: Path) -> dict[Path, bytes]:
    """Every file of a folder with its bytes."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def listed(copy: Path) -> str:
    """All text of a marked copy's list of findings, which is its first sheet."""
    sheet = openpyxl.load_workbook(copy).worksheets[0]
    return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
