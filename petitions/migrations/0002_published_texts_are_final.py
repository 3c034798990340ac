"""What people signed cannot be rewritten: the database itself refuses to change a published text."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION petitions_refuse_new_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A published text of a petition never changes; write a new version'
        USING ERRCODE = 'check_violation';
END
$$;
CREATE TRIGGER petitions_petitionversion_final BEFORE UPDATE ON petitions_petitionversion
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL AND OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION petitions_refuse_new_words();
"""
BACKWARDS = """
DROP TRIGGER petitions_petitionversion_final ON petitions_petitionversion;
DROP FUNCTION petitions_refuse_new_words();
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0001_initial")]

    operations = [migrations.RunSQL(sql=FORWARDS, reverse_sql=BACKWARDS)]
