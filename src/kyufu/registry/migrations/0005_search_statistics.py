"""What the planner knows of the columns that persons are searched by.

With a hundred samples of millions of addresses it takes a part of a town for three persons, reads all its twenty
thousand, and a search for a name there takes ten times as long.
"""

from django.db import migrations

COLUMNS = ("address_key", "kana_key", "name_key", "sound_key")
SAMPLES = 1_000


def _statements(samples: int) -> list[str]:
    altered = ", ".join(f"ALTER COLUMN {column} SET STATISTICS {samples}" for column in COLUMNS)
    return [f"ALTER TABLE registry_person_event {altered}", "ANALYZE registry_person_event"]


class Migration(migrations.Migration):

    dependencies = [
        ("registry", "0004_contacts"),
    ]

    operations = [
        migrations.RunSQL(_statements(SAMPLES), _statements(-1)),
    ]
