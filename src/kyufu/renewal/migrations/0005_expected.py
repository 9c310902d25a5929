"""Nobody approves what was not held against the expectation, nor without a reason what lies outside of it."""

from django.db import migrations

from kyufu.platform.transitions import append_only_statements

FUNCTION = "renewal_expectation_append_only"
# Of a replay nothing takes effect: no share is expected of it.
EXPECTED = """
CREATE FUNCTION renewal_expected() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE compared bigint; outside bigint;
BEGIN
  IF NEW.approved_by IS NULL OR NEW.kind = 'replay' THEN
    RETURN NEW;
  END IF;
  SELECT count(*), count(*) FILTER (WHERE is_outside) INTO compared, outside
    FROM renewal_expectation WHERE renewal_id = NEW.id;
  IF compared = 0 THEN
    RAISE EXCEPTION 'renewal_renewal: approved without a comparison with the expectation' USING ERRCODE = 'KY403';
  END IF;
  IF outside > 0 AND btrim(NEW.approved_why, E' \\t\\n　') = '' THEN
    RAISE EXCEPTION 'renewal_renewal: outside of the expectation, approved without a reason' USING ERRCODE = 'KY403';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER renewal_expected BEFORE INSERT OR UPDATE ON renewal_renewal
  FOR EACH ROW EXECUTE FUNCTION renewal_expected();
"""
UNDO = f"""
DROP FUNCTION IF EXISTS renewal_expected() CASCADE;
DROP FUNCTION IF EXISTS {FUNCTION}() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("renewal", "0004_expectation")]

    operations = [
        migrations.RunSQL(
            append_only_statements(("renewal_expectation",), function=FUNCTION) + EXPECTED, UNDO
        ),
    ]
