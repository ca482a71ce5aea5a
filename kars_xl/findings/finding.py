"""One thing that is wrong, as a value."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from kars_xl.base.place import Place


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and how to mend it.

    `table` is the short name (FMT), `key` what it is about (F.1.4.2), `label` the row's name as it stands there;
    `values` are facts for machines, `related` other places of it.
    """

    code: str
    severity: str
    place: Place
    message: str
    fix: str
    _: KW_ONLY
    table: str = ""
    key: str = ""
    label: str = ""
    values: tuple[tuple[str, str], ...] = ()
    related: tuple[Place, ...] = ()

    @property
    def is_error(self) -> bool:
        return self.severity == "error"
