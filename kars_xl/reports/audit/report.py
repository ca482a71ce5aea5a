"""The audit as a report: the reconciliation, what explains its differences, and all findings."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from kars_xl.base.money import format_signed
from kars_xl.base.text import code_key, lower, sort_key
from kars_xl.findings import blocks
from kars_xl.findings.as_text import TABLES, count_line, names_of, said
from kars_xl.findings.finding import Finding, in_order
from kars_xl.model.programme import Programme
from kars_xl.reports.answer import Outcome, found_blocks
from kars_xl.reports.audit.causes import Explanation
from kars_xl.reports.audit.reconcile import MEASURES, Reconciliation, TotalsLine
from kars_xl.reports.verdict import as_verdict, next_step, stopped

_HEADINGS = {"error": "Hatalar", "warning": "Uyarılar", "advice": "Öneriler"}
_IN_SHORT = {blocks.GOOD: "tutuyor", blocks.BAD: "tutmuyor", blocks.PLAIN: "karşılaştırılamadı"}


class Audit(Struct, frozen=True):
    """What an audit found: the programme as far as it can be told, findings (worst first) and what explains them."""

    programme: Programme
    findings: tuple[Finding, ...]
    totals: Reconciliation
    explanations: tuple[Explanation, ...]


class AuditOutcome(Outcome, frozen=True):
    """`audit` is None where no official table could be read; `findings` are all, `files` what was read."""

    audit: Audit | None = None
    files: tuple[str, ...] = ()


def audit_report(outcome: AuditOutcome) -> blocks.Report:
    """The whole answer; without any official table only what was found in the files."""
    findings, done = outcome.findings, outcome.audit
    parts: list[blocks.Block] = [*found_blocks(outcome.tables), *(_opening(outcome, done) if done else ())]
    parts.append(_listed(outcome))
    files = [f"Kaydedildi: {file}" for file in outcome.written]
    parts += [blocks.Data(key="written", value=outcome.written), blocks.Lines(lines=files, on=blocks.IN_TEXT)]
    parts.append(as_verdict(list(_end(outcome)), bad=outcome.failed))
    heading = done.programme.title if done else ""
    return blocks.Report(command="audit", kind="Program denetimi", heading=heading, blocks=parts, findings=findings)


def _end(outcome: AuditOutcome) -> Iterator[str]:
    """Whether the tables agree, and what comes next."""
    if outcome.audit is None:
        yield from stopped(outcome.findings, "Denetlenemedi")
        return
    yield f"{verdict(outcome.audit.totals)[1].lstrip('✗✓ ')} {count_line(outcome.findings).rstrip('.')}."
    file = next(iter(outcome.files), "program.xlsx")
    if outcome.failed and not outcome.written:
        yield next_step("audit", file, "--html", "denetim.html", what="raporu yazın")
    elif not outcome.failed and len(outcome.files) == 1:
        yield next_step("export", file, "--to", "pdf", what="kitapçığı basın")


def _opening(outcome: AuditOutcome, done: Audit) -> Iterator[blocks.Block]:
    totals, findings = done.totals, outcome.findings
    look, sentence = verdict(totals)
    names = names_of(outcome.files, findings)
    counts = Counter(found.severity for found in findings)
    yield blocks.head(("Dosya", len(outcome.files)), counts, ("Tabloların toplamları", _IN_SHORT[look]))
    yield blocks.Lines(lines=[done.programme.title], on=blocks.IN_TEXT)
    read = "Denetlenen dosya: " if len(outcome.files) == 1 else "Denetlenen dosyalar: "
    yield blocks.Lines(lines=[read + ", ".join(names[file] for file in outcome.files)])
    yield blocks.Lines(anchor="mutabakat", title="Mutabakat", lines=[sentence], look=look)
    # The tables' names, then each measure; the last row, which is no line of any table, says whether they agree.
    columns = [blocks.Column(lambda line: line.name if line else "Sonuç", "Tablo")]
    for measure, name in MEASURES.items():
        columns.append(blocks.Column(_cell(totals, measure, len(outcome.files) == 1), f"{name} (TL)"))
    yield blocks.Table(columns=columns, rows=totals.lines, foot=[None], look="totals")
    yield blocks.Data(key="reconciliation", value=[_line(totals, line) for line in totals.lines])
    yield blocks.Lines(lines=[said for measure in MEASURES if (said := agreement(totals, measure))], bullet="• ")
    if done.explanations:
        causes = [explained(item, findings) for item in done.explanations]
        yield blocks.Lines(anchor="aciklama", title="Farkların nedenleri", lines=causes, bullet="• ")
    yield blocks.Data(key="explanations", value=list(map(_explanation, done.explanations)))


def _line(totals: Reconciliation, line: TotalsLine) -> dict[str, object]:
    places = {measure: item.place for measure, item in line.sums.items() if item.place is not None}
    sums = {measure: blocks.Tl(item.kurus) for measure, item in line.sums.items()}
    differences = {measure: blocks.Tl(totals.difference(line, measure)) for measure in line.sums}
    return {"table": line.table, "name": line.name, "totals": sums, "differences": differences, "places": places}


def _explanation(item: Explanation) -> dict[str, object]:
    about = {"codes": list(dict.fromkeys(found.code for found in item.covers)), "keys": item.keys}
    return {"text": item.text, **about, "tables": item.tables, "difference": blocks.Tl(item.difference)}


def _cell(totals: Reconciliation, measure: str, one_file: bool) -> Callable[[TotalsLine | None], blocks.Cell]:
    def cell(line: TotalsLine | None) -> blocks.Cell:
        if line is None:
            look, words = result(totals, measure)
            return blocks.Cell(words, look)
        item = line.sums.get(measure)
        if item is None:
            return blocks.Cell("–", blocks.NONE)
        look, words = remark(totals, line, measure)
        notes = [blocks.Note(words.removeprefix("✗ "), look, blocks.IN_TEXT)] if look == blocks.BAD else []
        notes += [blocks.Note(words, look or "plain", blocks.ON_PAGE)] if words else []
        # The one file that there is need not be named in every cell.
        place = item.place._replace(file="") if item.place and one_file else item.place
        notes.append(blocks.Note(said(place) if place else "tablolardan toplandı", on=blocks.ON_PAGE))
        return blocks.Cell(blocks.Tl(item.kurus), notes=tuple(notes))

    return cell


def numbered(findings: Sequence[Finding]) -> list[tuple[int, Finding]]:
    """All findings in their order, with their numbers from 1."""
    return list(enumerate(in_order(findings), start=1))


def covered(item: Explanation, findings: Sequence[Finding]) -> list[tuple[int, Finding]]:
    """The findings that an explanation accounts for, with their numbers."""
    own = {id(found) for found in item.covers}
    return [given for given in numbered(findings) if id(given[1]) in own]


def explained(item: Explanation, findings: Sequence[Finding]) -> blocks.Cell:
    """An explanation, and on a page by code the findings that it covers."""
    notes: list[blocks.Note] = []
    for code, group in groupby(covered(item, findings), key=lambda given: given[1].code):
        links = [(found.key or found.label or said(found.place), f"n{number}") for number, found in group]
        head = "" if notes else "Açıkladığı bulgular: "
        notes.append(blocks.Note(f"{head}{code} ", on=blocks.ON_PAGE, links=tuple(links)))
    return blocks.Cell(item.text, notes=tuple(notes))


def _listed(outcome: AuditOutcome) -> blocks.Listed:
    """By severity, chosen by table."""
    findings = in_order(outcome.findings)
    by_severity = groupby(findings, key=lambda found: found.severity)
    groups = [blocks.Group(severity, _HEADINGS[severity], list(group)) for severity, group in by_severity]
    present = {found.table for found in findings}
    known = [table for table in TABLES if table in present]
    others = sorted(present - {*known, ""}, key=lambda table: (code_key(table), sort_key(table)))
    options = [(table, TABLES.get(table, table)) for table in (*known, *others)]
    options += [("-", "Tabloya bağlı olmayan")] if "" in present else []
    choice = ("Tablo", "tablo", options)
    return blocks.Listed(findings=outcome.findings, files=outcome.files, numbered=True, groups=groups, choice=choice)


def verdict(totals: Reconciliation) -> tuple[str, str]:
    """Whether any two tables' totals differ, as a sentence."""
    looks = {measure: result(totals, measure)[0] for measure in MEASURES if totals.agreeing(measure)}
    differing = [lower(MEASURES[measure]) for measure, look in looks.items() if look == blocks.BAD]
    if differing:
        names = " ve ".join(filter(None, (", ".join(differing[:-1]), differing[-1])))
        return blocks.BAD, f"✗ Tablolar birbirini tutmuyor: {names} farklı."
    if blocks.GOOD not in looks.values():
        return blocks.PLAIN, "Karşılaştırılacak ikinci bir tablo yok."
    if blocks.PLAIN in looks.values():
        return blocks.GOOD, "✓ Birden çok tabloda bulunan toplamlar birbirini tutuyor."
    return blocks.GOOD, "✓ Bütün tabloların toplamları birbirini tutuyor."


