"""The log's tables: insert-only, in partitions by month, with a default partition so that nothing is ever refused."""

from django.db import migrations

from kyufu.audit.tables_sql import CREATE, DROP


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
