"""Many documents become one programme (DESIGN 5): sums shared activities, compares what was given twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kars_xl.catalogue import finding
from kars_xl.match import Known, Wanted, match_names
from kars_xl.model import (
    EXTRA_SOURCES,
    Activity,
    Contribution,
    Costs,
    Finding,
    Goal,
    Indicator,
    IndicatorValue,
    Institution,
    Merged,
    Objective,
    Place,
    Programme,
    Target,
    Unit,
    by_code,
    total_costs,
)
from kars_xl.money import format_tl
from kars_xl.tables import ActivityRow, Amount, CostTable, Document, TargetTable, Text
from kars_xl.text import code_key, fold, parent_code, sort_key, squeeze, tidy
from kars_xl.values import format_indicator


def consolidate(documents: Sequence[Document], plan: Programme | None = None, *, latest: bool = False) -> Merged:
    """The programme that the documents make together, its sources, and every finding on the way. Nothing is guessed."""
    return _Consolidation(documents, plan, latest).run()


@dataclass(slots=True)
class _Wording:
    """All wordings of one thing with their places, in the order of reading."""

    texts: list[Text] = field(default_factory=list)

    def add(self, text: Text | None) -> None:
        if text is not None and text.value:
            self.texts.append(text)


class _Consolidation:
    def __init__(self, documents: Sequence[Document], plan: Programme | None, latest: bool) -> None:
        self.plan = plan
        self.findings: list[Finding] = [found for document in documents for found in document.findings]
        self.documents = self._latest(documents) if latest else list(documents)
        self.planned = _planned_names(plan)
        self.wordings: dict[tuple[str, str], _Wording] = defaultdict(_Wording)

    def run(self) -> Merged:
        institution = self._institution()
        year = self._year()
        targets = self._targets()
        contributions = self._contributions(targets)
        general, transfers = self._general()
        activities = self._activities(targets, contributions)
        built = tuple(self._target(code, tables, activities) for code, tables in targets.items())
        units = self._units(contributions, built)
        programme = Programme(
            institution, year, self._goals(built), self._objectives(built), built, general, transfers, units
        )
        return Merged(programme, tuple(contributions), tuple(self.findings), len(self.documents))

    def _report(self, code: str, place: Place, **facts: object) -> None:
        self.findings.append(finding(code, place, **facts))  # type: ignore[arg-type]

    # Which documents, whose, for when

    def _latest(self, documents: Sequence[Document]) -> list[Document]:
        """Of each unit's forms the one with the highest revision; equal revisions stay and are found as duplicates."""
        by_unit: dict[str, list[Document]] = defaultdict(list)
        for document in documents:
            by_unit[_unit_of(document) or document.file].append(document)
        kept: set[int] = set()
        for unit, group in by_unit.items():
            top = max(_revision(document) for document in group)
            chosen = [document for document in group if _revision(document) == top]
            kept.update(map(id, chosen))
            if len(group) > len(chosen):
                others = [Place(document.file) for document in group if _revision(document) != top]
                facts = {"unit": unit, "count": str(len(group)), "revision": str(top)}
                self._report("KX209", Place(chosen[0].file), related=others, **facts)
        return [document for document in documents if id(document) in kept]

    def _institution(self) -> Institution:
        named = [text for document in self.documents for text in _institutions(document) if text.value]
        if self.plan is not None:
            expected = self.plan.institution
        else:
            common = Counter(text.value for text in named).most_common(1)
            expected = Institution(common[0][0] if common else "")
        seen: set[tuple[str, str]] = set()
        for text in named:
            other = squeeze(text.value)
            if other != squeeze(expected.name) and (text.place.file, other) not in seen:
                seen.add((text.place.file, other))
                self._report("KX201", text.place, what="İdare", found=text.value, expected=expected.name)
        return expected

    def _year(self) -> int:
        given = [(year, place) for document in self.documents for year, place in _years(document)]
        common = Counter(year for year, _ in given).most_common(1)
        expected = self.plan.year if self.plan else (common[0][0] if common else 0)
        seen: set[str] = set()
        for year, place in given:
            if year != expected and place.file not in seen:
                seen.add(place.file)
                self._report("KX201", place, what="Program yılı", found=str(year), expected=str(expected))
        return expected

    # Targets

    def _targets(self) -> dict[str, list[TargetTable]]:
        """Target tables by the target's code, in code order; notes the wordings of goal, objective and target."""
        found: dict[str, list[TargetTable]] = defaultdict(list)
        for document in self.documents:
            for line in document.goals:
                self.wordings[line.kind, line.code].add(line.text)
            for table in document.targets:
                code = target_code(table)
                if not code:
                    self._report("KX113", table.place, table="PHT", found=table.heading.text("target"))
                    continue
                found[code].append(table)
        for code in by_code(found):
            for table in found[code]:
                texts = table.heading.texts
                target = texts.get("target")
                if not (target and target.value) and (objective := texts.get("objective")):
                    place = target.place if target else objective.place
                    facts = {"what": "Performans Hedefi", "read": "Hedefin metni kullanıldı."}
                    self._report("KX310", place, table="PHT", key=code, **facts)
                    target = objective
                self.wordings["target", code].add(target)
                self.wordings["objective", _objective_code(table, code)].add(texts.get("objective"))
                self.wordings["goal", _goal_code(table, code)].add(texts.get("goal"))
        return {code: found[code] for code in by_code(found)}

    def _target(self, code: str, tables: list[TargetTable], activities: dict[str, list[Activity]]) -> Target:
        notes = {table.heading.text("note"): None for table in tables if table.heading.text("note")}
        return Target(
            code=code,
            name=self._name("target", code, "Performans hedefi"),
            goal=_goal_code(tables[0], code),
            objective=_objective_code(tables[0], code),
            note=" ".join(notes),
            indicators=self._indicators(tables),
            activities=tuple(activities.get(code, ())),
        )

    def _indicators(self, tables: list[TargetTable]) -> tuple[Indicator, ...]:
        rows = [row for table in tables for row in table.indicators]
        years = {id(row): table.years for table in tables for row in table.indicators}
        result = []
        for code in by_code(row.code for row in rows):
            same = [row for row in rows if row.code == code]
            for row in same:
                self.wordings["indicator", code].add(row.name)
            values = [self._indicator_value(code, index, same, years) for index in range(3)]
            name = self._name("indicator", code, "Gösterge")
            result.append(Indicator(code, name, (values[0], values[1], values[2])))
        return tuple(result)

    def _indicator_value(
        self, code: str, index: int, rows: list, years: dict[int, tuple[int | None, ...]]
    ) -> IndicatorValue | None:
        """The value that all rows give; a blank cell is reported, and so are two different values."""
        first = None
        for row in rows:
            value, place = row.values[index], row.places[index]
            year = years[id(row)][index] if index < len(years[id(row)]) else None
            label = str(year) if year else ("t-1", "t", "t+1")[index]
            if value is None:
                if not any(found.place == place for found in self.findings):
                    facts = {"what": f"{code} göstergesinin {label} değeri", "blank": "-"}
                    self._report("KX101", place, table="PHT", key=code, **facts)
            elif first is None:
                first = row
            elif value != first.values[index]:
                facts = {"year": label, "found": format_indicator(value)}
                facts["other"] = format_indicator(first.values[index])
                self._report("KX205", place, table="PHT", key=code, related=[first.places[index]], **facts)
        return first.values[index] if first else None

    def _goals(self, targets: Iterable[Target]) -> tuple[Goal, ...]:
        codes = by_code([code for kind, code in self.wordings if kind == "goal"] + [target.goal for target in targets])
        return tuple(Goal(code, self._name("goal", code, "Amaç")) for code in codes)

    def _objectives(self, targets: Iterable[Target]) -> tuple[Objective, ...]:
        named = [code for kind, code in self.wordings if kind == "objective"]
        codes = by_code(named + [target.objective for target in targets])
        return tuple(Objective(code, self._name("objective", code, "Hedef")) for code in codes)

    # Costs

    def _contributions(self, targets: dict[str, list[TargetTable]]) -> list[Contribution]:
        """One for each cost table that could be told to an activity; those of an activity twice from a unit reported."""
        found: list[Contribution] = []
        known = [
            Known(row.code, row.name.value, table.heading.text("target") or table.heading.text("objective"))
            for tables in targets.values()
            for table in tables
            for row in table.activities
        ]
        known = list({activity.code: activity for activity in known}.values())
        for document in self.documents:
            for table, code in zip(document.costs, self._cost_codes(document, known), strict=True):
                if code is not None:
                    found.extend(self._contribution(document, table, code))
        self._duplicates(found)
        return found

    def _cost_codes(self, document: Document, known: list[Known]) -> list[str | None]:
        """The activity of each of a document's cost tables: by its code, else by its wording."""
        codes: list[str | None] = [table.heading.codes.get("activity_name") for table in document.costs]
        open_tables = [index for index, code in enumerate(codes) if code is None]
        wanted = [
            Wanted(document.costs[i].heading.text("activity_name"), document.costs[i].heading.text("target"))
            for i in open_tables
        ]
        taken = set(codes)
        matched = match_names(wanted, [activity for activity in known if activity.code not in taken])
        for index, code in zip(open_tables, matched, strict=True):
            codes[index] = code
        known_codes = {activity.code for activity in known}
        for index, (table, code) in enumerate(zip(document.costs, codes, strict=True)):
            if code is None or code not in known_codes:
                name = table.heading.texts.get("activity_name")
                facts = {"found": (name.value if name else "") or code or "?", "table_a": "maliyet tablosu"}
                self._report("KX303", name.place if name else table.place, table="FMT", key=code or "", **facts)
                codes[index] = None
            else:
                self.wordings["activity", code].add(table.heading.texts.get("activity_name"))
        return codes

    def _contribution(self, document: Document, table: CostTable, code: str) -> list[Contribution]:
        amounts = [*table.budget.values(), *table.extra.values()]
        if not any(amount.given for amount in amounts):
            place = table.budget[3].place if 3 in table.budget else amounts[0].place if amounts else table.place
            facts = {"what": f"{code} faaliyetinin tutarı", "blank": "0"}
            self._report("KX101", place, table="FMT", key=code, **facts)
        if any(amount.kurus is None for amount in amounts):
            return []
        costs = Costs(
            tuple(_kurus(table.budget.get(number)) for number in range(1, 10)),
            tuple(_kurus(table.extra.get(index)) for index in range(len(EXTRA_SOURCES))),
        )
        self._check_totals(table, code, costs)
        own = document.identity.get("unit")
        responsible = table.heading.texts.get("responsible")
        unit = own.value if own and own.value else responsible.value if responsible else ""
        if not unit:
            place = responsible.place if responsible else table.place
            facts = {"what": f"{code} faaliyetinin sorumlu harcama birimi", "read": ""}
            self._report("KX310", place, table="FMT", key=code, **facts)
        total = table.totals.get("need_total")
        filled = document.identity.get("filled_by")
        return [
            Contribution(
                code,
                unit,
                costs,
                total.place if total else table.place,
                _revision(document),
                filled.value if filled else "",
                document.digest,
            )
        ]

    def _check_totals(self, table: CostTable, code: str, costs: Costs) -> None:
        parts = {"budget_total": costs.budget_total, "extra_total": costs.extra_total, "need_total": costs.total}
        names = {"budget_total": "Bütçe toplamı", "extra_total": "Bütçe dışı toplamı", "need_total": "Genel toplam"}
        for label, expected in parts.items():
            typed = table.totals.get(label)
            if typed is not None and typed.given and typed.kurus is not None and typed.kurus != expected:
                facts = {"what": names[label], "found": format_tl(typed.kurus), "expected": format_tl(expected)}
                self._report("KX108", typed.place, table="FMT", key=code, values=_amount_values(facts), **facts)

    def _duplicates(self, contributions: list[Contribution]) -> None:
        """The same activity twice from one unit: one finding for each pair of files, however many activities."""
        first: dict[tuple[str, str], Contribution] = {}
        pairs: dict[tuple[str, str, str], list[Contribution]] = defaultdict(list)
        for given in contributions:
            earlier = first.setdefault((given.activity, fold(given.unit)), given)
            if earlier is not given:
                pairs[given.unit, earlier.place.file, given.place.file].append(given)
        for (unit, _, _), twice in pairs.items():
            codes = [given.activity for given in twice]
            key = ", ".join(codes[:3]) + (f" ve {len(codes) - 3} faaliyet daha" if len(codes) > 3 else "")
            other = first[twice[0].activity, fold(unit)].place
            self._report("KX204", twice[0].place, table="FMT", key=key, unit=unit or "aynı birim", related=[other])

    def _activities(
        self, targets: dict[str, list[TargetTable]], contributions: list[Contribution]
    ) -> dict[str, list[Activity]]:
        """Activities by target's code, each with the sum of its cost tables and all units (merge rule 2)."""
        given: dict[str, list[Contribution]] = defaultdict(list)
        for contribution in contributions:
            given[contribution.activity].append(contribution)
        result: dict[str, list[Activity]] = {}
        seen: dict[str, str] = {}
        for target, tables in targets.items():
            rows = [row for table in tables for row in table.activities]
            for row in rows:
                self.wordings["activity", row.code].texts.insert(0, row.name)
            result[target] = []
            for code in by_code(row.code for row in rows):
                same = [row for row in rows if row.code == code]
                if code in seen:
                    facts = {"found": f"{seen[code]} ve {target}"}
                    self._report("KX305", same[0].name.place, table="PHT", key=code, **facts)
                    continue
                seen[code] = target
                result[target].append(self._activity(code, same, given[code]))
        return result

    def _activity(self, code: str, rows: list[ActivityRow], given: list[Contribution]) -> Activity:
        for row in rows:
            own = [part for part in given if part.place.file == row.name.place.file]
            if not given and not self._cost_table_unreadable(code):
                self._report("KX302", row.name.place, table="PHT", key=code)
            elif own and not self._same_amounts(row, own):
                break
        units = tuple(dict.fromkeys(unit for part in given for unit in split_units(part.unit)))
        costs = total_costs(part.costs for part in given) if given else None
        return Activity(code, self._name("activity", code, "Faaliyet"), units, costs)

    def _cost_table_unreadable(self, code: str) -> bool:
        return any(found.key == code and found.table == "FMT" and found.is_error for found in self.findings)

    def _same_amounts(self, row: ActivityRow, own: list[Contribution]) -> bool:
        """The target table against the cost tables of the same file; a formula's stale result is no error of amount."""
        costs = total_costs(part.costs for part in own)
        amounts = row.amounts
        for amount, expected in (
            (amounts.total, costs.total),
            (amounts.budget, costs.budget_total),
            (amounts.extra, costs.extra_total),
        ):
            if amount is None or not amount.given or amount.kurus is None or amount.kurus == expected:
                continue
            facts = {"found": format_tl(amount.kurus), "expected": format_tl(expected)}
            places = [part.place for part in own]
            values = _amount_values(facts)
            if amount.formula:
                facts["what"] = f"{row.code} tutarı"
                self._report("KX108", amount.place, table="PHT", key=row.code, values=values, related=places, **facts)
            else:
                facts |= {"table_a": "performans hedefi tablosunda", "table_b": "maliyet tablosunda"}
                self._report("KX301", amount.place, table="PHT", key=row.code, values=values, related=places, **facts)
            return False
        return True

    def _general(self) -> tuple[Costs | None, Costs | None]:
        """Tablo 11's two columns of the finance office (merge rule 6); their lack is an error, since totals need them."""
        found = [matrix for document in self.documents for matrix in document.matrices if "general" in matrix.columns]
        if not found:
            what = "Mali Hizmetler formu (Genel Yönetim Giderleri ve Transferler)"
            file = self.documents[0].file if self.documents else ""
            self._report("KX203", Place(file), table="TKT", what=what)
            return None, None
        if len(found) > 1:
            places = [matrix.place for matrix in found]
            self._report("KX204", places[1], table="TKT", key="Tablo 11", unit="Mali Hizmetler", related=places[:1])
        columns = []
        for name in ("general", "transfers"):
            amounts = found[0].columns.get(name, {})
            if amounts and not any(amount.given for key, amount in amounts.items() if isinstance(key, int)):
                what = {"general": "Genel Yönetim Giderleri", "transfers": "Transferler ve Yedek Ödenek"}[name]
                place = next(iter(amounts.values())).place
                self._report("KX101", place, table="TKT", what=f"{what} sütunu", blank="0")
            budget = tuple(_kurus(amounts.get(number)) for number in range(1, 10))
            extra = tuple(_kurus(amounts.get(f"source{index}")) for index in range(len(EXTRA_SOURCES)))
            columns.append(Costs(budget, extra))
        return columns[0], columns[1]

    # Names

    def _name(self, kind: str, code: str, what: str) -> str:
        """The plan's wording, else the first in the order of reading; every other wording is reported once."""
        texts = self.wordings[kind, code].texts
        planned = self.planned.get((kind, code), "")
        used = planned or (texts[0].value if texts else "")
        seen = {squeeze(used)}
        for text in texts:
            if squeeze(text.value) not in seen:
                seen.add(squeeze(text.value))
                facts = {"what": f"{what} {code}", "found": text.value, "expected": used}
                self._report("KX207", text.place, key=code, **facts)
        return used

    def _units(self, contributions: list[Contribution], targets: Iterable[Target]) -> tuple[Unit, ...]:
        named = {unit for target in targets for activity in target.activities for unit in activity.units}
        mails = {fold(unit.name): unit.email for unit in self.plan.units} if self.plan else {}
        return tuple(Unit(name, mails.get(fold(name), "")) for name in sorted(named, key=sort_key))


