"""Hostile names and addresses: nothing in them reaches a header, a path or a mail program as anything but text."""

from __future__ import annotations

from pathlib import Path

import pytest
from fast_mail_parser import parse_email
from hypothesis import given
from hypothesis import strategies as st

from kars_xl.model.units import Unit
from kars_xl.year.mail.addresses import read_addresses
from kars_xl.year.mail.final import form_of_address
from kars_xl.year.mail.letter import UNSENT, Attachment, Letter, attachment_name, message_bytes, one_line, write_drafts
from tests.helpers.mail_server import files_of, parsed, text_of

NASTY = "Ğğ Üü Şş İi Iı Öö Çç â “x” \"y\" 'z' /etc\\..\\ <b>;,:*?|\r\nBcc: kotu@x.tr\0\u202e =?utf-8?q?a?= Müdürlüğü"


@pytest.mark.parametrize("unit", [NASTY, "…", "\r\n", "CON", "../../etc/passwd", "a" * 500])
def test_a_units_name_is_safe_in_file_names_and_headers(tmp_path: Path, unit: str) -> None:
    name = attachment_name(f"{unit}.xlsx")
    one = Letter("forms", Unit(unit), ("a@kars.bel.tr",), f"Form – {unit}", "metin\n", (Attachment(name, b"1"),))
    done = write_drafts("forms", [one, one], tmp_path / "mail")
    assert done.findings == []
    files = sorted((tmp_path / "mail").iterdir())
    assert sorted(map(str, files)) == sorted(handled.draft for handled in done.handled)
    assert len({handled.draft for handled in done.handled}) == 2
    assert all(path.name.isascii() and path.suffix == ".eml" for path in files)
    message = parsed(files[0].read_bytes())
    assert message.keys() == ["Content-Type", "MIME-Version", "To", "Subject", "X-Unsent"]
    assert message["Subject"] == one_line(f"Form – {unit}")
    assert files_of(message) == {name: b"1"}
    assert not set(name) & set('<>:"/\\|?*\r\n\0\u202e')


letters = st.builds(
    lambda unit, text, name, data: Letter(
        "forms", Unit(unit), ("a@kars.bel.tr",), unit, text, (Attachment(attachment_name(name), data),)
    ),
    st.text(max_size=200),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n."), max_size=300),
    st.text(max_size=200),
    st.binary(max_size=200),
)


@given(letters)
def test_two_readers_see_the_letter_that_was_written(one: Letter) -> None:
    """The standard library's parser and one in Rust: subject, text, names and bytes."""
    data = message_bytes(one, "", UNSENT)
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 998
    message, other = parsed(data), parse_email(data)
    subject = one_line(one.subject)
    assert (message["Subject"], other.subject) == (subject, subject)
    assert text_of(message).rstrip("\n") == one.text.rstrip("\n")
    assert files_of(message) == {one.attachments[0].name: one.attachments[0].data}
    assert [(item.filename, bytes(item.content)) for item in other.attachments] == [
        (one.attachments[0].name, one.attachments[0].data)
    ]


# Whom a letter addresses


@pytest.mark.parametrize(
    ("name", "addressed"),
    [
        ("Fen İşleri Müdürlüğü", "Fen İşleri Müdürlüğüne"),
        ("FEN İŞLERİ MÜDÜRLÜĞÜ", "FEN İŞLERİ MÜDÜRLÜĞÜNE"),
        ("Fen İşleri Müd.", "Fen İşleri Müdürlüğüne"),
        ("Fen İşleri Md.lüğü", "Fen İşleri Müdürlüğüne"),
        ("FEN İŞLERİ MÜD.", "FEN İŞLERİ MÜDÜRLÜĞÜNE"),
        ("Strateji Geliştirme Daire Başkanlığı", "Strateji Geliştirme Daire Başkanlığına"),
        ("İTFAİYE DAİRESİ BAŞKANLIĞI", "İTFAİYE DAİRESİ BAŞKANLIĞINA"),
        ("Afet Koordinasyon Birimi", "Afet Koordinasyon Birimine"),
        ("Zabıta Amirliği", "Zabıta Amirliğine"),
        ("Ruhsat Şefliği", "Ruhsat Şefliğine"),
        ("Hukuk Müşavirliği", "Hukuk Müşavirliğine"),
        ("Teftiş Kurulu", "Teftiş Kuruluna"),
        ("Özel Kalem", "Özel Kalem yetkilisine"),
        ("İTFAİYE", "İTFAİYE YETKİLİSİNE"),
    ],
)
def test_a_unit_is_addressed_in_the_dative(name: str, addressed: str) -> None:
    assert Unit(name).addressed == addressed


