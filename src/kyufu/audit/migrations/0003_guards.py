"""Steps of a review apply themselves; the reader answers, and somebody else closes."""

from django.db import migrations

from kyufu.audit.review_states import REVIEWS
from kyufu.platform.transitions import append_only_statements, guard_statements, unguard_statements

# That the second person differs holds against every way of writing, not only against the screen.
OTHER_PERSON = """
CREATE FUNCTION reading_review_persons() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE reader text;
BEGIN
  SELECT reader_id INTO reader FROM reading_review WHERE id = NEW.subject_id;
  IF NEW.to_state = 'answered' AND NEW.actor_id <> reader OR NEW.to_state = 'closed' AND NEW.actor_id = reader THEN
    RAISE EXCEPTION 'reading_review: answered by the reader, closed by another' USING ERRCODE = 'KY403';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reading_review_persons BEFORE INSERT ON reading_review_transition
  FOR EACH ROW EXECUTE FUNCTION reading_review_persons();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_log"), ("platform", "0001_initial")]

    operations = [
        migrations.RunSQL(guard_statements(REVIEWS), unguard_statements(REVIEWS)),
        migrations.RunSQL(
            OTHER_PERSON
            + append_only_statements(("reading_review_transition",), function="reading_review_append_only"),
            "DROP FUNCTION reading_review_persons() CASCADE; DROP FUNCTION reading_review_append_only() CASCADE;",
        ),
    ]