def split_units(text: str) -> list[str]:
    """The units of a "Sorumlu Harcama Birimi veya Birimleri" cell: a line each, or separated by semicolons.

    A comma or slash separates only where every part is a unit by its last word, since units' names hold commas too.
    """
    parts = [tidy(part) for line in text.splitlines() for part in line.split(";")]
    result: list[str] = []
    for part in parts:
        pieces = [tidy(piece) for piece in part.replace("/", ",").split(",")]
        whole = len(pieces) > 1 and all(fold(piece).endswith(_UNIT_ENDINGS) for piece in pieces)
        result.extend(pieces if whole else [part])
    return [part for part in result if part]


_UNIT_ENDINGS = ("mudurlugu", "baskanligi", "birimi", "amirligi", "sefligi", "daire baskanligi", "mud")


def target_code(table: TargetTable) -> str:
    """The target's code: beside its label, else what its indicators' and activities' codes begin with."""
    if code := table.heading.codes.get("target"):
        return code
    children = Counter(parent_code(row.code) for row in [*table.indicators, *table.activities])
    return children.most_common(1)[0][0] if children else table.heading.codes.get("objective", "")


def _objective_code(table: TargetTable, code: str) -> str:
    return table.heading.codes.get("objective") or ".".join(map(str, code_key(code)[:2]))


