import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0006_sections_of_items")]
    operations = [
        migrations.AlterField(
            model_name="issueitem",
            name="section",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="members.section"
            ),
        ),
    ]
