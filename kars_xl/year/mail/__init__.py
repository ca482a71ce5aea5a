"""The e-mail of the year's round: letters are built from the working folder, then written as drafts or sent.

addresses (what may stand behind To:) · texts (what is written) · units, final (which letters there are) → letter →
compose (MIME) → drafts, or send (retries and the log) over smtp (one connection, one message).
"""
