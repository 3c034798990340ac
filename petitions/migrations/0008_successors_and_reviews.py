"""When a bill dies with its Congress; and when the lines of districts change."""


import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("petitions", "0007_check_districts_of_old_signatures"), ("members", "0017_source_codes"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name='DistrictReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('import', 'districts were imported'), ('congress', 'a new Congress began')], max_length=8)),
                ('congress', models.PositiveSmallIntegerField(help_text='The one that was imported, or began.')),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_pk', models.BigIntegerField(default=0)),
                ('looked', models.PositiveIntegerField(default=0, help_text='Signatures looked up again.')),
                ('changed', models.PositiveIntegerField(default=0, help_text='Those that are in another district, or in none, now.')),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
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
        migrations.CreateModel(
            name='Reaffirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('candidates', models.PositiveIntegerField(default=0, help_text='Confirmed signatures when it moved.')),
                ('seen', models.PositiveIntegerField(default=0, help_text='Of them, those looked at.')),
                ('asked', models.PositiveIntegerField(default=0, help_text='Letters written.')),
                ('last_pk', models.BigIntegerField(default=0)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='VersionMeasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.AddIndex(
            model_name='districtreview',
            index=models.Index(condition=models.Q(('finished_at', None)), fields=['id'], name='petitions_districtreview_due'),
        ),
        migrations.AddConstraint(
            model_name='districtreview',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['import', 'congress'])), name='petitions_districtreview_reason'),
        ),
        migrations.AddConstraint(
            model_name='districtreview',
            constraint=models.UniqueConstraint(condition=models.Q(('reason', 'congress')), fields=('congress',), name='petitions_districtreview_congress'),
        ),
        migrations.AddConstraint(
            model_name='districtreview',
            constraint=models.CheckConstraint(condition=models.Q(('changed__lte', models.F('looked'))), name='petitions_districtreview_changed'),
        ),
        migrations.AddField(
            model_name='reaffirmation',
            name='measure',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reaffirmations', to='petitions.measure'),
        ),
        migrations.AddField(
            model_name='reaffirmation',
            name='signature',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reaffirmations', to='petitions.signature'),
        ),
        migrations.AddField(
            model_name='succession',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='succession',
            name='measure',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='petitions.measure'),
        ),
        migrations.AddField(
            model_name='succession',
            name='petition',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='successions', to='petitions.petition'),
        ),
        migrations.AddField(
            model_name='succession',
            name='version',
            field=models.ForeignKey(help_text='The first text that asks for it.', on_delete=django.db.models.deletion.CASCADE, related_name='+', to='petitions.petitionversion'),
        ),
        migrations.AddField(
            model_name='versionmeasure',
            name='measure',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='petitions.measure'),
        ),
        migrations.AddField(
            model_name='versionmeasure',
            name='version',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='petitions.petitionversion'),
        ),
        migrations.AddField(
            model_name='petitionversion',
            name='measures',
            field=models.ManyToManyField(editable=False, related_name='+', through='petitions.VersionMeasure', to='petitions.measure'),
        ),
        migrations.AddConstraint(
            model_name='reaffirmation',
            constraint=models.UniqueConstraint(fields=('signature', 'measure'), name='petitions_reaffirmation_once'),
        ),
        migrations.AddIndex(
            model_name='succession',
            index=models.Index(condition=models.Q(('finished_at', None)), fields=['id'], name='petitions_succession_due'),
        ),
        migrations.AddConstraint(
            model_name='succession',
            constraint=models.UniqueConstraint(fields=('petition', 'measure'), name='petitions_succession_once'),
        ),
        migrations.AddConstraint(
            model_name='succession',
            constraint=models.CheckConstraint(condition=models.Q(('asked__lte', models.F('seen'))), name='petitions_succession_asked'),
        ),
        migrations.AddConstraint(
            model_name='versionmeasure',
            constraint=models.UniqueConstraint(fields=('version', 'measure'), name='petitions_versionmeasure_once'),
        ),
    ]
