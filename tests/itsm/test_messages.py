"""The catalogue tool: what it finds in the source, and what it complains about."""

import gettext

import polib
import pytest

from itsm import messages


@pytest.fixture
def locale(tmp_path, monkeypatch):
    """A project of one module and one template, with the Chinese of two of its three texts."""
    monkeypatch.setattr(messages, "BASE_DIR", tmp_path)
    monkeypatch.setattr(messages, "LOCALE_DIR", tmp_path / "locale")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "texts.py").write_text(
        "A = _('Printer')\nB = ngettext('one thing', '%(n)d things', n)\n"
        "C = pgettext('verb', 'Open')\n"
    )
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        "<c-panel title=\"{% translate 'A title' %}\">"
        "{% blocktranslate trimmed with name=person.name %}\n  Hello {{ name }}\n"
        "{% endblocktranslate %}</c-panel>"
    )
    (tmp_path / "locale" / "parts").mkdir(parents=True)
    (tmp_path / "locale" / "parts" / "some.py").write_text(
        "MESSAGES = {'Printer': '打印机', ('one thing', '%(n)d things'): '%(n)d 个东西',"
        " ('verb|', 'Open'): '打开', 'A title': '标题', 'Hello %(name)s': '%(name)s，您好'}\n"
    )
    return tmp_path / "locale"


def test_texts_of_code_templates_and_component_attributes_are_found(locale):
    assert set(messages.extract()) == {
        ("", "Printer", ""),
        ("", "one thing", "%(n)d things"),
        ("verb", "Open", ""),
        ("", "A title", ""),
        ("", "Hello %(name)s", ""),
    }


def test_an_updated_catalogue_is_complete_and_speaks_chinese(locale):
    messages.update()

    assert list(messages.faults_of(messages.extract())) == []
    with (locale / "zh_Hans/LC_MESSAGES/django.mo").open("rb") as file:
        chinese = gettext.GNUTranslations(file)
    assert chinese.gettext("Printer") == "打印机"
    assert chinese.ngettext("one thing", "%(n)d things", 1) == "%(n)d 个东西"
    assert chinese.pgettext("verb", "Open") == "打开"


def test_what_was_translated_by_hand_outlives_an_update(locale):
    messages.update()
    (locale / "parts" / "some.py").unlink()

    messages.update()

    assert messages.check() == 0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda entry: setattr(entry, "msgstr", ""), "not translated"),
        (lambda entry: setattr(entry, "msgstr", "您好 %(nmae)s"), "other placeholders"),
        (lambda entry: entry.flags.append("fuzzy"), "fuzzy"),
        (lambda entry: setattr(entry, "msgid", "Hello"), "no longer in the source"),
    ],
)
def test_a_fault_is_told(locale, change, fault):
    messages.update()
    path = locale / "zh_Hans/LC_MESSAGES/django.po"
    catalogue = polib.pofile(str(path))
    change(catalogue.find("Hello %(name)s"))
    catalogue.save()

    faults = list(messages.faults_of(messages.extract()))

    assert any(fault in line for line in faults)
