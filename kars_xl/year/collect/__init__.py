"""Intake: the forms attached to a mailbox's messages are put into the working folder, by unit and revision. Flow:
sources (files of a mailbox) → letters (eml, outlook) → items (attachments, unpacked) → forms (judged) → store."""
