"""Differences of what was told from register and evidence: a worklist with its history."""

import django.db.models.deletion
from django.db import migrations, models


from kyufu.cases.mismatch_kinds import MISMATCHES
from kyufu.platform.transitions import append_only_statements, guard_statements, unguard_statements

FUNCTION = "cases_mismatch_append_only"


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_handover'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mismatch',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('child_id', models.BigIntegerField()),
                ('guardian_id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('mark', models.CharField(max_length=60)),
                ('since', models.DateField()),
                ('found_at', models.DateTimeField()),
                ('state', models.CharField(db_default='open', max_length=16)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.application')),
                ('decision', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.decision')),
            ],
            options={
                'db_table': 'cases_mismatch',
            },
        ),
        migrations.CreateModel(
            name='MismatchTransition',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('from_state', models.CharField(max_length=16, null=True)),
                ('to_state', models.CharField(max_length=16)),
                ('actor_id', models.CharField(max_length=20)),
                ('actor_name', models.CharField(max_length=100)),
                ('actor_office', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('why', models.TextField()),
                ('decision_id', models.BigIntegerField(null=True)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.mismatch')),
            ],
            options={
                'db_table': 'cases_mismatch_transition',
            },
        ),
        migrations.AddIndex(
            model_name='mismatch',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['id'], name='cases_mismatch_open'),
        ),
        migrations.AddConstraint(
            model_name='mismatch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['agreed', 'dismissed', 'open', 'resolved'])), name='cases_mismatch_states'),
        ),
        migrations.AddConstraint(
            model_name='mismatch',
            constraint=models.UniqueConstraint(fields=('child_id', 'kind', 'decision', 'mark'), name='cases_mismatch_once'),
        ),
        migrations.AddConstraint(
            model_name='mismatch',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['child_moved', 'child_renamed', 'guardian_apart', 'guardian_gone', 'guardian_renamed', 'insurance_changed', 'insurance_ended'])), name='cases_mismatch_kind'),
        ),
        migrations.AddConstraint(
            model_name='mismatchtransition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('from_state__isnull', True), ('to_state__in', ['open'])), models.Q(('from_state', 'agreed'), ('from_state__isnull', False), ('to_state__in', ['open'])), models.Q(('from_state', 'open'), ('from_state__isnull', False), ('to_state__in', ['agreed', 'dismissed', 'resolved'])), _connector='OR'), name='cases_mismatch_steps'),
        ),
        migrations.RunSQL(guard_statements(MISMATCHES), unguard_statements(MISMATCHES)),
        migrations.RunSQL(
            append_only_statements((MISMATCHES.history_table,), function=FUNCTION),
            f"DROP FUNCTION IF EXISTS {FUNCTION}() CASCADE;",
        ),
    ]
