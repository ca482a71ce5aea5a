"""Many documents → one programme.

In: documents, and the plan's programme where there is one. Out: `findings.finding.Merged`: the programme in kuruş,
where each figure came from, what was wrong on the way. `consolidate` is the job; `costs`, `targets` and
`general_tables` do a kind of table each, `notes` gathers findings, `adopt` takes a published source over.
"""
