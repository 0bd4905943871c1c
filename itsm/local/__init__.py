"""The desk on one machine: real servers from wheels, and a supervisor over all its processes.

Nothing outside this package knows about `.local/`; the application sees only environment variables.
Modules here import no Django, so that they work before (and without) a configured project.
"""
