"""The last event of a kind is found at once, however long ago it was."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_guards")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX audit_event_kind ON audit_event (kind, at)", "DROP INDEX audit_event_kind"
        )
    ]
