"""Numbers of incidents."""

from django.db import migrations

from records.numbers import make_sequence


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]
    operations = [make_sequence("INC")]
