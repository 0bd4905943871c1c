"""An invented bilingual company with a living desk, made through actions. Tests do not use it."""

PASSWORD = "lanting-demo-2026"  # noqa: S105 - printed at the start, for the demo world only
