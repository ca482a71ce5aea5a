"""What several tests need, each once. Where to look for what:

- a small form, plan or finance form: `form_tables` as text, `form_files` as workbooks, `tables_by_hand` as the
  recogniser leaves them; another town's in `small_town`, `made_up_general_tables`; whole programmes in
  `printed_programmes` (as rows of text), `generated_programmes` (hypothesis), `compared_programmes`
- running a command and comparing what it found: `cli_runs`, `found`; paths of the repository: `repository`
- an example of each finding: `finding_examples`, with `audit_examples`, `collect_examples` and `mail_examples`
- editing: `workbook_edits` (as an office does in Excel), `libreoffice_edits`, `grid_edits` (in memory); ways to spoil
  a form: `mutations`, and what must come of them: `fuzz_model`; the official template: `template_faults`
- looking at what was written: `oracles` (other calculators), `strict_package` (Excel's rules), `booklets` (as PDF),
  `html_pages` and `chrome`, `traced_workbooks`, `audit_reports`, `placeholders`
- mail: `mail_files` and `compound_file` on disks, `mail_server` on loopback, `mail_sent`
- a year's round: `round_office`, `round_forms`; commands that are killed: `killing`
- the template engine: `template_bench`, `chart_bench`, `laid_rows`
"""
