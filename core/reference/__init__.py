"""Generic pages for reference data: a registry, one way to write, one set of pages, one history.

An app says in its own `reference` module what it registers; nothing here knows any of it.
"""

from core.reference.forms import PickerField, ReferenceForm
from core.reference.registry import REGISTRY, Column, Reference, register
from core.reference.saving import NotSaved, save, set_active

__all__ = [
    "REGISTRY",
    "Column",
    "NotSaved",
    "PickerField",
    "Reference",
    "ReferenceForm",
    "register",
    "save",
    "set_active",
]
