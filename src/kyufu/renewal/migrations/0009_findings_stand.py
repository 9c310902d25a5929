"""What a judgement found stands as written."""

from django.db import migrations

from kyufu.platform.transitions import append_only_statements

FUNCTION = "renewal_findings_append_only"


class Migration(migrations.Migration):
    dependencies = [("renewal", "0008_findings")]

    operations = [
        migrations.RunSQL(
            append_only_statements(("renewal_difference", "renewal_early_loss"), function=FUNCTION),
            f"DROP FUNCTION IF EXISTS {FUNCTION}() CASCADE;",
        ),
    ]
