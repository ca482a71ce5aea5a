"""Template engine: an ordinary workbook with placeholders and `her_` names is filled from a tree of nodes.
read.load → expand → evaluate → write. It knows nothing of performance programmes. Whoever needs a node only, to
describe data, waits for no reader or writer of workbooks: nothing is imported here."""
