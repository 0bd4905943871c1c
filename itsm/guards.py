"""Guards that must look into another app: (model label, step) -> functions that may refuse.

A guard is synchronous, reads only, and answers with a reason or None.
"""

GUARDS = {}
