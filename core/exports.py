"""Rows as a CSV file that a spreadsheet opens rightly: Chinese intact, no text taken for a formula."""

import csv

from django.http import StreamingHttpResponse

BYTE_ORDER_MARK = "\ufeff"
# With what a spreadsheet begins a formula, also in the full width that it folds to the usual one.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def defused(value):
    """A cell. Text that would be run as a formula is led by an apostrophe; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return f"'{value}"
    return value


class _Echo:
    def write(self, text):
        return text


def csv_response(name, rows):
    """A download of `rows` (lists of cells, the first is the heading), sent as they are made.

    `rows` is read after the request is over: it must not ask for the reader's language or zone.
    """
    writer = csv.writer(_Echo())

    def lines():
        yield BYTE_ORDER_MARK
        for row in rows:
            yield writer.writerow([defused(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
