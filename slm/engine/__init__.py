"""Service level arithmetic as pure functions: clocks, their explanation, target selection, chains.

Nothing in this package knows Django, a database or the present moment: all comes in as arguments.
"""
