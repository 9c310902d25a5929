"""Recorded facts stand as written: the only change the database lets through is the end of `recorded`, once."""

from django.db import migrations

TABLES = (
    "evidence_income",
    "evidence_insurance",
    "evidence_public_assistance",
    "evidence_other_scheme",
)
FUNCTION = """
CREATE FUNCTION evidence_close_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded)
     AND lower(NEW.recorded) = lower(OLD.recorded)
     AND to_jsonb(NEW) - 'recorded' = to_jsonb(OLD) - 'recorded' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '%: a fact is only ever closed, once', TG_TABLE_NAME USING ERRCODE = 'KY403';
END $$;
"""
TRIGGERS = "".join(
    f"CREATE TRIGGER {table}_close_only BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION evidence_close_only();\n"
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION + TRIGGERS, "DROP FUNCTION IF EXISTS evidence_close_only() CASCADE;"),
    ]