def _goal_code(table: TargetTable, code: str) -> str:
    return table.heading.codes.get("goal") or str(code_key(code)[0])


def _planned_names(plan: Programme | None) -> dict[tuple[str, str], str]:
    if plan is None:
        return {}
    names = {("goal", goal.code): goal.name for goal in plan.goals}
    names |= {("objective", objective.code): objective.name for objective in plan.objectives}
    for target in plan.targets:
        names["target", target.code] = target.name
        names |= {("indicator", indicator.code): indicator.name for indicator in target.indicators}
        names |= {("activity", activity.code): activity.name for activity in target.activities}
    return names


def _kurus(amount: Amount | None) -> int:
    return amount.kurus or 0 if amount else 0


def _amount_values(facts: dict[str, str]) -> list[tuple[str, str]]:
    """Expected and found as decimal strings for machines."""
    plain = str.maketrans({".": None, ",": "."})
    return [(name, facts[name].translate(plain)) for name in ("expected", "found")]


def _unit_of(document: Document) -> str:
    unit = document.identity.get("unit")
    return unit.value if unit else ""


def _revision(document: Document) -> int:
    text = document.identity.get("revision")
    return int(text.value) if text and text.value.isdigit() else 0


def _institutions(document: Document) -> list[Text]:
    headings = [table.heading for table in document.tables]
    texts = [heading.texts["institution"] for heading in headings if "institution" in heading.texts]
    return ([document.identity["institution"]] if "institution" in document.identity else []) + texts


def _years(document: Document) -> list[tuple[int, Place]]:
    found = []
    year = document.identity.get("year")
    if year and year.value.isdigit():
        found.append((int(year.value), year.place))
    found += [(table.year, table.place) for table in document.costs if table.year]
    found += [(years[2], table.place) for table in document.targets if len(years := table.years) == 3 and years[2]]
    return found
