"""Makes the Turkish words of the command line's own frame (usage, wrong usage), which click finds by gettext.

Run from the top of the repository: python tools/make_messages.py
"""

import struct
from itertools import accumulate
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "kars_xl" / "cli" / "locale" / "tr" / "LC_MESSAGES" / "messages.mo"

HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
TURKISH = {
    "": HEADER,
    "Usage:": "Kullanım:",
    "Options": "Seçenekler",
    "Commands": "Komutlar",
    "Positional arguments": "Değerler",
    "Show this message and exit.": "Bu açıklamayı göster.",
    "Show the version and exit.": "Sürümü göster.",
    "default: {default}": "verilmezse: {default}",
    "Error: {message}": "Hata: {message}",
    "Try '{command} {option}' for help.": "Yardım için: {command} {option}",
    "Missing argument": "Eksik değer",
    "Missing option": "Eksik seçenek",
    "Missing parameter": "Eksik değer",
    "Missing command.": "Komut eksik.",
    "Missing {param_type}": "Eksik {param_type}",
    "No such command {name!r}.": "{name!r} diye bir komut yok.",
    "No such option {name!r}.": "{name!r} diye bir seçenek yok.",
    "Option {name!r} does not take a value.": "{name!r} seçeneği değer almaz.",
    "Invalid value for {param_hint}: {message}": "{param_hint} için geçersiz değer: {message}",
    "Invalid value: {message}": "Geçersiz değer: {message}",
    "Choose from:\n\t{choices}": "Şunlardan biri:\n\t{choices}",
    "{value!r} is not a valid {number_type}.": "{value!r} sayı olarak okunamadı.",
    "{value} is not in the range {range}.": "{value}, {range} aralığında değil.",
    "{name} {filename!r} does not exist.": "{filename!r} diye bir dosya yok.",
    "{name} {filename!r} is a directory.": "{filename!r} bir klasör, dosya olmalı.",
    "{name} {filename!r} is not readable.": "{filename!r} okunamıyor.",
    "required": "zorunlu",
    "Aborted!": "Durduruldu.",
    "Did you mean {possibility}?\0(Did you mean one of: {possibilities}?)": (
        "{possibility} mi demek istediniz?\0(Yakın olanlar: {possibilities})"
    ),
    "{value!r} is not {choice}.\0{value!r} is not one of {choices}.": (
        "{value!r}, {choice} değil.\0{value!r} şunlardan biri değil: {choices}."
    ),
    "Option {name!r} requires an argument.\0Option {name!r} requires {nargs} arguments.": (
        "{name!r} seçeneği bir değer ister.\0{name!r} seçeneği {nargs} değer ister."
    ),
    "Got unexpected extra argument ({args})\0Got unexpected extra arguments ({args})": (
        "Fazladan değer: {args}\0Fazladan değerler: {args}"
    ),
}


def messages() -> bytes:
    """The catalogue as a GNU .mo file: header, the sorted keys' and texts' lengths and offsets, then the strings."""
    raw = [key.encode() for key in sorted(TURKISH, key=str.encode)]
    raw += [TURKISH[key.decode()].encode() for key in raw]
    ends = list(accumulate((len(text) + 1 for text in raw), initial=28 + 8 * len(raw)))
    tables = b"".join(struct.pack("<II", len(text), start) for text, start in zip(raw, ends, strict=False))
    header = struct.pack("<7I", 0x950412DE, 0, len(TURKISH), 28, 28 + 4 * len(raw), 0, ends[0])
    return header + tables + b"".join(text + b"\0" for text in raw)


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(messages())
