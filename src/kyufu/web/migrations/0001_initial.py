"""The table of Django's database cache: counters of attempts that all workers share."""

from django.db import migrations


class Migration(migrations.Migration):

    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.RunSQL(
            "CREATE TABLE web_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL,"
            " expires timestamptz NOT NULL);"
            "CREATE INDEX web_cache_expires ON web_cache (expires);",
            "DROP TABLE web_cache;",
        )
    ]
