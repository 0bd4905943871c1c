"""Numbers of referrals to suppliers."""

from django.db import migrations

from records.numbers import make_sequence


class Migration(migrations.Migration):
    dependencies = [("slm", "0002_reference")]
    operations = [make_sequence("REF")]
