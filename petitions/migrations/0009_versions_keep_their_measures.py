"""Texts that were published before ask for what their petition asks for; from now on each keeps its own.

Only INSERT and UPDATE are refused: rows leave with their version, and nothing of ours deletes them by themselves.
"""

from django.db import migrations

FORWARDS = """
INSERT INTO petitions_versionmeasure (version_id, measure_id)
SELECT version.id, asked.measure_id
FROM petitions_petitionversion AS version
JOIN petitions_petition_measures AS asked ON asked.petition_id = version.petition_id
WHERE version.published_at IS NOT NULL
ON CONFLICT DO NOTHING;
CREATE FUNCTION petitions_refuse_new_measures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM petitions_petitionversion WHERE id = NEW.version_id AND published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'What a published text asks for never changes; write a new version'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER petitions_versionmeasure_final BEFORE INSERT OR UPDATE ON petitions_versionmeasure
    FOR EACH ROW EXECUTE FUNCTION petitions_refuse_new_measures();
"""
BACKWARDS = """
DROP TRIGGER petitions_versionmeasure_final ON petitions_versionmeasure;
DROP FUNCTION petitions_refuse_new_measures();
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0008_successors_and_reviews")]

    operations = [migrations.RunSQL(sql=FORWARDS, reverse_sql=BACKWARDS)]
