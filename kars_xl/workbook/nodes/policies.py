"""The nodes of policies for the templates: documents, their sections and tasks; mission, vision and principles."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from kars_xl.model.general_tables import PolicyTask, Purpose
from kars_xl.template.nodes import Node

_SHEET = "Temel Politika ve Öncelikler"


def policy_lists(purpose: Purpose, tasks: Sequence[PolicyTask]) -> dict[str, list[Node]]:
    """The root's lists. Without tasks `politika_sayfasi` is empty, and so the sheet named by it is not made."""
    documents = [
        _document(number, name, [task for task in tasks if task.document == name])
        for number, name in enumerate(dict.fromkeys(task.document for task in tasks), start=1)
    ]
    sections = [section for document in documents for section in document.lists["politika_bolumu"]]
    texts = (
        ("Misyon", purpose.mission),
        ("Vizyon", purpose.vision),
        ("İlkeler", "\n".join(purpose.principles)),
    )
    return {
        "politika_sayfasi": [Node("politika_sayfasi", _SHEET, {"ad": _SHEET})] if documents else [],
        "politika_belgesi": documents,
        "politika_bolumu": sections,
        "bolum_basligi": [node for section in sections for node in section.lists["bolum_basligi"]],
        "politika": [node for section in sections for node in section.lists["politika"]],
        "kurum_metni": [Node("kurum_metni", name, {"baslik": name, "metin": text}) for name, text in texts if text],
    }


def purpose_fields(purpose: Purpose) -> dict[str, object]:
    """The root's fields below `kurum`."""
    return {
        "misyon": purpose.mission,
        "vizyon": purpose.vision,
        "ilkeler": "\n".join(purpose.principles),
    }


def _document(number: int, name: str, tasks: list[PolicyTask]) -> Node:
    document = Node("politika_belgesi", str(number), {"ad": name})
    runs = groupby(tasks, key=lambda task: task.section)
    document.lists["politika_bolumu"] = [
        _section(document, f"{number}.{at}", section, list(run)) for at, (section, run) in enumerate(runs, start=1)
    ]
    return document


def _section(document: Node, key: str, name: str, tasks: list[PolicyTask]) -> Node:
    """A section; `bolum_basligi` is the row of its name, which a document without sections has not."""
    section = Node("politika_bolumu", key, {"ad": name or None}, document)
    section.lists["bolum_basligi"] = [Node("bolum_basligi", key, {"ad": name}, section)] if name else []
    section.lists["politika"] = [
        Node("politika", f"{key}.{at}", {"referans": task.reference or None, "gorev": task.text}, section)
        for at, task in enumerate(tasks, start=1)
    ]
    return section
