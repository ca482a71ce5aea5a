"""The read-me of a working folder: what lies in it, and what to do next, command by command."""

from __future__ import annotations

import datetime as dt
import os

from kars_xl.model.programme import Programme
from kars_xl.year.folder.folder import Folder
from kars_xl.year.folder.rollover import has_figures

_TEXT = """\
{year} PERFORMANS PROGRAMI – ÇALIŞMA KLASÖRÜ
{institution}

BU KLASÖRDE NE VAR?

  inputs/plan.xlsx   Plan: amaçlar, hedefler, göstergeler, faaliyetler, birimler
                     ve e-posta adresleri. Excel'de açıp düzeltirsiniz.
  inputs             Birimlerden gelen formlar buraya gelir.
  forms              Birimlere gönderilecek boş formlar.
  annotated          Hatalı formların, hataları hücrelerinde gösteren kopyaları.
  mail               E-posta taslakları ve gönderilenlerin kaydı.
  outputs            Resmî çalışma kitabı, PDF ve raporlar.

  forms, annotated, mail ve outputs ilk gerektiğinde kendiliğinden oluşur.

SIRAYLA NE YAPILIR?

Önce komut penceresini (Başlat ▸ cmd) açıp bu klasöre geçin:

  {change}

Aşağıdaki komutları tek tek yazmak istemezseniz bu klasörde yalnız "kars-xl"
yazın: sıradaki adımı söyler, isterseniz hemen yapar.

1. Planı hazırlayın (Eylül – Ekim {before})
   inputs/plan.xlsx dosyasını Excel'de açın{plan}
   Birimler sayfasına her birimin e-posta adresini yazın. Kaydedip kapatın.

2. Formları üretin (Ekim {before})

  kars-xl forms inputs/plan.xlsx -o forms{filled}

{form_note}
3. Formları birimlere gönderin (Ekim {before})
   Taslaklar mail klasörüne yazılır; açıp kendiniz gönderirsiniz. Son günü
   kendiniz belirleyin.

  kars-xl mail forms . --deadline {deadline}

4. Gelen formları toplayın (Kasım {before})
   Gelen iletileri bir klasöre kaydedip toplatın (GELEN yerine o klasörü yazın)
   ya da formları kendiniz inputs klasörüne koyun.

  kars-xl collect GELEN -o .

5. Kim gönderdi, kim göndermedi, ne yanlış? (Kasım {before})

  kars-xl status .
  kars-xl mail reminders . --deadline {deadline}

6. Hatalı formları işaretleyip birimlere geri gönderin (Kasım {before})

  kars-xl check inputs --latest --annotate annotated --html outputs/rapor.html
  kars-xl mail findings .

   Birim düzeltip yeniden gönderirken formun revizyon numarasını artırır; eski
   form silinmez, 4. adımdan sürdürülür.

7. Birleştirin (Kasım {before})
   Bir hata varsa hiçbir şey yazılmaz, bütün hatalar birden söylenir.

  kars-xl merge inputs --latest -o outputs/performans_programi_{year}.xlsx

8. Denetleyin, basın, gönderin (Aralık {before})
   Alıcıların adreslerini, her satıra bir adres, encumen.txt dosyasına yazın.

  kars-xl audit outputs/performans_programi_{year}.xlsx --html outputs/denetim.html
  kars-xl export outputs/performans_programi_{year}.xlsx --to pdf
  kars-xl mail final . --to encumen.txt

Her komutun açıklaması: kars-xl KOMUT --help
"""
_EMPTY_PLAN = """:
   Kurum sayfasına idarenin adını; Amaçlar, Hedefler, Performans Hedefleri,
   Göstergeler ve Faaliyetler sayfalarına kodları ve adları; Faaliyetler
   sayfasına her faaliyetin sorumlu birimini yazın."""
_CARRIED_PLAN = """.
   {source} programından aktarıldı: kalkanları silin, yenileri ekleyin,
   adlarda kalan eski yılları düzeltin."""
_FILLED_NOTE = """\
   --filled geçmiş yılların eldeki gösterge değerlerini forma yazar; birim bunları
   gerçekleşmeye göre düzeltir. {year} yılının değerleri ile maliyetler boştur,
   birim doldurur. Hepsi boş olsun isterseniz --filled yazmayın.
"""


def readme(folder: Folder, programme: Programme, source_year: int | None) -> bytes:
    """The text for Notepad: UTF-8 with its mark, lines ended as Windows ends them. `source_year` None: from nothing."""
    filled = has_figures(programme)
    text = _TEXT.format(
        year=programme.year,
        before=programme.year - 1,
        deadline=_deadline(programme.year - 1).strftime("%d.%m.%Y"),
        institution=programme.institution.name or "(idarenin adı planın Kurum sayfasına yazılacak)",
        change=f'{"cd /d" if os.name == "nt" else "cd"} "{folder.root.resolve()}"',
        plan=_EMPTY_PLAN if source_year is None else _CARRIED_PLAN.format(source=source_year),
        filled=" --filled" if filled else "",
        form_note=_FILLED_NOTE.format(year=programme.year) if filled else "",
    )
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def _deadline(year: int) -> dt.date:
    """A day to start from: the Friday of November's second week."""
    first = dt.date(year, 11, 8)
    return first + dt.timedelta(days=(4 - first.weekday()) % 7)