def agreement(totals: Reconciliation, measure: str) -> str:
    """Which tables have the same total, as a sentence; "" where no table has one."""
    groups = [[line.name for line in group] for group in totals.agreeing(measure)]
    name = MEASURES[measure]
    if not groups:
        return ""
    if len(groups) == 1:
        only = f"yalnız bir tabloda var ({groups[0][0]}), karşılaştırılamadı"
        return f"{name}: {only if len(groups[0]) == 1 else ', '.join(groups[0]) + ' aynı'}."
    same = [" = ".join(names) for names in groups if len(names) > 1]
    rest = f"birbirini tutanlar {'; '.join(same)}" if same else "birbirini tutan tablo yok"
    return f"{name}: {len(groups)} ayrı tutar var; {rest}."


def result(totals: Reconciliation, measure: str) -> tuple[str, str]:
    """Whether the tables agree on a measure, in a few words for the foot of its column."""
    groups = totals.agreeing(measure)
    if len(groups) > 1:
        return blocks.BAD, f"✗ {len(groups)} ayrı tutar"
    if not groups:
        return blocks.PLAIN, "–"
    return (blocks.GOOD, "✓ hepsi aynı") if len(groups[0]) > 1 else (blocks.PLAIN, "yalnız bir tabloda")


def remark(totals: Reconciliation, line: TotalsLine, measure: str) -> tuple[str, str]:
    """What is said of a line's figure; "" where it stands alone."""
    if difference := totals.difference(line, measure):
        return blocks.BAD, f"✗ fark {format_signed(difference)}"
    groups = totals.agreeing(measure)
    own = next((group for group in groups if line in group), [])
    if len(own) > 1:
        return blocks.GOOD, "✓ tutuyor"
    return blocks.PLAIN, "esas alınan" if len(groups) > 1 else ""
