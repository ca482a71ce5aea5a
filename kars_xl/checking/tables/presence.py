"""What is missing: an activity in a table (KX302, KX303), a text in a field (KX310)."""

from collections.abc import Iterator

from kars_xl.base.money import to_tl
from kars_xl.base.place import Place
from kars_xl.checking.book import IN, Book
from kars_xl.findings.finding import ERROR, Finding, finding
from kars_xl.merging.tables import target_code
from kars_xl.reading.labels import display_name
from kars_xl.reading.tables import ActivityRow, IndicatorRow


def check_blanks(book: Book) -> Iterator[Finding]:
    """KX310 for label rows without a text, rows without a name, and units that are not named. A merge has names from
    the plan and from other forms: it is said which target took another's, and what nobody sent."""
    for name, key, what, place in _blanks(book) if not book.recomputed else ():
        yield finding("KX310", place, table=name, key=key, severity=ERROR, what=what, read="")
    for table in book.targets if book.recomputed else ():
        texts, read = table.heading.texts, "Hedefin metni kullanıldı."
        if "objective" in texts and not table.text("target").value:
            place, what = texts.get("target", texts["objective"]).place, display_name("target")
            yield finding("KX310", place, table="PHT", key=target_code(table), what=what, read=read)
    unnamed = {document.file for document in book.documents if not document.unit and book.recomputed}
    for entry, cost in book.costed:
        responsible = cost.text("responsible")
        if cost.place.file in unnamed and not responsible.value:
            what = f"{entry.code} faaliyetinin sorumlu harcama birimi"
            yield finding("KX310", responsible.place, table="FMT", key=entry.code, what=what, read="")


def _blanks(book: Book) -> Iterator[tuple[str, str, str, Place]]:
    headings = [("PHT", target_code(table), table.heading, ("goal", "objective", "target")) for table in book.targets]
    headings += [("FMT", it.code, cost.heading, ("target", "activity_name", "responsible")) for it, cost in book.costed]
    for short, key, heading, labels in headings:
        for label in ("institution", *labels):
            text = heading.texts.get(label)
            if text is not None and not text.value:
                yield short, key, f"{key} {display_name(label)}", text.place
    for table in book.targets:
        rows: list[IndicatorRow | ActivityRow] = [*table.indicators, *table.activities]
        yield from (("PHT", row.code, f"{row.code} adı", row.name.place) for row in rows if not row.name.value)
    for responsibility in book.responsibilities:
        blank = [row for row in responsibility.rows if not row.unit.value]
        # A list in which one unit stands for several rows (merged cells) leaves blanks on purpose.
        for row in blank if len(blank) * 4 <= len(responsibility.rows) else ():
            yield "SHB", row.code, f"{row.code or row.activity.value} sorumlu birimi", row.unit.place


def check_presence(book: Book) -> Iterator[Finding]:
    """KX302 for activities without a cost table, KX303 for those that a list lacks or that only one table has."""
    # Every form that lists an activity must cost it, or its share of the total would be missed.
    has_costs = book.recomputed or bool(book.costs)
    has_summary = any(table.rows for table in book.summaries)
    has_responsible = any(entry.responsibles for entry in book.entries.values())
    for entry in book.held():
        if has_costs and not entry.costs:
            values = [("amount", str(to_tl(entry.figures()[0].total or 0)))]
            table = "PHT" if entry.targets else "İPT"
            yield finding("KX302", entry.place, table=table, key=entry.code, label=entry.name, values=values)
        summary, responsible = has_summary and not entry.summaries, has_responsible and not entry.responsibles
        for table in ["İPT"] * summary + ["SHB"] * responsible:
            yield _lacking(table, entry.code, entry.name, entry.place, IN["PHT"], IN[table])
    for orphan in book.orphans:
        only = f"yalnız {IN[orphan.table]}"
        yield _lacking(orphan.table, orphan.code, orphan.label, orphan.name.place, only, "başka tabloda karşılığı")


def _lacking(table: str, code: str, name: str, place: Place, present: str, absent: str) -> Finding:
    full = name if name.startswith(code) else f"{code} {name}"
    return finding("KX303", place, table=table, key=code, label=name, found=full, present=present, absent=absent)
