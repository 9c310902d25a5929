"""Steps of the worklist apply themselves; the log of changes stands as written."""

from django.db import migrations

from kyufu.platform.feeds.states import WORKLIST
from kyufu.platform.transitions import append_only_statements, guard_statements, unguard_statements

APPEND_ONLY = ("platform_change", "platform_rejected_row_transition")


class Migration(migrations.Migration):
    dependencies = [("platform", "0001_initial")]

    operations = [
        migrations.RunSQL(guard_statements(WORKLIST), unguard_statements(WORKLIST)),
        migrations.RunSQL(
            append_only_statements(APPEND_ONLY, function="platform_append_only"),
            "DROP FUNCTION IF EXISTS platform_append_only() CASCADE;",
        ),
    ]
