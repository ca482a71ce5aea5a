"""A report for machines: amounts are decimal strings in TL, times ISO 8601, places file, sheet and cell."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kars_xl import __version__
from kars_xl.base.money import to_tl
from kars_xl.base.place import Place
from kars_xl.findings import blocks
from kars_xl.findings.finding import SEVERITIES, Finding
from kars_xl.model.cost_rows import CostRow
from kars_xl.model.programme import Costs, IndicatorValue
from kars_xl.model.units import Unit


def as_json(report: blocks.Report) -> dict[str, object]:
    """The whole answer: version, command, counts, findings, and every block that has a key by that."""
    counts = Counter(found.severity for found in report.findings)
    answer: dict[str, object] = {
        "version": __version__,
        "command": report.command,
        "summary": {severity: counts[severity] for severity in SEVERITIES},
        "findings": [_finding(found) for found in report.findings],
    }
    for block in report.blocks:
        match block:
            case blocks.Data():
                answer[block.key] = plain(block.value)
            case blocks.Table() if block.key:
                answer[block.key] = [plain(blocks.record(block.columns, row)) for row in block.rows]
            case blocks.Lines() if block.key:
                answer[block.key] = [plain(line) for line in block.lines]
    return answer


def plain(value: Any) -> Any:
    """Any value of a report as JSON has it; what is no value of its own is told by its fields."""
    match value:
        case None | bool() | int() | str():
            return value
        case CostRow():
            return value.value
        case blocks.Tl():
            return None if value.kurus is None else str(to_tl(value.kurus))
        case Costs():
            return str(to_tl(value.total))
        case blocks.Cell():
            return plain(value.value)
        case Decimal():
            return f"{value:f}"
        case IndicatorValue():
            # "-" for the dash of "no value".
            return "-" if value.amount is None else f"{value.amount:f}" + ("%" if value.percent else "")
        case date():
            return value.isoformat()
        case Place():
            return {"file": value.file, "sheet": value.sheet, "cell": value.cell}
        case Unit():
            return value.name
        case Mapping():
            return {key: plain(item) for key, item in value.items()}
    return _fields(value) if is_dataclass(value) else [plain(item) for item in value]


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: plain(getattr(value, field.name)) for field in fields(value)}


def _finding(found: Finding) -> dict[str, Any]:
    """Its own place stands among the fields."""
    facts = _fields(found)
    place: dict[str, Any] = facts.pop("place")
    return facts | place | {"values": dict(found.values)}
