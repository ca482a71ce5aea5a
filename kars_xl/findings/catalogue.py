"""The catalogue of findings: every code with its severity, its Turkish sentence and its Turkish remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kars_xl.base.money import format_tl, to_tl
from kars_xl.base.place import Place
from kars_xl.findings.finding import Finding

ERROR = "error"
WARNING = "warning"
ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind of finding. `sentence` and `remedy` are templates over the finding's facts.

    `others` are remedies for causes that are mended in another way, by name.
    """

    severity: str
    sentence: str
    remedy: str
    others: Mapping[str, str] = field(default_factory=dict)


CATALOGUE: dict[str, Entry] = {
    # File
    "KX001": Entry(
        ERROR,
        "Dosya okunamadı: {reason}.",
        "Doğru dosyayı verdiğinize bakın; Excel'de açılmıyorsa sağlam bir kopyasını bulun, birimin formuysa birimden "
        "yeniden isteyin.",
    ),
    "KX002": Entry(
        ERROR,
        "Dosya parola ile korunuyor.",
        "Dosyayı parolasız kaydedin (Dosya ▸ Bilgi ▸ Çalışma Kitabını Koru ▸ Parola ile Şifrele, kutuyu boşaltın).",
    ),
    "KX003": Entry(
        ERROR,
        "Dosya çok büyük ya da şüpheli, açılmadı: {reason}.",
        "Formu özgün şablondan yeniden doldurun; büyük resim ve ekleri çıkarın.",
    ),
    "KX004": Entry(
        WARNING,
        "Dosyada tanınan resmî tablo yok, atlandı.",
        "Bu dosya bir form ise şablondan yeniden doldurulmalı; form değilse klasörden çıkarın.",
    ),
    "KX005": Entry(
        WARNING,
        "Dosyada aktarılmayan içerik var: {what}.",
        "Rakamlar okundu; bu içerik sonuca geçmez. Gerekmiyorsa dosyadan çıkarın.",
    ),
    "KX006": Entry(
        ERROR,
        "Çıktı yazılamadı: {reason}.",
        "Dosya Excel'de açıksa kapatın; klasöre yazma izniniz olduğunu denetleyin. Var olan dosyaya dokunulmadı.",
        {
            "name": "Adın sonunu düzeltip komutu yeniden verin. Hiçbir dosyaya dokunulmadı.",
            "elsewhere": "Başka bir yer ya da ad verin. Var olan dosyaya dokunulmadı.",
        },
    ),
    "KX007": Entry(
        ERROR,
        "Dosya veya klasör bulunamadı.",
        "Yolu denetleyin; yolda boşluk varsa tırnak içine alın.",
    ),
    "KX008": Entry(
        ERROR,
        "Okunacak form ya da program yok.",
        "Doğru dosyayı ya da klasörü verdiğinize bakın; birimlerden gelen formlar klasöre .xlsx olarak konur.",
    ),
    "KX009": Entry(
        ERROR,
        "PDF yapılamadı: {reason}.",
        "PDF'i LibreOffice basar; kurulu değilse ücretsiz kurun (libreoffice.org) ve komutu yeniden verin. "
        "Çalışma kitabı Excel'den de PDF olarak kaydedilebilir. Hiçbir dosyaya dokunulmadı.",
    ),
    "KX010": Entry(
        ERROR,
        "Çalışma klasörü kurulamadı: {reason}.",
        "{statement} Var olan hiçbir dosyaya dokunulmadı.",
    ),
    "KX011": Entry(
        ERROR,
        "Planda form çıkarılacak bir şey yok: sorumlu birimi yazılı faaliyet bulunamadı.",
        "Planı Excel'de açın; Amaçlar, Hedefler, Performans Hedefleri, Göstergeler ve Faaliyetler sayfalarını "
        "doldurun, her faaliyetin yanına sorumlu birimini yazın.",
    ),
    "KX012": Entry(
        ERROR,
        "{what} biçiminde yazılamadı: {library} kurulu değil.",
        "kars-xl'in kurulu olduğu ortamda “pip install {library}” verin (pipx ile kuruluysa “pipx inject kars-xl "
        "{library}”); csv ve json için gerekmez. Hiçbir dosyaya dokunulmadı.",
    ),
    "KX013": Entry(
        WARNING,
        "Klasörde birden çok plan var; {what} kullanıldı, bu dosya okunmadı.",
        "Eski planı başka bir klasöre taşıyın ya da kullanılacak planı --plan ile verin.",
    ),
    # Cell
    "KX101": Entry(ERROR, "Zorunlu değer eksik: {what}.", "Hücreyi doldurun; değer yoksa {blank} yazın."),
    "KX102": Entry(
        WARNING,
        "Sayı metin olarak yazılmış: “{found}”, {read} olarak okundu.",
        "Hücreye sayıyı yeniden yazın; biçim için ayraç kullanmayın.",
    ),
    "KX103": Entry(
        ERROR,
        "“{found}” sayı olarak okunamadı ya da birden çok anlama gelebilir.",
        "Sayıyı yalnız rakamla yazın, ondalığı virgülle ayırın: 1500 ya da 1500,50. Değer yoksa - yazın.",
        {"count": "Yalnız tam sayı yazın: 0, 1, 2 gibi."},
    ),
    "KX104": Entry(ERROR, "Hücrede Excel hatası var: {found}.", "Formülü düzeltin ya da değeri elle yazın."),
    "KX105": Entry(ERROR, "Değer eksi: {found}.", "Maliyet ve sayı eksi olamaz; hücreyi düzeltin."),
    "KX106": Entry(
        WARNING, "Tutar kuruştan ince: {found}, {read} olarak yuvarlandı.", "Tutarı en çok iki ondalıkla yazın."
    ),
    "KX107": Entry(
        ERROR,
        "Sayı beklenen hücrede tarih var: {found}.",
        "Hücre biçimini Sayı yapın ve değeri yeniden yazın (3.2 yazıldığında Excel tarihe çevirir).",
    ),
    "KX108": Entry(
        WARNING,
        "{what} {found}, oysa parçalarının toplamı {expected}; toplam yeniden hesaplandı.",
        "Toplam hücresindeki formülü geri koyun; parçaları denetleyin.",
    ),
    "KX109": Entry(
        WARNING, "Gizli satır, sütun ya da sayfada tutar var: {found}.", "Gizli yeri açın, tutar gerekmiyorsa silin."
    ),
    "KX110": Entry(
        WARNING,
        "Değer başka bir dosyaya bağlı formülden geliyor: {found}.",
        "Hücreyi kopyalayıp Özel Yapıştır ▸ Değerler ile sabitleyin.",
    ),
    "KX111": Entry(
        WARNING,
        "{key} göstergesinin {year} değeri birimine ya da yazılışına uymuyor olabilir: {found} ({reason}).",
        "Değeri satırın öteki yıllarıyla aynı birimde yazın; yüzdeyi %70 gibi, binlikleri ayraçsız (1250).",
    ),
    "KX112": Entry(
        ERROR,
        "Satırda beklenen sütun boş, başka sütunda rakam var: {found}.",
        "Rakamı başlığı “{heading}” olan sütuna taşıyın.",
    ),
    "KX113": Entry(
        ERROR,
        "Satırın neye ait olduğu anlaşılamadı: “{found}”.",
        "Satırın kodunu ve adını şablondaki gibi yazın; aynı satır iki kez varsa birini silin.",
    ),
    "KX114": Entry(
        ERROR,
        "{what} tablosunun {count} rakam sütunu var; formda ve çalışma kitabında en çok {most} sütun için yer var.",
        "Az kullanılan sütunları birleştirin ya da tabloyu ikiye bölün.",
    ),
    "KX115": Entry(
        ERROR,
        "Tutarlar TL değil: başlıkta “{found}” yazıyor.",
        "Tutarları TL olarak yazın ve başlıktaki bin ya da milyon sözünü kaldırın.",
    ),
    # Form against form and plan
    "KX201": Entry(
        ERROR, "{what} farklı: “{found}”, beklenen “{expected}”.", "Bu yılın ve bu idarenin formunu kullanın."
    ),
    "KX202": Entry(ERROR, "{key} planda yok.", "Kodu düzeltin ya da Mali Hizmetler plana eklesin."),
    "KX203": Entry(ERROR, "Beklenen ama gelmeyen: {what}.", "Birimden formunu isteyin."),
    "KX204": Entry(
        ERROR,
        "{key} için {unit} iki kez maliyet göndermiş.",
        "Eski formu klasörden çıkarın ya da yeni formun Kimlik sayfasındaki revizyon numarasını artırıp --latest "
        "kullanın.",
    ),
    "KX205": Entry(
        ERROR,
        "{key} göstergesinin {year} değeri formlarda farklı: burada {found}, ilgili yerdeki formda {other}.",
        "Birimlerle görüşüp iki forma da aynı değeri yazdırın.",
    ),
    "KX206": Entry(WARNING, "{unit}, planda {key} için sorumlu değil.", "Planı ya da formu düzeltin."),
    "KX207": Entry(
        WARNING,
        "{what} metni farklı: “{found}”; esas alınan: “{expected}”.",
        "Doğru metni plana ve forma aynı yazın.",
    ),
    "KX208": Entry(WARNING, "Kod hatalı, yinelenmiş ya da sırasız: {found}.", "Kodu plandaki gibi yazın."),
    "KX209": Entry(
        WARNING,
        "{unit} için {count} form var; en yüksek revizyon (No {revision}) kullanıldı.",
        "Bir şey yapmanız gerekmez; eski form yerinde kalabilir. Yanlışsa formun Kimlik sayfasındaki revizyon "
        "numarasını düzeltin.",
    ),
    "KX210": Entry(
        ERROR,
        "{what} birden çok kez gelmiş: {units}.",
        "Tabloyu yalnız planda yazan birim doldursun; ötekini klasörden ya da formdan çıkarın.",
    ),
    "KX211": Entry(
        WARNING,
        "Formda birim adı yok; gönderenin adresi ({email}) planda {unit} adresi olduğundan onun sayıldı.",
        "Doğruysa formun Kimlik sayfasındaki Harcama Birimi satırını doldurun; değilse dosyayı klasörden çıkarın.",
    ),
    "KX212": Entry(
        ERROR,
        "Formun hangi birimden geldiği anlaşılamadı: {found}.",
        "Form bu dosyada duruyor. Birime sorup Kimlik sayfasındaki Harcama Birimi satırını doldurun ya da formu "
        "yeniden isteyin.",
    ),
    "KX213": Entry(
        WARNING,
        "{key} aynı revizyon numarasıyla (No {revision}) içeriği farklı iki form göndermiş: {other} ve {found}.",
        "Geçerli olanın Kimlik sayfasındaki Revizyon No satırına {next} yazın ve birleştirirken --latest kullanın; ya "
        "da geçersiz olanı klasörden çıkarın.",
    ),
    "KX214": Entry(
        WARNING,
        "{key} daha sonra gönderdiği formda daha düşük revizyon numarası kullanmış: {found} No {revision}, {other} "
        "No {higher}.",
        "--latest yüksek numaralıyı alır. Geçerli olan sonra gönderilen ise Kimlik sayfasındaki Revizyon No'yu "
        "yükseltin.",
    ),
    # Between tables
    "KX301": Entry(
        ERROR,
        "{key} tutarı tablolar arasında farklı: {table_a} {found}, {table_b} {expected}.",
        "Doğru tutarı maliyet tablosuna yazın; hedef tablosundaki formülü geri koyun.",
    ),
    "KX302": Entry(
        ERROR, "{key} için faaliyet maliyetleri tablosu yok.", "Faaliyetin maliyet tablosunu ekleyip doldurun."
    ),
    "KX303": Entry(
        ERROR,
        "“{found}” {present} var, {absent} yok.",
        "Faaliyetin kodunu ve adını performans hedefi tablosundaki gibi yazın.",
    ),
    "KX304": Entry(
        ERROR,
        "{key} için sorumlu birim tablolar arasında farklı: {found} ve {expected}.",
        "Sorumlu birimi iki tabloda aynı yazın.",
    ),
    "KX305": Entry(
        ERROR, "{key} başka bir performans hedefinin altında: {found}.", "Faaliyeti kendi hedefinin tablosuna taşıyın."
    ),
    "KX306": Entry(
        ERROR,
        "{what} {found}, oysa {basis} {expected} (fark {difference}).",
        "Parçaları ve toplamı denetleyin; toplamı elle yazmayın, formülle hesaplatın.",
    ),
    "KX307": Entry(ERROR, "Pay (%): {statement}.", "Payları formülle hesaplatın; hepsinde aynı tabanı kullanın."),
    "KX308": Entry(
        ERROR,
        "Tablo 11'de {what} {found}, oysa maliyet tablolarında {expected} (fark {difference}).",
        "Tablo 11'in faaliyet sütununu maliyet tablolarından formülle toplatın.",
    ),
    "KX309": Entry(
        ERROR,
        "{what} tablolar arasında farklı: {amounts}.",
        "Önce farkı açıklayan bulguları giderin; toplamları formülle birbirine bağlayın.",
    ),
    "KX310": Entry(WARNING, "Zorunlu alan boş: {what}.", "Alanı doldurun. {read}"),
    "KX311": Entry(
        ERROR,
        "Genel bilgi tablosundaki rakamlar tutmuyor: {what}.",
        "Tablonun satırlarını, toplamlarını ve aynı kişileri sayan öteki tabloları karşılaştırıp yanlış rakamı "
        "düzeltin.",
    ),
    "KX312": Entry(
        WARNING,
        "{found} TL yedek ödenek “{column}” sütununda yazılı.",
        "Yedek ödeneği “{proper}” sütununa taşıyın.",
    ),
    # Quality: what Sayıştay reports year after year
    "KX401": Entry(
        ADVICE,
        "{key} göstergesinin değeri üç yılda da sıfır.",
        "Program yılı için ulaşılacak bir değer yazın ya da göstergeyi çıkarın; amaç sıfırın kendisiyse (kaza sayısı "
        "gibi) bunu Açıklamalar satırında belirtin.",
    ),
    "KX402": Entry(
        ADVICE,
        "{key} göstergesinin adında ölçü birimi yok: “{name}”.",
        "Birimi adın sonuna ayraç içinde yazın: (adet), (%), (km) gibi.",
    ),
    "KX403": Entry(
        ADVICE,
        "{other} ve {key} göstergelerinin adı aynı: “{name}”.",
        "Göstergelere birbirinden ayıran adlar verin; aynı şeyi ölçüyorlarsa birini çıkarın.",
    ),
    "KX404": Entry(
        ADVICE,
        "{key} göstergesinin değeri üç yılda da aynı: {found}.",
        "Program yılında ulaşılacak düzeyi yazın; amaç değeri korumaksa bunu Açıklamalar satırında belirtin.",
    ),
    "KX405": Entry(
        ADVICE,
        "{what} için hiç kaynak ayrılmamış.",
        "Tutarı faaliyetin maliyet tablosuna yazın; kaynak gerekmiyorsa nedenini Açıklamalar satırında belirtin.",
    ),
    "KX406": Entry(
        ADVICE,
        "{key} göstergesinin {year} hedefi sıfır, oysa {target} performans hedefine {amount} TL ayrılmış.",
        "Bu parayla ulaşılacak değeri yazın; amaç sıfırın kendisiyse (kaza sayısı gibi) bunu Açıklamalar satırında "
        "belirtin.",
    ),
    "KX407": Entry(
        ADVICE,
        "{key} göstergesi birden çok şeyi birlikte ölçüyor: “{name}”.",
        "Her biri için ayrı gösterge yazın ya da hepsini kapsayan tek bir ad kullanın.",
    ),
    "KX408": Entry(
        ADVICE,
        "{what} {found} TL, bütçe toplamı {total} TL: oran {share}, mevzuattaki sınır {limit}. {basis}",
        "Ödenekleri yeniden dağıtın; personel giderinin sınırını 5393 sayılı Kanunun 49. maddesine göre gelirden "
        "hesaplayın.",
    ),
    "KX409": Entry(
        ADVICE,
        "{count} yerde harf düzeyinde yazım farkı ya da bozuk harf var (PDF'ten çevirmenin izi olabilir): {examples}.",
        "Metinleri özgün belgesinden yeniden alın ya da düzeltin; rakamlara etkisi yok.",
    ),
    # Template
    "KX501": Entry(
        ERROR,
        "Şablonda bilinmeyen yer tutucu: {found}.",
        "Yer tutucuyu kılavuzdaki tablodan seçin.",
    ),
    "KX502": Entry(
        ERROR,
        "Şablondaki formül kullanılamaz ({reason}): {found}",
        "İngilizce işlev adları ve virgül kullanın; izin verilen işlevler kılavuzdadır.",
    ),
    "KX503": Entry(
        ERROR,
        "Şablonda yineleme adı hatalı: {found} ({reason}).",
        "Formüller ▸ Ad Yöneticisi'nde adı yinelenecek satırlara bağlayın; adlar kılavuzdadır.",
    ),
    "KX504": Entry(
        ERROR,
        "Çıktıdaki değer hesapla tutmuyor: {what} {found}, beklenen {expected} (çıktıda {output}).",
        "Şablonun bu hücresindeki formülü ya da yer tutucuyu düzeltin; hiçbir şey yazılmadı.",
    ),
    "KX505": Entry(
        ERROR,
        "Şablondaki formül yazılamıyor ({reason}): {found}",
        "Birden çok hücreyi SUM gibi bir işlev içinde kullanın.",
    ),
    "KX506": Entry(
        ERROR,
        "Şablondaki formül hata veriyor: {found} (çıktıda {output}).",
        "Şablonun bu hücresindeki formülü düzeltin.",
    ),
    "KX507": Entry(
        WARNING,
        "Şablonla yapılan çıktıda tanınmayan resmî tablo: {what}; rakamları denetlenemedi.",
        "Tabloyu bilerek çıkardıysanız sorun yok; değilse başlık ve toplam satırlarının adlarını geri koyun.",
    ),
    # After the merge: a copy of the workbook against what was written
    "KX601": Entry(
        ERROR,
        "{what}: kars-xl'in yazdığı {expected}, şimdi {found}.{more}",
        "Bilerek yapılan değişikliği forma da işleyip kitabı yeniden birleştirin; değilse yazılanı geri koyun.",
    ),
    "KX602": Entry(
        ERROR,
        "{what}: şimdi {found}; kars-xl'in yazdığı {expected}.{more}",
        "Yazılan formülü geri koyun; rakam değişecekse formülün dayandığı hücreyi ya da birimin formunu değiştirin.",
    ),
    "KX603": Entry(
        WARNING,
        "Form birleştirmeden sonra değişmiş ({what}).",
        "Yeni rakamlar geçerliyse yeniden birleştirin; değilse birleştirilen formu geri koyun.",
    ),
    "KX604": Entry(
        WARNING,
        "{what}.",
        "Bilerek yapıldıysa toplamların bu yeri kapsadığını denetleyin; değilse kitabı formlardan yeniden birleştirin.",
    ),
    "KX605": Entry(
        ERROR,
        "Yazıldıktan sonra yapılan değişiklikler {extent}: {reason}.",
        "Kitabı formlardan yeniden birleştirin ya da kars-xl'in yazdığı .xlsx dosyasını denetleyin.",
    ),
    # E-mail
    "KX701": Entry(
        WARNING,
        "{unit} için planda e-posta adresi yok; bu birime ileti hazırlanmadı.",
        "Adresi planın Birimler sayfasına yazın ve komutu yeniden verin.",
    ),
    "KX702": Entry(
        ERROR,
        "{whose} e-posta adresi kullanılamaz: “{found}” ({reason}).",
        "Adresi ad@kurum.bel.tr gibi yazın; birden çok adresi noktalı virgülle ayırın.",
    ),
    "KX703": Entry(
        ERROR,
        "{unit} için gönderilecek form yok: {reason}.",
        "Formları plandan yeniden üretin: kars-xl forms PLAN.xlsx -o KLASÖR/forms.",
    ),
    "KX704": Entry(
        ERROR,
        "E-posta gönderilemedi ({whose}): {reason}.",
        "Nedeni giderip komutu yeniden verin; gidenler bir daha gönderilmez.",
    ),
    "KX705": Entry(
        ERROR,
        "E-posta gitmiş olabilir ({whose}): {reason}.",
        'Alıcıya sorun. Almadıysa komutu --again "{whose}" ile yeniden verin; kendiliğinden bir daha gönderilmez.',
    ),
    "KX706": Entry(
        ERROR,
        "Çalışma kitabı gönderilmeye hazır değil: {reason}.",
        "Nedeni giderip kitabı formlardan yeniden birleştirin; yine de TASLAK olarak göndermek için --draft verin.",
    ),
}


def amounts(found: int, expected: int) -> dict[str, Any]:
    """Facts of a finding about an amount (kuruş): for its sentence in Turkish, for machines as decimals in TL."""
    return {
        "found": format_tl(found),
        "expected": format_tl(expected),
        "difference": format_tl(found - expected),
        "values": [("expected", str(to_tl(expected))), ("found", str(to_tl(found)))],
    }


def finding(
    code: str,
    place: Place,
    *,
    table: str = "",
    key: str = "",
    label: str = "",
    severity: str = "",
    remedy: str = "",
    values: Sequence[tuple[str, str]] = (),
    related: Sequence[Place] = (),
    **facts: str,
) -> Finding:
    """A finding of the catalogue; `facts` fill its sentence and remedy, `severity` overrides the entry's.

    `remedy` names one of the entry's others.
    """
    entry = CATALOGUE[code]
    facts = {"key": key, **facts}
    return Finding(
        code=code,
        severity=severity or entry.severity,
        place=place,
        message=entry.sentence.format(**facts).strip(),
        fix=(entry.others[remedy] if remedy else entry.remedy).format(**facts).strip(),
        table=table,
        key=key,
        label=label,
        values=tuple(values),
        related=tuple(related),
    )
