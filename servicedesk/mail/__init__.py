"""Mail that comes in: from raw bytes to a decision that says why.

doors (API, pipe, IMAP) → intake.receive (stored at once) → reading (parse.py in a limited child
process) → deciding (what it is, and why) → acting (the ticket or the reply, by the usual actions).
"""
