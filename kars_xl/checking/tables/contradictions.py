"""Whose money it is: code, wording, heading, unit and file that point to different known things (KX215, KX313)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rapidfuzz import fuzz

from kars_xl.base.file_names import file_stem
from kars_xl.base.text import code_key, parent_code, squeeze
from kars_xl.checking.book import Book
from kars_xl.checking.tables.owners import units_in
from kars_xl.checking.tables.wording import THINGS, namings
from kars_xl.findings.finding import Finding, finding
from kars_xl.merging.notes import planned_names
from kars_xl.merging.tables import goal_code, objective_code, target_code
from kars_xl.model.units import Units
from kars_xl.reading.tables import Text

# A wording with a slip is another's where it is so near to that one and so far from its own.
_SAME, _OTHER = 95.0, 85.0


def check_wordings(book: Book) -> Iterator[Finding]:
    """KX313: a code with the wording of another of its kind, as the plan has it, else as it is called first."""
    called = dict(planned_names(book.plan))
    texts = [(kind, code, table, text) for kind, code, table, text in namings(book) if text and text.value and code]
    for kind, code, _, text in texts:
        called.setdefault((kind, code), text.value)
    meant: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (kind, code), name in called.items():
        meant[kind, squeeze(name)].add(code)
    told = set()
    for kind, code, table, text in texts:
        own = squeeze(called[kind, code])
        other = _other(kind, code, squeeze(text.value), own, meant)
        if other and (kind, code, other, text.place.file) not in told:
            told.add((kind, code, other, text.place.file))
            what = f"{THINGS[kind]} {code}"
            yield _said(
                text, table, code, what, f"adı {other} için yazılmış olan", f"{code} için “{called[kind, code]}”"
            )


def _other(kind: str, code: str, text: str, own: str, meant: Mapping[tuple[str, str], set[str]]) -> str:
    """The code whose wording a text is, where that is not its own."""
    if text == own or code in meant.get((kind, text), ()):
        return ""
    if exact := meant.get((kind, text)):
        return min(exact, key=code_key)
    if fuzz.ratio(text, own) > _OTHER:
        return ""
    near = [codes for (other, name), codes in meant.items() if other == kind and fuzz.ratio(text, name) >= _SAME]
    return min(near[0], key=code_key) if len(near) == 1 and code not in near[0] else ""


def check_headings(book: Book) -> Iterator[Finding]:
    """KX313: a table whose heading names a target, objective or goal that its codes do not belong to."""
    plan = book.plan
    known = {*book.target_names, *(target.code for target in plan.targets)} if plan else {*book.target_names}
    above: dict[str, list[tuple[Text, str, str]]] = defaultdict(list)
    for table in book.targets:
        target, texts = target_code(table), table.heading.texts
        given = [parent_code(row.code) for row in table.activities]
        objective = objective_code(table, target)
        if given and not {target, objective} & set(given) and set(given) <= known:
            text = texts.get("target") or Text("", table.place)
            facts = f"başlığı Performans Hedefi {target}", f"faaliyetleri {given[0]} hedefinin"
            yield _said(text, "PHT", target, "Performans hedefi tablosu", *facts)
        for label, code, depth in (("goal", goal_code(table, target), 1), ("objective", objective, 2)):
            prefix = ".".join(map(str, code_key(target)[:depth]))
            if label in table.heading.codes and prefix:
                above[label].append((texts.get(label) or Text("", table.place), code, prefix))
    planned = planned_names(plan)
    for label, rows in above.items():
        yield from _strange(label, rows, {code for kind, code in planned if kind == label})
    for entry in book.entries.values():
        own = entry.target or parent_code(entry.code)
        for cost in entry.costs:
            code = cost.heading.codes.get("target", own)
            # 1.10 that was typed as a number is 1.1.
            if code != own and code != own.rstrip("0") and {code, own} <= known:
                text = cost.heading.texts.get("target") or Text("", cost.place)
                facts = f"başlığı Performans Hedefi {code}", f"koduna göre {own} hedefinin"
                yield _said(text, "FMT", entry.code, f"{entry.code} maliyet tablosu", *facts)


def _strange(label: str, rows: Sequence[tuple[Text, str, str]], planned: set[str]) -> Iterator[Finding]:
    """Goals or objectives that are not those of the target's code, where those of most tables are."""
    strange = [(text, code, prefix) for text, code, prefix in rows if code != prefix]
    known = planned or {code for _, code, prefix in rows if code == prefix}
    for text, code, prefix in strange if planned or len(strange) * 2 < len(rows) else ():
        if {code, prefix} <= known:
            facts = f"başlığı {THINGS[label]} {code}", f"hedefin koduna göre {prefix}"
            yield _said(text, "PHT", prefix, "Performans hedefi tablosu", *facts)


def _said(text: Text, table: str, key: str, what: str, found: str, expected: str) -> Finding:
    return finding("KX313", text.place, table=table, key=key, what=what, found=found, expected=expected)


def check_senders(book: Book) -> Iterator[Finding]:
    """KX215: a form of one known unit under the file name, or with a cost table, of another."""
    named = [document.unit for document in book.documents]
    known = Units(book.plan.known if book.plan else named)
    files = {file_stem(unit.name): unit for unit in known}
    for document in book.documents if book.recomputed else ():
        unit = known.of(document.unit)
        if unit not in known:
            continue
        if (other := files.get(Path(document.file).stem)) and other not in unit.parts:
            yield _of_two(document.identity["unit"], "", "Form", f"dosyanın adı {other}", f"Kimlik sayfası {unit}")
        listed = {row.code for table in document.targets for row in table.activities}
        for entry in book.entries.values():
            for cost in (cost for cost in entry.costs if cost.place.file == document.file):
                text = cost.heading.texts.get("responsible") or Text("", cost.place)
                others = units_in(text)
                what = f"{entry.code} maliyet tablosu"
                if others and not others & set(unit.parts) and any(it in known for it in others):
                    yield _of_two(
                        text, entry.code, what, f"sorumlu birimi {', '.join(map(str, others))}", f"formun birimi {unit}"
                    )
                elif listed and entry.targets and entry.code not in listed:
                    yield _of_two(
                        text,
                        entry.code,
                        what,
                        f"formun birimi {unit}",
                        "faaliyet yalnız başka bir birimin hedef tablosunda",
                    )


def _of_two(text: Text, key: str, what: str, found: str, expected: str) -> Finding:
    return finding("KX215", text.place, table="FMT" if key else "", key=key, what=what, found=found, expected=expected)