@pytest.mark.parametrize(
    ("name", "addressed", "below"),
    [
        ("Başkanlık Makamı", "Belediye Başkanlığı Makamına", False),
        ("BELEDİYE BAŞKANI", "Belediye Başkanlığı Makamına", False),
        ("Belediye Encümeni", "Belediye Encümenine", False),
        ("MECLİS", "Belediye Meclisi Başkanlığına", False),
        ("Encümen Üyesi Ayşe Kaya", "Sayın Encümen Üyesi Ayşe Kaya,", False),
        ("Fen İşleri Müdürlüğü", "Fen İşleri Müdürlüğüne", True),
        ("Ayşe Kaya", "Sayın Ayşe Kaya,", False),
        ("", "Sayın İlgili,", False),
    ],
)
def test_whoever_gets_the_programme_is_addressed_by_name(name: str, addressed: str, below: bool) -> None:
    assert form_of_address(name) == (addressed, below)


# Addresses


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("fen@kars.bel.tr", ["fen@kars.bel.tr"]),
        (" fen@kars.bel.tr ; yol.isleri+form@kars.bel.tr ", ["fen@kars.bel.tr", "yol.isleri+form@kars.bel.tr"]),
        ("a@b.tr,c@d.tr", ["a@b.tr", "c@d.tr"]),
        ("a@b.tr\nc@d.tr", ["a@b.tr", "c@d.tr"]),
        ("a@b.tr c@d.tr", ["a@b.tr", "c@d.tr"]),
        ("Işıl Çağ <isil@kars.bel.tr>", ["isil@kars.bel.tr"]),
        ("FEN@KARS.BEL.TR; fen@kars.bel.tr", ["FEN@kars.bel.tr"]),
        ("bilgi@çankırı.bel.tr", ["bilgi@xn--ankr-zoa16bb.bel.tr"]),
        ("", []),
    ],
)
def test_addresses_are_read_as_they_stand_in_a_cell(text: str, good: list[str]) -> None:
    found = read_addresses(text)
    assert (list(found.good), found.bad) == (good, ())


@pytest.mark.parametrize(
    "text",
    [
        *("fen", "fen@", "@kars.bel.tr", "a@@b.tr", "a@b@c.tr", "a b@c.tr", "fen@kars", "şef@kars.bel.tr"),
        *("a@kars..tr", "a@-kars.tr", "a@kars.tr.", "a@127.0.0.1", "a@[127.0.0.1]", ".a@b.tr", "a..b@c.tr"),
        *('"a"@b.tr', "<>", "a@b.tr\0", "a@b_c.tr", "mailto:a@b.tr", "a@b.tr Bcc: c@d.tr", "a@b.tr\x07Bcc:c@d.tr"),
        *("x" * 65 + "@b.tr", "a@" + "x" * 64 + ".tr", "a@" + "x." * 130 + "tr", "a@b.tr>\x85<c@d.tr"),
    ],
)
def test_what_is_no_address_is_told_with_a_reason(text: str) -> None:
    found = read_addresses(text)
    assert found.good == ()
    assert found.bad
    assert all(reason and one_line(shown) == shown for shown, reason in found.bad)


@given(st.text(st.characters() | st.sampled_from("@.;,<> \r\n\taıbç"), max_size=60))
def test_no_address_can_carry_a_header(text: str) -> None:
    for address in read_addresses(text).good:
        assert address.isascii()
        assert address.isprintable()
        assert address.count("@") == 1
        assert not set(address) & set(' <>,;:"()[]\\')
