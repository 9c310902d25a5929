"""Contact records (応対記録): they stand as written, and a correction is of the same person."""

import django.db.models.deletion
from django.db import migrations, models

from kyufu.platform.transitions import append_only_statements

APPEND_ONLY = ("registry_contact", "registry_contact_done")
SAME_PERSON = """
ALTER TABLE registry_contact ADD CONSTRAINT registry_contact_corrects_same_person
  FOREIGN KEY (corrects_id, addressee_id) REFERENCES registry_contact (id, addressee_id);
ALTER TABLE registry_contact ADD CONSTRAINT registry_contact_corrects_earlier CHECK (corrects_id < id);
"""
UNDO = """
ALTER TABLE registry_contact DROP CONSTRAINT registry_contact_corrects_earlier;
ALTER TABLE registry_contact DROP CONSTRAINT registry_contact_corrects_same_person;
DROP FUNCTION IF EXISTS registry_contact_append_only() CASCADE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0003_search_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('contacted_on', models.DateField()),
                ('way', models.CharField(max_length=8)),
                ('caller', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=60)),
                ('content', models.TextField()),
                ('follow_up_on', models.DateField(null=True)),
                ('ward_code', models.CharField(max_length=6)),
                ('author_id', models.CharField(max_length=20)),
                ('author_name', models.CharField(max_length=100)),
                ('author_office', models.CharField(max_length=100)),
                ('recorded_at', models.DateTimeField()),
                ('addressee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.addressee')),
                ('corrects', models.OneToOneField(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.contact')),
            ],
            options={
                'db_table': 'registry_contact',
            },
        ),
        migrations.CreateModel(
            name='ContactDone',
            fields=[
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='registry.contact')),
                ('note', models.CharField(max_length=200)),
                ('author_id', models.CharField(max_length=20)),
                ('author_name', models.CharField(max_length=100)),
                ('author_office', models.CharField(max_length=100)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'registry_contact_done',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('note', ''), _negated=True), models.Q(('author_id', ''), _negated=True)), name='contact_done_said')],
            },
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('follow_up_on__isnull', False)), fields=['follow_up_on'], name='contact_follow_up'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ('counter', 'phone', 'mail', 'other'))), name='contact_way'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content', ''), _negated=True), models.Q(('subject', ''), _negated=True)), name='contact_said'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('author_id', ''), _negated=True), name='contact_author'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('follow_up_on__isnull', True), ('follow_up_on__gte', models.F('contacted_on')), _connector='OR'), name='contact_follow_up_after'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(fields=('id', 'addressee'), name='contact_of_person'),
        ),
        migrations.RunSQL(
            append_only_statements(APPEND_ONLY, function="registry_contact_append_only") + SAME_PERSON, UNDO
        ),
    ]
