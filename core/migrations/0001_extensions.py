"""What PostgreSQL must be able to do before any table is made."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

# What is searched: words of alphabets whole, Han text in pairs and single characters, so that any
# two Chinese characters that stand together are found. The input is folded text (core.text.fold).
GRAMS = r"""
CREATE FUNCTION core_grams(folded text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT COALESCE(array_to_tsvector(array_agg(DISTINCT gram)), ''::tsvector)
    FROM (
        SELECT left(word, 64) AS gram
        FROM regexp_split_to_table(
            regexp_replace(folded, '[㐀-䶿一-鿿豈-﫿]', ' ', 'g'), '[^[:alnum:]]+') AS word
        WHERE word <> ''
        UNION ALL
        SELECT substr(run[1], i, n)
        FROM regexp_matches(folded, '[㐀-䶿一-鿿豈-﫿]+', 'g') AS run,
             generate_series(1, length(run[1])) AS i, generate_series(1, 2) AS n
        WHERE i + n - 1 <= length(run[1])
    ) AS grams
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [
        ("calendars", "0001_initial"),
        ("people", "0001_initial"),
        ("cmdb", "0001_initial"),
        ("records", "0001_initial"),
    ]
    operations = [
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(GRAMS, "DROP FUNCTION core_grams(text)"),
    ]
