"""The sheets before the target tables: policies and priorities (II-A), mission, vision, goals and objectives (II-B)."""

from __future__ import annotations

from template_kit import Book
from template_summary_kit import PHT, TARGET

POLICIES, GOALS = "{{ politika_sayfasi.ad }}", "Amaç ve Hedefler"
POLICIES_TITLE = "Temel Politika ve Öncelikler"


def policies(book: Book) -> None:
    """A block for each document. The sheet is named by a list, so that there is none where the plan has no policies."""
    sheet = book.sheet(POLICIES, "14 83 3 14")
    sheet.titled(POLICIES_TITLE, "D1")
    title, head, section, task = range(4, 8)
    sheet.merge(f"A{title}:B{title}", "{{ politika_belgesi.ad }}", "heading left", font_size=11)
    sheet.put(f"A{head}", "İlgili Bölüm / Referans", "subheading")
    sheet.put(f"B{head}", "Verilen Görev / İhtiyaçlar", "subheading left")
    sheet.put(f"A{section}", "{{ bolum_basligi.ad }}", "label nowrap", right=0)
    sheet.put(f"B{section}", None, "label", left=0)
    sheet.put(f"A{task}", "{{ politika.referans }}", "cell left bold nowrap text")
    sheet.put(f"B{task}", "{{ politika.gorev }}", "cell left")
    sheet.repeat("bolum_basligi", f"A{section}:B{section}")
    sheet.repeat("politika", f"A{task}:B{task}")
    sheet.repeat("politika_bolumu", f"A{section}:B{task}")
    sheet.repeat("politika_belgesi", f"A{title}:B{task + 1}")
    sheet.heights({title: 22, head: 28, section: 18, task: 16, task + 1: 14})
    sheet.raw.freeze_panes(3, 0)
    sheet.paged(f"A1:B{task + 1}", POLICIES_TITLE)


def goals(book: Book) -> None:
    """Mission, vision and principles, then each goal with its objectives; these lead to their first target table."""
    sheet = book.sheet(GOALS, "97 3 14")
    sheet.titled(GOALS, "C1")
    heading, text, goal, objective = 4, 5, 7, 8
    sheet.put(f"A{heading}", "{{ kurum_metni.baslik }}", "heading left", font_size=10)
    sheet.put(f"A{text}", "{{ kurum_metni.metin }}", "cell left")
    sheet.repeat("kurum_metni", f"A{heading}:A{text + 1}")
    sheet.put(f"A{goal}", "Amaç {{ amac.kod }} : {{ amac.ad }}", "label left", font_size=10)
    name = "Hedef {{ stratejik_hedef.kod }} : {{ stratejik_hedef.ad }}"
    sheet.link(f"A{objective}", f"{PHT}A{TARGET.top}", name, "cell left textlink")
    sheet.repeat("stratejik_hedef", f"A{objective}")
    sheet.repeat("amac", f"A{goal}:A{objective + 1}")
    sheet.heights({heading: 20, text: 18, text + 1: 10, goal: 22, objective: 16.5, objective + 1: 7})
    sheet.raw.freeze_panes(3, 0)
    sheet.paged(f"A1:A{objective + 1}", GOALS)
