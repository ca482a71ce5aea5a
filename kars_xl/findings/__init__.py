"""What is wrong, as values: the catalogue of codes and sentences, and how findings are shown.

In: facts and places. Out: `finding` (one value), `catalogue` (every code with severity, sentence and remedy),
`severity` (their order and words), `as_text` (console and JSON).
"""
