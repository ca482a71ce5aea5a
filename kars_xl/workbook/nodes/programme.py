"""The programme as the data tree that templates are filled from. The Turkish names here are the templates' vocabulary.
Amounts are exact TL (Decimal); blank where nobody has given a figure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from msgspec.structs import replace

from kars_xl.base.money import to_tl
from kars_xl.findings.finding import HEADINGS, Finding
from kars_xl.model.cost_rows import BUDGET_ROWS, EXTRA_ROWS, CostRow
from kars_xl.model.programme import Activity, Costs, Indicator, PastCosts, Programme, Target, total_costs
from kars_xl.model.sources import Contribution, Given
from kars_xl.model.units import NO_UNIT, Unit
from kars_xl.template.nodes import Node
from kars_xl.workbook.nodes import lists

# Of the forms' layout, printed on their first sheet: it does not change with each release, nor do the forms' bytes.
FORM_VERSION = "0.1.0"
_Past = Mapping[tuple[str, Unit], Costs]


def programme_tree(
    programme: Programme,
    sources: Sequence[Given] = (),
    findings: Sequence[Finding] = (),
    *,
    draft: bool = False,
    extra: Mapping[str, object] | None = None,
) -> Node:
    """The root node of the programme with its sources. `extra` adds root fields (a form's `birim`, `revizyon`)."""
    goals = [Node("amac", goal.code, {"kod": goal.code, "ad": goal.name}) for goal in programme.goals]
    by_goal = {goal.key: goal for goal in goals}
    # By its number, else by its targets: a source may number goals and objectives apart.
    goal_of = {target.objective: target.goal for target in programme.targets}
    owners = [by_goal.get(code.split(".")[0], by_goal.get(goal_of.get(code, ""))) for code, _ in programme.objectives]
    above = zip(programme.objectives, owners, strict=True)
    objectives = [Node("stratejik_hedef", code, {"kod": code, "ad": name}, owner) for (code, name), owner in above]
    by_objective = {objective.key: objective for objective in objectives}
    targets = [_target(item, by_objective.get(item.objective), by_goal.get(item.goal)) for item in programme.targets]
    activities = [node for target in targets for node in target.lists["faaliyet"]]
    indicators = [node for target in targets for node in target.lists["gosterge"]]
    # The official layout has two cost tables on a printed page.
    pages = [activities[start : start + 2] for start in range(0, len(activities), 2)]
    for goal in goals:
        goal.lists["stratejik_hedef"] = [node for node in objectives if node.up is goal]
        goal.lists["hedef"] = [node for node in targets if goal in node.chain()]
    for objective in objectives:
        objective.lists["hedef"] = [node for node in targets if node.up is objective]
    root_lists = {
        "amac": goals, "stratejik_hedef": objectives, "hedef": targets, "gosterge": indicators,
        "faaliyet": activities, "birim": _units(programme, activities),
        "ekonomik_kod": [_cost_row("ekonomik_kod", row, programme, {"kod": row.code}) for row in BUDGET_ROWS],
        "kaynak_turu": [_cost_row("kaynak_turu", row, programme, {}) for row in EXTRA_ROWS],
        "bulgu": [_finding(number, found) for number, found in enumerate(findings, start=1)],
        "sayfa": [Node("sayfa", str(at), {"no": at}, None, {"faaliyet": page}) for at, page in enumerate(pages, 1)],
        **lists.source_lists(sources, activities, indicators),
        **lists.general_table_lists(programme.general_tables),
        **lists.unit_summary(programme, sources, activities),
        **lists.policy_lists(programme.purpose, programme.policies),
        "gecmis": [_past(number, item) for number, item in enumerate(programme.past, start=1)],
    }  # fmt: skip
    first = 2 + sum(len(root_lists[name]) for name in lists.CHARTED)
    figures = {"sekil": {name: first + at for at, name in enumerate(("kaynak", "amac", "birim", "kod"))}}
    return Node("", "", _root_fields(programme, draft) | figures | dict(extra or {}), None, root_lists)


def _root_fields(programme: Programme, draft: bool) -> lists.Fields:
    institution = programme.institution
    return {
        "yil": programme.year, "onceki_yil": programme.year - 1, "iki_onceki_yil": programme.year - 2,
        "kurum": {
            "ad": institution.name, "yer": institution.place,
            "yer_ve_yil": " / ".join(filter(None, (institution.place, str(programme.year - 1)))),
            "adres": institution.address, "telefon": institution.phone, "web": institution.web,
            "eposta": institution.email, "ust_yonetici": institution.head,
            "ust_yonetici_unvan": institution.head_title, "misyon": programme.purpose.mission,
            "vizyon": programme.purpose.vision, "ilkeler": "\n".join(programme.purpose.principles),
            "mali_birim": institution.office, "ilgili": institution.officer, "dahili": institution.extension,
        },
        "esik": dict(zip(("artis", "olcek", "pay"), programme.limits, strict=True)),
        "surum": FORM_VERSION, "taslak": "TASLAK" if draft else "",
    }  # fmt: skip


def _target(target: Target, objective: Node | None, goal: Node | None) -> Node:
    fields: lists.Fields = {"kod": target.code, "ad": target.name, "aciklama": target.note or None}
    node = Node("hedef", target.code, fields, objective or goal)
    node.lists["gosterge"] = [
        Node("gosterge", item.code, _named(item) | lists.indicator_fields(item.values), node)
        for item in target.indicators
    ]
    node.lists["faaliyet"] = []
    for at, item in enumerate(target.activities):
        own = _named(item)
        own |= {"hedef_ad_ilk": target.name if at == 0 else None} | lists.cost_fields(item.costs)
        node.lists["faaliyet"].append(Node("faaliyet", item.code, own, node))
    return node


def _named(item: Activity | Indicator) -> lists.Fields:
    return {"kod": item.code, "ad": item.name, "birimler": "\n".join(map(str, item.units))}


def _units(programme: Programme, activities: list[Node]) -> list[Node]:
    units = {activity.code: activity.units for activity in programme.activities}
    own: dict[Unit, list[Node]] = {unit: [] for unit in programme.units}
    for activity in activities:
        for unit in dict.fromkeys(units[activity.key]):
            own.setdefault(unit, []).append(activity)
    nodes = []
    for unit in sorted(own):
        node = Node("birim", unit.name, {"ad": unit.name, "eposta": unit.email or None})
        node.lists = {"faaliyet": own[unit], "hedef": list(dict.fromkeys(item.up for item in own[unit] if item.up))}
        nodes.append(node)
    return nodes


def _cost_row(kind: str, row: CostRow, programme: Programme, code: lists.Fields) -> Node:
    """A row of Tablo 11 with the finance office's two amounts."""
    columns = programme.administration, programme.transfers
    general, transfers = (lists.cost_fields(costs)[row.field] for costs in columns)
    fields = code | {"ad": row.label, "genel_yonetim": general, "transfer": transfers}
    return Node(kind, str(row.code or row.label), fields)


def _past(number: int, item: PastCosts) -> Node:
    named: lists.Fields = {"kod": item.activity, "yil": item.year, "birim": item.unit.name or None}
    return Node("gecmis", str(number), named | lists.cost_fields(item.costs))


def _finding(number: int, found: Finding) -> Node:
    fields: lists.Fields = {
        "kod": found.code, "onem": HEADINGS[found.severity], "dosya": PurePath(found.place.file).name,
        "sayfa": found.place.sheet or None, "hucre": found.place.cell or None, "metin": found.message,
        "cozum": found.fix,
    }  # fmt: skip
    return Node("bulgu", str(number), fields)


def form_trees(programme: Programme, given: Sequence[Contribution], *, filled: bool) -> Iterator[tuple[Unit, Node]]:
    """For each unit the root node of its form: its targets with all indicators and its own activities."""
    costs: dict[tuple[str, Unit], Costs] = {}
    for item in given:
        key = (item.activity, item.sender.unit)
        costs[key] = costs.get(key, Costs()) + item.costs
    targets: dict[Unit, list[Target]] = defaultdict(list)
    for target in programme.targets:
        for unit in dict.fromkeys((*target.units, *(unit for item in target.indicators for unit in item.units))):
            targets[unit].append(target)
    past = _past_costs(programme)
    for unit in programme.asked:
        own = tuple(_own_target(target, unit, costs, filled) for target in targets[unit])
        tables = [table for table in programme.general_tables if table.unit == unit]
        if not filled:
            # A list stays as it was, to be mended; figures are asked for anew.
            blank = [tuple(r._replace(values=(None,) * len(r.values), note="") for r in table.rows) for table in tables]
            tables = [replace(table, rows=rows) for table, rows in zip(tables, blank, strict=True)]
        extra = {"birim": {"ad": unit.name, "eposta": unit.email}, "revizyon": 0, "dolduran": None}
        tree = programme_tree(_part(programme, own), extra=extra | _known(programme, unit, past))
        tree.lists |= lists.form_lists(tables)
        for node in tree.lists["hedef"]:
            _for_unit(node, unit, past)
        # That there is such a list is known where there is no target, too.
        tree.lists["diger_gosterge"] = [it for node in tree.lists["hedef"] for it in node.lists["diger_gosterge"]]
        yield unit, tree


def _past_costs(programme: Programme) -> _Past:
    """Last year's costs by activity and unit; by activity alone where it is not known which unit had them."""
    found: dict[tuple[str, Unit], Costs] = {}
    for item in programme.past:
        for unit in item.unit.parts[:1] if len(item.unit.parts) == 1 else (NO_UNIT,):
            found[item.activity, unit] = found.get((item.activity, unit), Costs()) + item.costs
    return found


def _known(programme: Programme, unit: Unit, past: _Past) -> lists.Fields:
    """What a form holds amounts against: the year that they are of, and how much is a large share of all."""
    whole = total_costs(past.values()).total
    year = programme.past[0].year if programme.past else programme.year - 1
    large = to_tl(int(whole * programme.limits.share / 100)) if whole else None
    # A column without a heading is none: what somebody types there is told as a figure without a place.
    heads: lists.Fields = {"gecen_baslik": f"{year} ödeneği" if whole else None}
    heads["degisim_baslik"] = "Değişim (%)" if whole else None
    return {"gecen_yil": year, "buyuk_tutar": large} | heads


def _for_unit(target: Node, unit: Unit, past: _Past) -> None:
    """Puts apart the indicators that other units fill, and adds last year's costs."""
    asked, others = [], []
    for node in target.lists["gosterge"]:
        owners = Unit(str(node.fields["birimler"] or "")).parts
        named = {"kod": node.fields["kod"], "ad": node.fields["ad"], "birimler": ", ".join(map(str, owners))}
        if not owners or unit in owners:
            asked.append(node)
        else:
            others.append(Node("diger_gosterge", node.key, named, target))
    for node in target.lists["faaliyet"]:
        costs = past.get((node.key, unit)) or past.get((node.key, NO_UNIT))
        node.fields = {**node.fields, **{f"gecen_{name}": it for name, it in lists.cost_fields(costs).items()}}
        node.fields["gecen_toplam"] = to_tl(costs.total) if costs else None
    target.lists |= {"gosterge": asked, "diger_gosterge": others}


def _part(programme: Programme, targets: tuple[Target, ...]) -> Programme:
    """The programme with no more than these targets need."""
    objectives = tuple(item for item in programme.objectives if item.code in {target.objective for target in targets})
    above = {target.goal for target in targets} | {item.code.split(".")[0] for item in objectives}
    goals = tuple(goal for goal in programme.goals if goal.code in above)
    return replace(programme, goals=goals, objectives=objectives, targets=targets, units=(), general_tables=())


def _own_target(target: Target, unit: Unit, costs: Mapping[tuple[str, Unit], Costs], filled: bool) -> Target:
    own = [activity for activity in target.activities if unit in activity.units]
    activities = tuple(replace(item, costs=costs.get((item.code, unit)) if filled else None) for item in own)
    indicators = tuple(item if filled else replace(item, values=(None, None, None)) for item in target.indicators)
    return replace(target, activities=activities, indicators=indicators, note=target.note if filled else "")
