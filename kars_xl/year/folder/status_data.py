"""The state of the round for machines: times in ISO 8601, amounts as decimal strings in TL."""

from __future__ import annotations

from collections.abc import Sequence

from kars_xl.base.money import to_tl
from kars_xl.findings.severity import SEVERITIES
from kars_xl.year.folder.status import Form, Status, UnitStatus

Data = dict[str, object]


def status_data(status: Status) -> Data:
    """What `--format json` gives beside the findings."""
    return {
        "plan": status.has_plan,
        "units": [_unit(unit) for unit in (*status.units, *status.strangers)],
        "finance": _unit(status.finance) if status.finance else None,
        "others": [
            {"file": other.file, "is_form": other.is_form, "codes": [found.code for found in other.findings]}
            for other in status.others
        ],
        "totals": {
            "sent": status.senders,
            "expected": len(status.units) if status.has_plan else None,
            "filled": sum(unit.filled for unit in status.units),
            "activities": sum(unit.activities for unit in status.units),
            "amount": _tl(status.kurus),
            "whole": status.whole,
        },
    }


def _unit(unit: UnitStatus) -> Data:
    return {
        "unit": unit.name,
        "planned": unit.planned,
        "sent": unit.sent,
        "at": unit.forms[0].at.isoformat() if unit.sent and unit.forms[0].at else None,
        "revision": unit.forms[0].revision if unit.sent else None,
        "files": _forms(unit.forms),
        "replaced": _forms(unit.replaced),
        "same_revision": _forms(unit.rivals),
        **{severity: unit.count(severity) for severity in SEVERITIES},
        "filled": unit.filled,
        "activities": unit.activities,
        "amount": _tl(unit.kurus),
        "mailed": {kind: at.isoformat() for kind, at in unit.mailed},
    }


def _forms(forms: Sequence[Form]) -> list[Data]:
    return [
        {"file": form.file, "revision": form.revision, "at": form.at.isoformat() if form.at else None} for form in forms
    ]


def _tl(kurus: int | None) -> str | None:
    return None if kurus is None else str(to_tl(kurus))
