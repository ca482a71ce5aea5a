"""The commands mail forms, findings, reminders and final."""

import datetime as dt
import tempfile
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kars_xl.cli.base import PLAN, Progress, TurkishCommand, reported
from kars_xl.cli.places import named

if TYPE_CHECKING:
    from kars_xl.findings import blocks
    from kars_xl.year.folder.folder import Folder
    from kars_xl.year.mail.letter import Letters, Sending
    from kars_xl.year.mail.smtp import Server

_MAIL = "Birimlere giden e-postaların taslaklarını yazar ya da gönderir."


def _day(text: str) -> dt.date:
    from kars_xl.year.mail.letter import read_date, say_day

    try:
        day = read_date(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--deadline'") from error
    if day < dt.date.today():
        raise click.BadParameter(
            f"{say_day(day)} geçmiş bir gün; bugünü ya da sonraki bir günü yazın.", param_hint="'--deadline'"
        )
    return day


def _address(_: click.Context, __: click.Parameter, text: str) -> str:
    """The sender's address; "" where none is given."""
    from kars_xl.year.mail.addresses import read_addresses

    read = read_addresses(text)
    if text and (read.bad or len(read.good) != 1):
        raise click.BadParameter(f"“{text}” bir e-posta adresi değil.")
    return "".join(read.good)


_DAY_HELP = "Formların son günü: 20.11.2026 ya da 2026-11-20."
_DEADLINE = partial(click.option, "--deadline", metavar="TARİH", help=_DAY_HELP)
_DOCX = click.option("--docx", is_flag=True, help="E-posta yerine EBYS için dağıtım listeli bir üst yazı (Word) yaz.")
_FROM = "Gönderenin adresi; --send ile zorunlu."
_AGAIN = "Bu birime (ya da adrese) daha önce gitmiş olsa da yeniden gönder; birden çok verilebilir."
_HOST = "Posta sunucusu; verilmezse KARS_XL_SMTP_SUNUCU ortam değişkeni."
_PORT = "Sunucunun kapısı; verilmezse 587, tls ile 465."
_SECURITY = "Bağlantının şifrelenme biçimi; şifresiz gönderilmez."
_CA = "Kurumun kendi sertifika makamı; verilmezse bilgisayarın güvendikleri."
_TO = "Adresler, “Belediye Encümeni <adres>” gibi de; ya da her satırında bir adres olan dosya. Birden çok verilebilir."
_KINDS, _FILE = click.Choice(["starttls", "tls"]), click.Path(exists=True, dir_okay=False)
_SENDING = (
    click.option("--from", "sender", metavar="ADRES", default="", callback=_address, help=_FROM),
    click.option("--send", "sends", is_flag=True, help="Taslak yazma, sunucuyla gönder."),
    click.option("--dry-run", is_flag=True, help="Yazma ve gönderme; kime ne gideceğini söyle."),
    click.option("--again", multiple=True, metavar="BİRİM", help=_AGAIN),
    click.option("--smtp-host", "host", metavar="SUNUCU", envvar="KARS_XL_SMTP_SUNUCU", help=_HOST),
    click.option("--smtp-port", "port", metavar="KAPI", type=click.IntRange(1, 65535), help=_PORT),
    click.option("--smtp-security", "security", type=_KINDS, default="starttls", show_default=True, help=_SECURITY),
    click.option("--smtp-ca", "ca", metavar="SERTİFİKA.pem", type=_FILE, help=_CA),
)


def _folder(path: str, plan: str | None, *, needs_plan: bool = True) -> "Folder":
    from kars_xl.year.folder.folder import Folder

    if not Path(path).is_dir():
        raise click.BadParameter(f"“{path}” diye bir klasör yok.", param_hint="'KLASÖR'")
    here = Folder.of(path, plan)
    if needs_plan and here.plan is None:
        reason = f"“{path}” bir çalışma klasörü değil: içinde inputs klasörü, formların yanında plan.xlsx yok."
        raise click.BadParameter(reason, param_hint="'KLASÖR'")
    return here


def _sending(letters_of: "Callable[..., Letters]") -> Callable[..., None]:
    """Makes a command of what gives a folder's letters and is called as their kind is: drafts, sent, or only told."""
    kind = letters_of.__name__

    @reported
    @wraps(letters_of)
    def command(folder: str, progress: Progress, **options: Any) -> "blocks.Report":
        from kars_xl.year.mail.letter import deadline_notes, write_drafts
        from kars_xl.year.mail.report import mail_report

        docx = options.get("docx", False)
        if docx and options["sends"]:
            raise click.UsageError("--docx ile --send birlikte verilmez: üst yazıyı EBYS gönderir.")
        here = _folder(named(folder), options.get("plan"), needs_plan="plan" in options)
        day = options["deadline"] = None if options.get("deadline") is None else _day(options["deadline"])
        letters = letters_of(here, progress, **options)
        if not docx:
            letters.letters = [letter for letter in letters.letters if letter.to]
            letters.findings += letters.unaddressed
        if docx and letters.plan:
            from kars_xl.year.mail.cover import write_cover

            done = write_cover(kind, letters.letters, letters.plan, None if options["dry_run"] else here.mail)
        elif options["sends"] or options["dry_run"]:
            done = _to_be_sent(here, letters, options, progress)
        else:
            done = write_drafts(kind, letters.letters, here.mail, options["sender"])
        notes = [
            *(deadline_notes(day, letters.plan.year) if day and letters.plan else ()),
            *letters.notes,
            *done.notes,
        ]
        return mail_report(f"mail {kind}", letters, done, notes)

    for option in reversed(_SENDING if kind == "final" else (*_SENDING, _DOCX)):
        command = option(command)
    return click.argument("folder", metavar="[KLASÖR]", default="")(command)


def _to_be_sent(folder: "Folder", letters: "Letters", options: dict[str, Any], progress: Progress) -> "Sending":
    """The letters sent, or with --dry-run what would be."""
    from kars_xl.year.mail.send import UnreadableLog, is_meant, plan_sending, send

    again: tuple[str, ...] = options["again"]
    for item in again:
        if not any(is_meant(letter, item) for letter in letters.letters):
            raise click.BadParameter(f"“{item}” için gönderilecek bir ileti yok.", param_hint="'--again'")
    if options["dry_run"]:
        try:
            return plan_sending(letters.letters, folder.log, again)
        except UnreadableLog as error:
            raise click.ClickException(str(error)) from error
    return send(letters.letters, _server(options), options["sender"], folder.log, again=again, progress=progress)


def _server(options: dict[str, Any]) -> "Server":
    from kars_xl.year.mail.smtp import PASSWORD, PORTS, Server, credentials, keyring_service

    host, security = options["host"], options["security"]
    for given, what in ((options["sender"], "gönderenin adresini --from"), (host, "posta sunucusunu --smtp-host")):
        if not given:
            raise click.UsageError(f"--send için {what} ile verin.")
    user, password = credentials(host, options["sender"])
    if not password:
        raise click.UsageError(
            f"{user} kullanıcısının parolası yok. {PASSWORD} ortam değişkenine yazın ya da bir kez şunu çalıştırıp "
            f'bilgisayarın parola kasasına koyun: keyring set {keyring_service(host)} "{user}" '
            "(kasa için: pip install kars-xl[mail])"
        )
    return Server(host, options["port"] or PORTS[security], security, user, password, options["ca"])


@click.group(options_metavar="[SEÇENEKLER]", subcommand_metavar="KOMUT …", short_help=_MAIL)
def mail() -> None:
    """Formları, bulguları, hatırlatmaları ve biten programı e-postayla gönderir.

    Her komut KLASÖR/mail klasörüne .eml taslakları yazar; taslak çift tıklanınca Outlook ya da Thunderbird'de
    gönderilmeyi bekleyen bir ileti olarak açılır. Birimlerin adresleri planın Birimler sayfasındandır.

    --send ile doğrudan gönderilir. Kullanıcı adı ve parola ortam değişkenlerinden (KARS_XL_SMTP_KULLANICI,
    KARS_XL_SMTP_PAROLA) ya da bilgisayarın parola kasasından okunur; dosyadan ya da komut satırından asla. Gidenler
    KLASÖR/mail/gonderim.jsonl günlüğüne yazılır: aynı komut yeniden verilince kimseye ikinci kez gitmez.

    \b
    Örnek:
      kars-xl mail forms 2027 --deadline 20.11.2026
      kars-xl mail findings 2027 --send --from mali@kars.bel.tr --smtp-host smtp.kars.bel.tr"""


@mail.command(cls=TurkishCommand, short_help="Her birime kendi formunu ve son günü.")
@_DEADLINE(required=True)
@PLAN
@_sending
def forms(folder: "Folder", progress: Progress, deadline: dt.date, **_: Any) -> "Letters":
    """Her birime KLASÖR/forms içindeki kendi formunu ve son günü yazar.

    Formlar önce kars-xl forms ile üretilir. Mali Hizmetler'in Tablo 11 formu, planda adresi varsa ona gider.

    \b
    Örnek:
      kars-xl mail forms 2027 --deadline 20.11.2026
      kars-xl mail forms 2027 --deadline 20.11.2026 --docx"""
    from kars_xl.year.mail.units import forms_letters

    return forms_letters(folder, deadline, progress)


@mail.command(cls=TurkishCommand, short_help="Formunda hata olan birime işaretli formunu.")
@_DEADLINE()
@click.option("--warnings", is_flag=True, help="Hatası olmayıp uyarısı ya da önerisi olan birimlere de yaz.")
@PLAN
@_sending
def findings(
    folder: "Folder", progress: Progress, deadline: dt.date | None, warnings: bool, dry_run: bool, **_: Any
) -> "Letters":
    """Formunda hata olan her birime, formunun işaretli kopyasını ve düzeltilecekleri yazar.

    Birimin en yüksek revizyonlu formu denetlenir. İşaretli kopyalar KLASÖR/annotated klasörüne de yazılır.

    \b
    Örnek:
      kars-xl mail findings 2027"""
    import tempfile

    from kars_xl.year.mail.units import findings_letters

    with tempfile.TemporaryDirectory(prefix="kars-xl-") as scratch:
        marked = Path(scratch) if dry_run else folder.annotated
        return findings_letters(folder, marked, deadline=deadline, everything=warnings, progress=progress)


@mail.command(cls=TurkishCommand, short_help="Formunu göndermeyen birimlere hatırlatma.")
@_DEADLINE(required=True)
@PLAN
@_sending
def reminders(folder: "Folder", progress: Progress, deadline: dt.date, **_: Any) -> "Letters":
    """Formu KLASÖR/inputs içinde olmayan her birime son günü hatırlatır. Bir birime günde bir kez gönderilir.

    \b
    Örnek:
      kars-xl mail reminders 2027 --deadline 20.11.2026"""
    from kars_xl.year.mail.units import reminder_letters

    return reminder_letters(folder, deadline, dt.date.today(), progress)


@mail.command(cls=TurkishCommand, short_help="Biten programı bir listeye.")
@click.option("--to", "recipients", multiple=True, required=True, metavar="LİSTE", help=_TO)
@click.option("--workbook", metavar="ÇIKTI.xlsx", help="Kitap; verilmezse KLASÖR/outputs içindeki.")
@click.option("--draft", is_flag=True, help="Hatalı, değiştirilmiş ya da TASLAK kitabı TASLAK diyerek gönder.")
@click.option("--no-pdf", is_flag=True, help="Güncel kitapçık yoksa PDF değil Word belgesi yap (LibreOffice gerekmez).")
@click.option("--ekler", is_flag=True, help="Çalışma kitabını da ekle; Denetim ve Kaynak sayfalarında adlar vardır.")
@_sending
def final(
    folder: "Folder", progress: Progress, recipients: tuple[str, ...], workbook: str | None, draft: bool, **options: Any
) -> "Letters":
    """Biten programın kitapçığını, toplamları yazan bir iletiyle listedekilere gönderir.

    Çalışma kitabı önce denetlenir: hatası olan ya da birleştirmeden sonra değiştirilen kitap gönderilmez. Yanında
    güncel bir kitapçık (PDF ya da Word) varsa o gider, yoksa yapılır. Kimin neyi doldurduğunu gösteren Denetim ve
    Kaynak sayfaları, --ekler denmedikçe gitmez.

    \b
    Örnek:
      kars-xl mail final 2027 --to encumen.txt
      kars-xl mail final 2027 --to "baskan@kars.bel.tr; meclis@kars.bel.tr"
    """
    from kars_xl.year.mail.final import final_letters, find_workbooks, read_recipients

    chosen = [Path(workbook)] if workbook else find_workbooks(folder)
    if len(chosen) != 1:
        names = ", ".join(str(path) for path in chosen)
        reason = (
            f"birden çok kitap var: {names}"
            if chosen
            else f"{folder.outputs} içinde kars-xl'in yazdığı kitap yok, önce birleştirin (kars-xl merge)"
        )
        if folder.gathered is not None:
            reason = f"“{folder.gathered}” bir çalışma klasörü değil (içinde inputs klasörü yok)"
        raise click.UsageError(f"Hangi kitap gönderilecek, --workbook ile söyleyin; {reason}.")
    to = read_recipients(recipients)
    with tempfile.TemporaryDirectory(prefix="kars-xl-") as scratch:
        return final_letters(
            chosen[0], to, folder.plan, draft=draft, make_pdf=not options["no_pdf"], appendix=options["ekler"],
            folder=Path(scratch) if options["dry_run"] else None, progress=progress,
        )  # fmt: skip
