"""How certificates left the office: records that stand as written."""

import django.db.models.deletion
from django.db import migrations, models

from kyufu.platform.transitions import append_only_statements

FUNCTION = "cases_handover_append_only"


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('times', models.SmallIntegerField()),
                ('way', models.CharField(max_length=8)),
                ('handed_to', models.CharField(max_length=8)),
                ('identity_seen', models.CharField(max_length=24)),
                ('handed_on', models.DateField()),
                ('note', models.CharField(max_length=200)),
                ('staff_id', models.CharField(max_length=20)),
                ('staff_name', models.CharField(max_length=100)),
                ('staff_office', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
                ('certificate', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.certificate')),
            ],
            options={
                'db_table': 'cases_handover',
                'constraints': [models.UniqueConstraint(fields=('certificate', 'times'), name='cases_handover_times'), models.CheckConstraint(condition=models.Q(('way__in', ['counter', 'mail'])), name='cases_handover_way'), models.CheckConstraint(condition=models.Q(('handed_to__in', ['agent', 'guardian'])), name='cases_handover_to'), models.CheckConstraint(condition=models.Q(models.Q(('identity_seen', ''), ('way', 'mail')), models.Q(('identity_seen__in', ['insurance_and_another', 'my_number_card', 'photo_document']), ('way', 'counter')), _connector='OR'), name='cases_handover_identity'), models.CheckConstraint(condition=models.Q(('times', 1), models.Q(('times__gt', 1), models.Q(('note', ''), _negated=True)), _connector='OR'), name='cases_handover_again'), models.CheckConstraint(condition=models.Q(('staff_id', ''), _negated=True), name='cases_handover_staff')],
            },
        ),
        migrations.RunSQL(
            append_only_statements(("cases_handover",), function=FUNCTION),
            f"DROP FUNCTION IF EXISTS {FUNCTION}() CASCADE;",
        ),
    ]
