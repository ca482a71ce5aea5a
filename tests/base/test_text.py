"""Turkish letters, folding, sorting and codes."""

from __future__ import annotations

import pytest

from kars_xl.base.text import (
    clean_spelling,
    code_key,
    fold,
    lower,
    parent_code,
    read_code,
    sort_key,
    split_code,
    upper,
)
from kars_xl.merging.notes import Known, Wanted, match_names
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.units import split_units
from kars_xl.reading.labels import cost_row_of, label_of


def test_dotted_and_dotless_i_keep_their_kind() -> None:
    assert upper("ılık içme") == "ILIK İÇME"
    assert lower("ILIK İÇME") == "ılık içme"


def test_folding_forgives_letters_spacing_and_pdf_damage() -> None:
    assert fold("Bütçe Dıřı") == fold("BÜTÇE DIŞI") == "butce disi"
    assert fold("yapıлып") == fold("yapılıp")
    assert fold("Dođal ve  kültürel") == fold("Doğal ve kültürel")
    assert fold("I\u0307LCE") == fold("İlçe".replace("ç", "c"))


def test_names_sort_by_the_turkish_alphabet() -> None:
    given = ["Şeker", "Zabıta", "Su", "Çevre", "Cami", "İmar", "Irmak", "Ünal", "Uçar", "Öz", "Ova", "Ğ", "Gül"]
    expected = ["Cami", "Çevre", "Gül", "Ğ", "Irmak", "İmar", "Ova", "Öz", "Su", "Şeker", "Uçar", "Ünal", "Zabıta"]
    assert sorted(given, key=sort_key) == expected


@pytest.mark.parametrize(
    ("typed", "kind", "number"),
    [
        ("PG. 1.1.1", "PG", "1.1.1"),
        ("PG.1.1.10", "PG", "1.1.10"),
        ("pg 1.1.1.", "PG", "1.1.1"),
        ("P.G. 4.2.1", "PG", "4.2.1"),
        ("F.7.3.1", "F", "7.3.1"),
        ("F 7.3.1", "F", "7.3.1"),
        ("F7.3.01", "F", "7.3.1"),
        ("Faaliyet 1.2.3", "F", "1.2.3"),
        ("PH 2.1", "PH", "2.1"),
        ("1.2.3", "", "1.2.3"),
    ],
)
def test_codes_as_people_write_them(typed: str, kind: str, number: str) -> None:
    assert read_code(typed) == (kind, number)


@pytest.mark.parametrize("text", ["", "Faaliyet", "18.madde uygulamaları", "1/5000 Nazım", "F", "2,00", "PG"])
def test_other_text_is_no_code(text: str) -> None:
    assert read_code(text) is None


def test_codes_are_ordered_by_number() -> None:
    assert sorted(["F.1.10.1", "F.1.9.2", "F.1.2.1"], key=code_key) == ["F.1.2.1", "F.1.9.2", "F.1.10.1"]
    assert parent_code("PG.1.10.3") == "1.10"


def test_a_code_before_its_name_is_split_off() -> None:
    assert split_code("F.1.2.3 – Kömür alımı") == ("F", "1.2.3", "Kömür alımı")
    assert split_code("F.1.2.3") == ("F", "1.2.3", "")
    assert split_code("Kömür alımı F.1.2.3") is None


def test_of_equal_wordings_the_sound_one_is_used() -> None:
    assert clean_spelling(["Kentın geliřmesi", "Kentın gelişmesi", "Kentin gelişmesi"]) == "Kentin gelişmesi"
    assert clean_spelling(["sađlamak"]) == "sağlamak"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Toplam Bütçe Dıřı Kaynak İhtiyacı", "extra_total"),
        ("TOPLAM BÜTÇE KAYNAK İHTİYACI", "budget_total"),
        ("Toplam Kaynak İhtyacı", "need_total"),
        ("Performans Gostergeleri", "indicators"),
        ("Amaç 3", "goal"),
        ("Diğer İdarelere Transfer Edilecek Kaynaklar + Yedek Ödenek Toplamı", "transfers"),
        ("Kent ölçeğinde yeşil alan", ""),
        ("Toplam Bütçe D Kaynak İhtiyacı", ""),
    ],
)
def test_labels_are_told_or_left_alone(text: str, label: str) -> None:
    assert label_of(text)[0] == label


