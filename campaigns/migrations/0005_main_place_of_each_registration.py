"""What each registration said of where its box goes becomes its main place, and its boxes go there."""

from django.db import migrations

PLACES = """
    INSERT INTO campaigns_shipto (
        registration_id, position, label, name, address1, address2, city, state, zip_code, receiving_hours, is_home,
        standard, uses_standard, verdict, doubts, judged_by_staff
    )
    SELECT id, 1, '', ship_name, ship_address1, ship_address2, ship_city, ship_state, ship_zip, receiving_hours, false,
           '{}', false, 'ask', '[]', false
    FROM campaigns_registration AS registration
    WHERE NOT EXISTS (SELECT FROM campaigns_shipto WHERE registration_id = registration.id AND position = 1)
"""
BOXES = """
    UPDATE campaigns_box AS box SET place_id = place.id FROM campaigns_shipto AS place
    WHERE place.registration_id = box.registration_id AND place.position = 1 AND box.place_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0004_places_kits_waves_reports")]
    operations = [
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
        migrations.RunSQL(BOXES, migrations.RunSQL.noop),
    ]
