"""Which process answers which event: the one place where sibling processes meet.

A reaction is small, finds its rows, calls one action of the reacting process, reads the present
state rather than the message, and may run more than once.
"""

from servicedesk.notices import audience


def joined(*tables):
    """One table of several: {verb: reactions in the order of the tables}."""
    found = {}
    for table in tables:
        for verb, reactions in table.items():
            found[verb] = (*found.get(verb, ()), *reactions)
    return found


REACTIONS = joined(audience.REACTIONS)
