"""The message catalogues without GNU gettext: extract, merge, compile, check.

    python -m itsm.messages update    source strings and locale/parts/*.py → locale/*/django.po
    python -m itsm.messages compile   .po → .mo, where the .po is newer (quick; every start does it)
    python -m itsm.messages check     exit code 1 where a string is missing, stale, fuzzy or broken

Django's own gettext functions and template tags are understood. Entries are sorted and carry no
line numbers and no dates, so that a catalogue changes only where a text does.
"""

import ast
import os
import re
import runpy
import sys
from io import BytesIO
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
LOCALE_DIR = BASE_DIR / "locale"
# Django's folder names of settings.LANGUAGES; the first is the language of the source
LANGUAGES = {"en": "nplurals=2; plural=(n != 1);", "zh_Hans": "nplurals=1; plural=0;"}
SOURCE = "en"
LEFT_OUT = {".venv", ".local", ".git", "tests", "bench", "static", "locale", "docs", "migrations"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_g": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]|\{(\w*)[^{}]*\}")


# --- what the source says -------------------------------------------------------------------


def source_files():
    """Every Python file and template that may hold a text for people."""
    for folder, folders, names in os.walk(BASE_DIR):
        folders[:] = [name for name in folders if name not in LEFT_OUT and name[0] != "."]
        for name in names:
            if name.endswith((".py", ".html", ".txt")) and not name.startswith("."):
                path = Path(folder) / name
                if name.endswith(".txt") and "templates" not in path.parts:
                    continue
                yield path


def extract():
    """{(context, singular, plural or ""): (file, line)} of the whole project."""
    found = {}
    for path in sorted(source_files()):
        for line, context, singular, plural in extract_file(path):
            key = (context, singular, plural)
            found.setdefault(key, (path.relative_to(BASE_DIR), line))
    return found


def extract_file(path):
    """(line, context, singular, plural) of one file. A template is first read as Django does."""
    from babel.messages.extract import extract as babel_extract

    text = path.read_text()
    if path.suffix != ".py":
        text = as_python(text, path)
    messages = babel_extract("python", BytesIO(text.encode()), keywords=KEYWORDS)
    for line, message, _, context in messages:
        singular, plural = message if isinstance(message, tuple) else (message, "")
        if singular:
            yield line, context or "", singular, plural


def as_python(text, path):
    """A template as calls of gettext. Components' attributes are templates of their own:
    `<c-x title="{% translate 'A' %}">`, and Django's lexer sees the tag all the same."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    return templatize(text, origin=str(path))


# --- what the translators say ---------------------------------------------------------------


def parts():
    """{(context, singular, plural): Chinese} of all locale/parts/*.py, later files rule."""
    merged = {}
    for path in sorted((LOCALE_DIR / "parts").glob("*.py")):
        for key, text in runpy.run_path(str(path))["MESSAGES"].items():
            merged[as_key(key)] = text
    return merged


def as_key(key):
    """A part's key: "One", ("one", "%(n)d many"), ("context|", "One") or all three."""
    if isinstance(key, str):
        return "", key, ""
    context = ""
    if key[0].endswith("|") and len(key) > 1:
        context, key = key[0][:-1], key[1:]
    return context, key[0], key[1] if len(key) > 1 else ""


def file_of(language):
    return LOCALE_DIR / language / "LC_MESSAGES" / "django.po"


def entries(language):
    """{(context, singular, plural): entry} of a catalogue as it stands."""
    import polib

    path = file_of(language)
    if not path.exists():
        return {}
    return {(e.msgctxt or "", e.msgid, e.msgid_plural): e for e in polib.pofile(str(path))}


# --- the three commands ---------------------------------------------------------------------


def update():
    """Write the catalogues from the source, the parts, and what the catalogues held before."""
    import polib

    found, chinese = extract(), parts()
    by_singular = {(context, singular): text for (context, singular, _), text in chinese.items()}
    for language, plural_forms in LANGUAGES.items():
        known = entries(language)
        catalogue = polib.POFile(wrapwidth=96)
        catalogue.metadata = {
            "Language": language,
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": plural_forms,
        }
        for key in sorted(found, key=lambda key: (key[1], key[0], key[2])):
            context, singular, plural = key
            text = chinese.get(key) or by_singular.get((context, singular)) or ""
            if language == SOURCE:
                translations = [singular, plural] if plural else [singular]
            elif text:
                translations = [text] if isinstance(text, str) else list(text)
            elif key in known:
                translations = translations_of(known[key])
            else:
                translations = [""]
            catalogue.append(make_entry(context, singular, plural, translations))
        path = file_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
    compile_all()
    print(f"{len(found)} messages in {', '.join(LANGUAGES)}")
    return 0


def make_entry(context, singular, plural, translations):
    import polib

    entry = polib.POEntry(msgid=singular, msgctxt=context or None)
    if plural:
        entry.msgid_plural = plural
        entry.msgstr_plural = dict(enumerate(translations))
    else:
        entry.msgstr = translations[0]
    if PLACEHOLDER.search(singular) and "%(" in singular:
        entry.flags.append("python-format")
    return entry


def translations_of(entry):
    if entry.msgid_plural:
        return [entry.msgstr_plural[number] for number in sorted(entry.msgstr_plural)]
    return [entry.msgstr]


def compile_all():
    """Write each .mo that is older than its .po."""
    import polib

    for language in LANGUAGES:
        source = file_of(language)
        target = source.with_suffix(".mo")
        if not source.exists():
            continue
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        unfinished = target.with_suffix(f".{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(unfinished))
        unfinished.replace(target)
    return 0


def check():
    """Print every fault of the catalogues. Returns 1 where there is one."""
    faults = list(faults_of(extract()))
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults" if faults else "catalogues complete")
    return 1 if faults else 0


def faults_of(found):
    for language, plural_forms in LANGUAGES.items():
        known = entries(language)
        forms = int(re.search(r"nplurals=(\d)", plural_forms)[1])
        for key, (path, line) in found.items():
            entry = known.get(key)
            if entry is None or not all(translations_of(entry)):
                yield f"{language}: not translated ({path}:{line}): {key[1]!r}"
                continue
            yield from faults_of_entry(language, key, entry, forms)
        for key in known.keys() - found.keys():
            yield f"{language}: no longer in the source: {key[1]!r}"


def faults_of_entry(language, key, entry, forms):
    translations = translations_of(entry)
    if entry.fuzzy:
        yield f"{language}: fuzzy: {key[1]!r}"
    if key[2] and len(translations) != forms:
        yield f"{language}: {len(translations)} plural forms instead of {forms}: {key[1]!r}"
    # a plural may leave out of its singular the number ("one thing")
    wanted = placeholders(key[2] or key[1])
    for translation in translations:
        given = placeholders(translation)
        if given - wanted or (not key[2] and wanted - given):
            yield f"{language}: other placeholders than the source: {key[1]!r} → {translation!r}"


def placeholders(text):
    return {one or "{" + other for one, other in PLACEHOLDER.findall(text)}


def find_computed(path):
    """Lines where gettext is called with anything but a literal: no tool could extract those."""
    names = set(KEYWORDS)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in names and node.args:
            first = node.args[0]
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                yield node.lineno


def main():
    commands = {"update": update, "compile": compile_all, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(f"usage: python -m itsm.messages {' | '.join(commands)}")
    return commands[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(main())
