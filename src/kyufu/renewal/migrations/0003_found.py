"""What the matching with the register found in a renewal: rows that stand as written."""

import django.db.models.deletion
from django.db import migrations, models

from kyufu.platform.transitions import append_only_statements

FUNCTION = "renewal_found_append_only"


class Migration(migrations.Migration):

    dependencies = [
        ('renewal', '0002_guards'),
    ]

    operations = [
        migrations.AddField(
            model_name='renewal',
            name='matched_count',
            field=models.IntegerField(null=True),
        ),
        migrations.CreateModel(
            name='Found',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('child_id', models.BigIntegerField(db_index=True)),
                ('mismatch_id', models.BigIntegerField()),
                ('renewal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='renewal.renewal')),
            ],
            options={
                'db_table': 'renewal_found',
                'constraints': [models.UniqueConstraint(fields=('renewal', 'mismatch_id'), name='renewal_found_once')],
            },
        ),
        migrations.RunSQL(
            append_only_statements(("renewal_found",), function=FUNCTION),
            f"DROP FUNCTION IF EXISTS {FUNCTION}() CASCADE;",
        ),
    ]
