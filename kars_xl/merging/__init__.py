"""Many documents → one programme. In: documents, and the plan's programme where there is one. Out:
`findings.finding.Merged`: the programme in kuruş, where each figure came from, what could not be taken. `consolidate`
is the job and takes the general tables, `tables` those of targets and costs; `notes` gathers findings, `adopt` takes a
published source over. No table is held against another here: that is for `checking`."""
