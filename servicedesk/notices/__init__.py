"""What is told to whom, in whose words, and how it gets there.

audience (who) → records.notify (a row) → sending (a lease) → rendering (letters in the reader's
language and time zone) → delivery (one envelope a reader).
"""
