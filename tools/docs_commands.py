"""Makes docs/komutlar.md, the reference of the command line, from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from kars_xl.cli import main

COMMANDS = Path(__file__).resolve().parent.parent / "docs" / "komutlar.md"
_WIDTH = 100
_INTRO = """# Komutlar

Bütün komutlar ve seçenekleri. Aynısını komut penceresi de söyler: `kars-xl --help`, `kars-xl merge --help`. Bu sayfa
`python tools/make_docs.py` ile komutların kendisinden üretilir; elle değiştirilmez. Yılın hangi adımında hangisinin
kullanıldığı [kılavuzda](kilavuz.md), bulguların anlamı [bulgularda](bulgular.md) yazar.

Komutsuz yazılan `kars-xl` sıradaki adımı söyler ve isterseniz yapar.

## Çıkış kodları

| kod | anlamı |
|---|---|
| 0 | hata yok; uyarı ya da öneri olabilir |
| 1 | hata bulundu; neyin nasıl düzeltileceği söylendi |
| 2 | komut yanlış yazıldı: olmayan bir seçenek, eksik bir ad |
| 3 | beklenmeyen bir arıza; iki satırlık bir ileti ve ayrıntının yazıldığı dosyanın adı verilir |

## Her komutta

- `--format json` yanıtı başka programlar için yazar: standart çıktıda yalnız JSON, iletiler hata çıktısında.
- `> rapor.txt` yanıtı dosyaya alır: `check`, `audit`, `status`, `diff` ve `trace` için bulunanların tümünü. Dosya yazan
  komutlarda (`merge`, `import`, `forms`, `export` gibi) yazmaya engel olan hatalar hata çıktısına gider, ekranda kalır;
  onlar da dosyaya gitsin isteniyorsa `> rapor.txt 2>&1` yazılır.
- `--help` (ya da `-h`) komutun açıklamasını ve bir örneğini gösterir.
- `kars-xl --debug KOMUT …` beklenmeyen bir arızada tam dökümü gösterir; `kars-xl --version` sürümü söyler.
- Adında boşluk ya da `!` olan dosya ve hücre adları tırnak içinde yazılır: `"Toplam Kaynak İhtiyacı!C8"`.
- Yazılan dosya önce geçici bir adla yazılır, sonra yerine konur: yarım dosya kalmaz, eski dosya bozulmaz.
"""


def commands_page() -> str:
    """The whole page as Markdown."""
    found = list(_commands(main, "kars-xl"))
    contents = ["## Liste", "", "| komut | ne yapar |", "|---|---|"]
    contents += [f"| [`{path}`](#{_anchor(path)}) | {command.get_short_help_str(200)} |" for path, command in found]
    return "\n".join([_INTRO, *contents, "", *(_section(path, command) for path, command in found)])


def _commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """All commands below `group` with their full names, in alphabetical order."""
    for name, command in sorted(group.commands.items()):
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")


def _anchor(path: str) -> str:
    return path.replace(" ", "-")


def _section(path: str, command: click.Command) -> str:
    parent, _, name = path.rpartition(" ")
    # As the page's help says it, whatever the settings of the program are.
    above = click.Context(click.Group(parent), info_name=parent, help_option_names=["-h", "--help"])
    context = click.Context(command, above, info_name=name, max_content_width=_WIDTH, terminal_width=_WIDTH)
    return f"## {path}\n\n```text\n{command.get_help(context)}\n```\n"
