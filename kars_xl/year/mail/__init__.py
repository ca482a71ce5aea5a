"""The e-mail of the year's round: letters are built from the working folder, then written as drafts or sent. Flow:
addresses (what may stand behind To:) · units, final (which letters there are) → letter (what is written, and as MIME) →
drafts, or send (retries and the log) over smtp (one connection, one message)."""
