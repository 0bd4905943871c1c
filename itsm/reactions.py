"""Which process answers which event: the one place where sibling processes meet.

A reaction is small, finds its rows, calls one action of the reacting process, reads the present
state rather than the message, and may run more than once.
"""

REACTIONS = {}
