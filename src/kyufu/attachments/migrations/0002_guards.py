"""What a Django constraint cannot say: records stand, a content goes with its record and is deleted in its time only."""

from django.db import migrations

from kyufu.attachments.states import ATTACHMENTS
from kyufu.platform.transitions import append_only_statements, guard_statements, unguard_statements

APPEND_ONLY = ("attachments_attachment_transition", "attachments_refusal")

RECORD_STANDS = """
CREATE FUNCTION attachments_attachment_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'state' IS DISTINCT FROM to_jsonb(OLD) - 'state' THEN
    RAISE EXCEPTION 'attachments_attachment: a record is never rewritten' USING ERRCODE = 'KY403';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER attachments_attachment_stands BEFORE UPDATE OR DELETE ON attachments_attachment
  FOR EACH ROW EXECUTE FUNCTION attachments_attachment_stands();
"""

CONTENT_STANDS = """
CREATE FUNCTION attachments_content_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR NOT EXISTS (
    SELECT FROM attachments_attachment a WHERE a.id = OLD.attachment_id AND a.state = 'deleted'
  ) THEN
    RAISE EXCEPTION 'attachments_attachment_content: a content stands until it is deleted in its time'
      USING ERRCODE = 'KY403';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER attachments_content_stands BEFORE UPDATE OR DELETE ON attachments_attachment_content
  FOR EACH ROW EXECUTE FUNCTION attachments_content_stands();
"""

# Asked when the transaction commits: no record without its content, but for what was deleted.
NEVER_APART = """
CREATE FUNCTION attachments_never_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM attachments_attachment a WHERE a.id = NEW.id AND a.state <> 'deleted')
     AND NOT EXISTS (SELECT FROM attachments_attachment_content c WHERE c.attachment_id = NEW.id) THEN
    RAISE EXCEPTION 'attachments_attachment: a record without its content' USING ERRCODE = 'KY403';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER attachments_never_apart AFTER INSERT ON attachments_attachment
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION attachments_never_apart();
"""

UNDO = """
DROP FUNCTION IF EXISTS attachments_never_apart() CASCADE;
DROP FUNCTION IF EXISTS attachments_content_stands() CASCADE;
DROP FUNCTION IF EXISTS attachments_attachment_stands() CASCADE;
DROP FUNCTION IF EXISTS attachments_append_only() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("attachments", "0001_initial"), ("platform", "0001_initial")]

    operations = [
        migrations.RunSQL(
            append_only_statements(APPEND_ONLY, function="attachments_append_only")
            + RECORD_STANDS
            + CONTENT_STANDS
            + NEVER_APART,
            UNDO,
        ),
        migrations.RunSQL(guard_statements(ATTACHMENTS), unguard_statements(ATTACHMENTS)),
    ]
