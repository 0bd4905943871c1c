"""Measurements: each module prints one table. `python -m bench` names them."""
