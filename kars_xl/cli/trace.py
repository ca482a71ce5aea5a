"""The command trace: where a figure comes from, and where a form's figure goes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from kars_xl.cli.base import ALL, FORMAT, TurkishCommand


@click.command(cls=TurkishCommand, short_help="Bir rakamı formdaki hücresine kadar izler.")
@click.argument("workbook", metavar="ÇIKTI.xlsx")
@click.argument("address", metavar="SAYFA!HÜCRE")
@click.option("--forms", "folders", multiple=True, metavar="KLASÖR", help="Formların klasörü; birden çok verilebilir.")
@click.option("--form", metavar="FORM.xlsx", help="Geriye izle: adres bu formdadır, beslediği hücreler söylenir.")
@ALL
@FORMAT
def trace(
    workbook: str, address: str, folders: tuple[str, ...], form: str | None, everything: bool, style: str
) -> None:
    """Resmî çalışma kitabındaki bir rakamın hangi formun hangi hücresinden geldiğini ağaç olarak gösterir.

    Formlar --forms ile verilen klasörlerde, verilmezse inputs klasöründe ve çalışma kitabının yanında aranır;
    birleştirmeden sonra değişen form söylenir. --form ile tersine gidilir: formdaki hücrenin beslediği bütün hücreler.

    \b
    Örnek:
      kars-xl trace program.xlsx "Toplam Kaynak İhtiyacı!C8" --forms inputs
      kars-xl trace program.xlsx "PH 1.1!C40" --form inputs/mali_hizmetler_mudurlugu.xlsx
    """
    from kars_xl.findings import as_text as report
    from kars_xl.findings.finding import Finding
    from kars_xl.reports.trace import Unopened, WrongAddress, trace_back, trace_forward
    from kars_xl.reports.trace.as_json import feeds_json, trace_json
    from kars_xl.reports.trace.show import feeds_text, trace_text

    for folder in folders:
        if not Path(folder).is_dir():
            raise click.BadParameter(f"“{folder}” diye bir klasör yok.", param_hint="'--forms'")
    answer: dict[str, object] = {"trace": None, "feeds": []}
    text = ""
    findings: tuple[Finding, ...]
    try:
        if form is None:
            found = trace_forward(workbook, address, folders)
            answer, text, findings = trace_json(found), trace_text(found), found.findings
        else:
            back = trace_back(workbook, form, address)
            answer, text, findings = feeds_json(back), feeds_text(back), back.findings
    except WrongAddress as error:
        raise click.UsageError(str(error)) from error
    except Unopened as error:
        findings = (error.finding,)
    if style == "json":
        click.echo(json.dumps(report.answer("trace", findings, answer), ensure_ascii=False, indent=1))
    else:
        click.echo("\n\n".join(filter(None, (text, report.findings_text(findings, everything=everything)))).rstrip())
    if any(found.is_error for found in findings):
        sys.exit(1)
