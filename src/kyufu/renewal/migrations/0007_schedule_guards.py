"""A schedule stands as it was proposed: what the second person saw is what plans. Its steps apply themselves."""

from django.db import migrations

from kyufu.platform.transitions import append_only_statements, guard_statements, unguard_statements
from kyufu.renewal.states import SCHEDULES

FUNCTION = "renewal_schedule_append_only"
STANDS = """
CREATE FUNCTION renewal_schedule_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.kind, NEW.month, NEW.day, NEW.lead_days, NEW.issue_days, NEW.judges, NEW.proposed_by, NEW.proposed_account)
     IS DISTINCT FROM
     (OLD.kind, OLD.month, OLD.day, OLD.lead_days, OLD.issue_days, OLD.judges, OLD.proposed_by, OLD.proposed_account)
  THEN
    RAISE EXCEPTION 'renewal_schedule: stands as it was proposed' USING ERRCODE = 'KY403';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER renewal_schedule_stands BEFORE UPDATE ON renewal_schedule
  FOR EACH ROW EXECUTE FUNCTION renewal_schedule_stands();
"""
UNDO = f"""
DROP FUNCTION IF EXISTS renewal_schedule_stands() CASCADE;
DROP FUNCTION IF EXISTS {FUNCTION}() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("renewal", "0006_schedule")]

    operations = [
        migrations.RunSQL(
            append_only_statements(("renewal_schedule_transition",), function=FUNCTION) + STANDS, UNDO
        ),
        migrations.RunSQL(guard_statements(SCHEDULES), unguard_statements(SCHEDULES)),
    ]