def test_economic_codes_are_told_by_name() -> None:
    assert cost_row_of("03 Mal ve Hizmet Alım Giderleri") is CostRow(3)
    assert cost_row_of("Mal ve Hizmet Alim Giderleri") is CostRow(3)
    assert cost_row_of("Sermaye Giderleri") is CostRow(6)
    assert cost_row_of("Sermaye Transferleri") is CostRow(7)
    assert cost_row_of("Cari Giderler") is None


def test_names_are_matched_when_near_and_never_when_two_may_be_meant() -> None:
    known = [
        Known("F.1.1.1", "Sokak hayvanlarının aşılanması işlemleri", "Hayvan"),
        Known("F.1.1.2", "Sokak hayvanlarının tedavisinin yapılması", "Hayvan"),
        Known("F.2.1.1", "Kömür alımının yapılması.", "Isınma"),
    ]
    wanted = [
        Wanted("Kömür alımlarının yapılması"),
        Wanted("Sokak hayvanlarının aşılama işlemleri"),
        Wanted("Hizmet binalarının boyanması"),
    ]
    assert match_names(wanted, known) == ["F.2.1.1", "F.1.1.1", None]
    twins = [Known("F.1.1.1", "Eğitim verilmesi 1. kısım", ""), Known("F.1.1.2", "Eğitim verilmesi 2. kısım", "")]
    assert match_names([Wanted("Eğitim verilmesi 3. kısım")], twins) == [None]


def test_one_name_under_two_targets_is_told_by_the_target() -> None:
    known = [Known("F.1.1.1", "Eğitim", "Gençlik"), Known("F.2.1.1", "Eğitim", "Kadın")]
    assert match_names([Wanted("Eğitim", "Kadın"), Wanted("Eğitim", "Gençlik")], known) == ["F.2.1.1", "F.1.1.1"]
    assert match_names([Wanted("Eğitim", "Spor")], known) == [None]


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("Fen İşleri Müdürlüğü", ["Fen İşleri Müdürlüğü"]),
        ("Fen  İşleri   Müdürlüğü", ["Fen İşleri Müdürlüğü"]),
        ("Fen İşleri Müdürlüğü\nZabıta Müdürlüğü", ["Fen İşleri Müdürlüğü", "Zabıta Müdürlüğü"]),
        ("Fen İşleri Müdürlüğü, Zabıta Müdürlüğü", ["Fen İşleri Müdürlüğü", "Zabıta Müdürlüğü"]),
        ("Fen İşleri Müdürlüğü / Zabıta Müdürlüğü", ["Fen İşleri Müdürlüğü", "Zabıta Müdürlüğü"]),
        ("Fen İşleri Müdürlüğü;Zabıta Müdürlüğü ; ", ["Fen İşleri Müdürlüğü", "Zabıta Müdürlüğü"]),
        ("Basın, Yayın ve Halkla İlişkiler Müdürlüğü", ["Basın, Yayın ve Halkla İlişkiler Müdürlüğü"]),
        ("Özel Kalem Müd., Zabıta Amirliği", ["Özel Kalem Müd.", "Zabıta Amirliği"]),
        ("Afet Birimi/İtfaiye Şefliği", ["Afet Birimi", "İtfaiye Şefliği"]),
        ("Kültür, Sanat, Spor Müdürlüğü\n\nYazı Şefliği", ["Kültür, Sanat, Spor Müdürlüğü", "Yazı Şefliği"]),
        ("Teftiş Kurulu Başkanlığı, Yazı İşleri Müdürlüğü", ["Teftiş Kurulu Başkanlığı", "Yazı İşleri Müdürlüğü"]),
        ("Fen/Park", ["Fen/Park"]),
        ("", []),
    ],
)
def test_units_of_one_cell(cell: str, units: list[str]) -> None:
    assert split_units(cell) == units
