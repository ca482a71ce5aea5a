"""Words that say that amounts are no single lira, and those that say nothing of the kind (KX115)."""

import pytest

from kars_xl.reading.around import is_other_money

OTHER_MONEY = """
Bin TL
Bin-TL
x1000 TL
x 1.000 TL
(000)
(000 TL)
000.-TL
Birim: 1.000 TL
mn TL
Mio TL
MTL
USD
ABD Doları
$
€
Avro
Euro
Kuruş
bin lira
binlerce TL
Tutarlar bin Türk lirasıdır
in thousands of TRY
2024 (x1000 TL)
2024 (1.000 TL)
2024 (MİLYON)
2024 (Bin)
2024 (mn TL)
2024 (USD)
2024 (€)
2024 ABD Doları
2024 Bin TRY
2024 (000)
2024 Bin-TL
2024 (Kuruş)
Not: Tutarlar bin TL’dir.
Birim: 1.000 TL
Tutarlar USD cinsindendir.
Rakamlar bin TL cinsinden olup ilgili yıl bütçe tavanına uygun şekilde belirlenmiştir.
Tüm tutarlar bin TL olarak yazılmıştır.
FAALİYET MALİYETLERİ TABLOSU (Tutarlar Bin Türk Lirası olarak yazılmıştır)
1.000 TL
1000 TL
BİN TL
BIN TL
Milyon ₺
TL (000)
TL x 1000
TL'000
2024 MİLYON TL
Kaynak İhtiyacı (2024) (Bin TL)
Kaynak İhtiyacı (2024) (000 TL)
Para birimi: Avro
Para Birimi USD
Tutarlar Euro olarak verilmiştir
Rakamlar 1.000 TL cinsindendir
Tutarlardan üç sıfır atılmıştır
2024 Dolar
Tutar ($)
Tutar (US$)
Tutar(Bin TL)
Amounts in USD
Amounts are in thousands
Değerler milyon TL'dir
Tutarlar milyon TL olarak gösterilmiştir
2024 (bin ₺)
2024 yılı bütçe teklifi (Bin TL)
Bütçe (bin lira)
1.000.000 TL
(1.000 TL)
2024 (1000 TL)
2024 yılı (Milyon TL)
Toplam (mTL)
bin TL cinsinden
Tutarlar kuruş olarak yazılmıştır
Not: Bütün rakamlar milyon TL üzerindendir.
Tabloda tutarlar bin TL olarak gösterilmiştir
2024 / Bin TL
Bin TL.
2024 - USD
2024, bin TL
2024 GBP
2024 (£)
2024 Sterlin
Tutarlar ABD doları cinsinden yazılmıştır
Bin Türk Lirası
Milyon Türk Lirası (TL)
2024 (milyar TL)
2024 (Mr TL)
2024 x1000
2024 (x1000)
2024 (×1.000)
2024 (x 1.000 TL)
Ödenekler bin TL'dir
Birimi: Bin TL
Tutarlar (bin TL)
2024 (TL x 1.000)
2024 (TL, bin)
2024 (bin)TL
2024 (Bin Türk Lirası)
Tutarlar bin liradır.
Bütçe rakamları bin TL’dir
Tutarlar bin TL’ye yuvarlanmıştır
Rakamlar binlik (bin TL) yazılmıştır
rakamlar bin TL'dir.
"""
LIRA = """
5 milyon TL'lik yatırım
Euro bölgesi
1.000 TL altındaki işler
Bin Kişilik Konser Salonu
Bu faaliyet için 3 bin TL tutarında ihale yapılacaktır.
5 milyon TL’lik yatırımın devamıdır.
2024 Yılı
2024 (TL)
2024 yılı bütçe teklifi (TL)
Tutar (TL)
Kaynak İhtiyacı (2024) (TL)
TL
miktarı beş bin TL'den fazla dava konusu olan belediye uyuşmazlıklarını sulh ile tasfiyeye, kabul ve
4.  Tutarlar TL'dir. Boş bırakılan hücre sıfır sayılır. Toplamlar hesaplanır.
Yüz bin fidan dikilmesi
Milyon Adım Koşusu
Dolar kuru artışı
Proje bedeli 200.000 Euro olarak öngörülmüştür
AB fonundan Euro cinsinden hibe alınacaktır
Bütçe 2 milyon TL olarak belirlenmiştir
Toplam 5.000 TL
Euro 2024 etkinlikleri
Bin Yıllık Tarih
Toplam tutar 3 milyon TL'dir
Tutarın 1.000 TL altında kalması
Tutar
Bin bir gece
Kuruş farkı olmaz
Tutarlar Türk Lirasıdır
Tutarlar TL cinsindendir
Beş bin kişiye gıda yardımı
1000 adet
100.000 TL
25.000 TL
Milyonlarca TL tasarruf
Mal ve Hizmet Alım Giderleri 225.000 TL
Ödenek 5 bin TL olarak ayrıldı
Bütçe giderlerinin 40 milyon TL olarak gerçekleşmesi
MN 06 kod
Mr. Kars
1 milyon TL ödenek ayrılmıştır
Avrupa Birliği projeleri
Euro 6 normunda araç alımı
Maliyet 10 bin Euro olarak belirlenmiştir
x
TRY
Türk Lirası
Dolarizasyon
Tutarlar yıl sonu itibarıyladır
"""


@pytest.mark.parametrize("text", OTHER_MONEY.strip().split("\n"))
def test_what_says_another_money(text: str) -> None:
    assert is_other_money(text)
    assert is_other_money(text.replace(" ", "\xa0"))


@pytest.mark.parametrize("text", LIRA.strip().split("\n"))
def test_what_says_nothing_of_the_amounts(text: str) -> None:
    assert not is_other_money(text)
