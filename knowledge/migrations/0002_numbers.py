"""Numbers of articles."""

from django.db import migrations

from records.numbers import make_sequence


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]
    operations = [make_sequence("KBA")]
