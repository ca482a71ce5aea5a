"""What indicators' names say: units of measure (KX402), and several things in one (KX407)."""

from __future__ import annotations

import pytest

from kars_xl.checking.indicator_names import has_unit, measures_several, unit_of
from tests.helpers.form_tables import document
from tests.helpers.found import keys, only
from tests.helpers.small_town import advice, cost, of_values, target


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Dikilen ağaç sayısı (adet)", "adet"),
        ("DİKİLEN AĞAÇ SAYISI (ADET)", "ADET"),
        ("Memnuniyet oranı (%)", "%"),
        ("Memnuniyet oranı %", "%"),
        ("Memnuniyet (Yüzde)", "%"),
        ("Nikâh salonu yapım yüzdesi", "%"),
        ("Kişi başına yeşil alan (m²/kişi)", "m²/kişi"),
        ("Verilen eğitim (kişi x saat)", "kişi x saat"),
        ("Destek tutarı (Bin TL)", "Bin TL"),
        ("Kurulan kreş (adet) sayısı", "adet"),
        ("Yol [km]", "km"),
        ("Asfaltlanan yol, km", "km"),
        ("En az %10 tasarruf sağlanan bina (adet)", "adet"),
        ("Dikilen ağaç sayısı", ""),
        ("Memnuniyet oranı", ""),
        ("Gündüz Bakım Evi (Kreş)", ""),
        ("Yapılan iş", ""),
        ("Destek (KDV Hariç)", ""),
    ],
)
def test_the_unit_of_a_name(name: str, unit: str) -> None:
    assert unit_of(name) == unit
    assert has_unit(name) == bool(unit)
    row = f"{name}\t{'1%' if unit == '%' else '1'}\t2\t3"
    assert keys(advice(document(target(row), cost("Budama"))), "KX402") == ([] if unit else ["PG.2.3.1"])


def test_an_unknown_word_may_be_a_unit_but_judges_no_value() -> None:
    assert has_unit("Ulaşılan kesim (öğretmen)")
    assert of_values("Ulaşılan kesim (öğretmen)", "70% 75% 80%", "KX111") == []


@pytest.mark.parametrize(
    "name",
    [
        "Düzenlenen Seminer Sayısı ve Basılan Broşür Sayısı (adet)",
        "DÜZENLENEN SEMİNER SAYISI VE BASILAN BROŞÜR SAYISI (ADET)",
        "Eğitim Sayısı (adet), Katılımcı Sayısı (kişi)",
        "Katılımcı Sayısı ile Memnuniyet Oranı",
        "Kurulan Ev ve Düzenlenen Etkinlik Sayısı (adet)",
        "Kurulan Ev ve Düzenlenen Etkinlik (adet)",
        "Toplanan Evsel Atık ve Ayrıştırılan Ambalaj Atığı Miktarı (ton)",
        "Dikilen Ağaç, Yapılan Park Sayısı (adet)",
        "Okullarda Verilen Eğitim ve Dağıtılan Broşür Sayısı",
        "Yapılacak Park ve Düzenlenecek Yeşil Alan Sayısı",
        "Verilen Ruhsat ve İptal Edilen Ruhsat Sayısı (adet)",
        "Yararlanan Kişi Sayısı ve Oranı",
    ],
)
def test_names_that_measure_several_things(name: str) -> None:
    found = only(advice(document(target(f"{name}\t1\t2\t3"), cost("Budama"))), "KX407")
    assert (found.key, found.place.cell) == ("PG.2.3.1", "B6")


@pytest.mark.parametrize(
    "name",
    [
        "Bakım ve Onarımı Yapılan Araç Sayısı (adet)",
        "Bakımı Yapılan ve Onarılan Yol Uzunluğu (km)",
        "Hazırlanan ve Sunulan Kitap Sayısı (adet)",
        "Düzenlenen Konser ve Festival Sayısı (adet)",
        "Personel ve Araç Sayısı (adet)",
        "Gelen ve Giden Evrak Sayısı (adet)",
        "Asfalt ve Parke Yapılan Yol Uzunluğu (km)",
        "Su Kayıp ve Kaçak Oranı (%)",
        "Evlendirme memurluğu ve nikâh salonu yapım yüzdesi",
        "Kadın, Çocuk, Engelli ve Yaşlı Danışma Merkezi Sayısı (adet)",
        "Toplanan Evsel Atık Miktarı / Üretilen Atık Miktarı (%)",
        "Ceza Süresi ve Miktarı Belirlenen Dosya Sayısı (adet)",
        "Alınan Kararların ve Verilen Talimatların Uygulanma Oranı (%)",
        "Yapılan Denetimler ve Verilen Cezalar Sonucu Kapatılan İşyeri Sayısı (adet)",
        "Yapılan Yardımlar ve Verilen Desteklerden Yararlanan Kişi Sayısı (kişi)",
        "Açılan Kurs ve Verilen Eğitim Alan Kişi Sayısı (kişi)",
        "Yapılan Protokol ile Kurulan Merkez Sayısı (adet)",
        "Gelecek Nesiller ve Çevre Eğitimi Sayısı (adet)",
        "İnsan Kaynakları ve Eğitimi Verilen Personel Sayısı (kişi)",
        "Plan ve Proje Sayısı (adet)",
        "Planlanan İş ve Tamamlanan İş Oranı (%)",
        "Memur Sayısı ile İşçi Sayısı Oranı (%)",
        "Toplanan ve Bertaraf Edilen Tıbbi Atık Miktarı (ton)",
        "Ortalama Bekleme Süresi ve Sefer Sayısı Artırılan Hat Sayısı (adet)",
        "Ruhsatlandırılan ve Denetlenen İşyeri Sayısı (adet)",
        "Hizmete Açılan Park ve Rekreasyon Alanı Sayısı (adet)",
        "",
    ],
)
def test_names_that_may_well_measure_one_thing(name: str) -> None:
    assert not measures_several(name)
