"""A confirmed change stands as written; an estimate is ended once and then stands too."""

from django.db import migrations

from kyufu.platform.transitions import append_only_statements

ENDED_ONCE = """
CREATE FUNCTION ordinance_estimate_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'running' OR NEW.state = 'running'
     OR to_jsonb(NEW) - '{state,ended_at,base_hash,counts,gaining,losing}'::text[]
        IS DISTINCT FROM to_jsonb(OLD) - '{state,ended_at,base_hash,counts,gaining,losing}'::text[] THEN
    RAISE EXCEPTION 'ordinance_estimate: an estimate is ended once' USING ERRCODE = 'KY403';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ordinance_estimate_ends_once BEFORE UPDATE OR DELETE ON ordinance_estimate
  FOR EACH ROW EXECUTE FUNCTION ordinance_estimate_ends_once();
"""


class Migration(migrations.Migration):
    dependencies = (("ordinance", "0001_initial"),)

    operations = (
        migrations.RunSQL(
            append_only_statements(("ordinance_change",), function="ordinance_append_only") + ENDED_ONCE,
            "DROP FUNCTION IF EXISTS ordinance_append_only() CASCADE;"
            "DROP FUNCTION IF EXISTS ordinance_estimate_ends_once() CASCADE;",
        ),
    )
