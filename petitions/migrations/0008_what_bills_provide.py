"""What each bill provides, in plain words."""

import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('petitions', '0008_index_of_unlooked_signatures'),
    ]

    operations = [
        migrations.CreateModel(
            name='Provision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(help_text='1 comes first.')),
                ('text', models.CharField(help_text='One short sentence.', max_length=300)),
                ('text_es', models.CharField(blank=True, help_text='Empty: as in English.', max_length=300, verbose_name='text (Spanish)')),
                ('measure', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='provisions', to='petitions.measure')),
            ],
            options={
                'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('measure', 'position'), name='petitions_provision_position'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='petitions_provision_text')],
            },
        ),
    ]
