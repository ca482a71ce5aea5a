"""What starts from a finished programme: audit, diff, trace, export, marked copies and pages. In: programmes,
documents, a merged workbook. Out: an answer as value, shown as text, JSON, page or workbook. `audit/`, `diff/` (and
what a form sent again changed), `trace/`, `export/` are the jobs, `annotate/` marks copies of forms, `answer` is what
the jobs of `pipeline` found and wrote."""
