"""What a Django constraint cannot say: a run moves by its history alone, and its steps stand as written."""

from django.db import migrations

from kyufu.platform.transitions import append_only_statements, guard_statements, unguard_statements
from kyufu.runs.states import RUNS


class Migration(migrations.Migration):
    dependencies = (("runs", "0001_initial"),)

    operations = (
        migrations.RunSQL(
            guard_statements(RUNS) + append_only_statements((RUNS.history_table,), function="runs_stands"),
            "DROP FUNCTION IF EXISTS runs_stands() CASCADE;" + unguard_statements(RUNS),
        ),
    )
