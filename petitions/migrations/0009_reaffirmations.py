"""Signers' own yes to a later bill."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('petitions', '0009_checks_of_shown_signatures'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reaffirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reaffirmed_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name='reaffirmation',
            name='measure',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reaffirmations', to='petitions.measure'),
        ),
        migrations.AddField(
            model_name='reaffirmation',
            name='signature',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reaffirmations', to='petitions.signature'),
        ),
        migrations.AddConstraint(
            model_name='reaffirmation',
            constraint=models.UniqueConstraint(fields=('signature', 'measure'), name='petitions_reaffirmation_once'),
        ),
    ]
