"""A bill's line through the Congresses, a petition's points, the state of a signature, comments that staff show."""

import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('petitions', '0002_published_texts_are_final'),
    ]

    operations = [
        migrations.CreateModel(
            name='MeasureEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('happened_on', models.DateField()),
                ('what', models.CharField(help_text='One short sentence.', max_length=300)),
                ('what_es', models.CharField(blank=True, help_text='Empty: as in English.', max_length=300, verbose_name='what (Spanish)')),
                ('source_url', models.CharField(blank=True, help_text='The page that says so; begins with https://.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='source')),
            ],
            options={
                'verbose_name': 'event',
            },
        ),
        migrations.CreateModel(
            name='PetitionPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(help_text='1 comes first.')),
                ('icon', models.CharField(choices=[('where', 'a place on the map'), ('choose', 'a choice'), ('money', 'money'), ('people', 'people'), ('calendar', 'a date'), ('lock', 'a lock')], max_length=8)),
                ('title', models.CharField(max_length=80)),
                ('text', models.CharField(max_length=300)),
                ('title_es', models.CharField(blank=True, help_text='Empty: as in English.', max_length=80, verbose_name='title (Spanish)')),
                ('text_es', models.CharField(blank=True, help_text='Empty: as in English.', max_length=300, verbose_name='text (Spanish)')),
            ],
            options={
                'verbose_name': 'point',
            },
        ),
        migrations.AlterModelOptions(
            name='signature',
            options={'permissions': [('review_signature', 'Can set signatures aside and reinstate them'), ('export_signature', 'Can export signatures'), ('show_story', "Can show signers' comments in public")]},
        ),
        migrations.RemoveConstraint(
            model_name='tally',
            name='petitions_tally_dimension',
        ),
        migrations.RemoveConstraint(
            model_name='tallydelta',
            name='petitions_tallydelta_dimension',
        ),
        migrations.AddField(
            model_name='measure',
            name='lead',
            field=models.CharField(blank=True, help_text='Who leads it in Congress, such as Rep. Gene Green (TX).', max_length=200),
        ),
        migrations.AddField(
            model_name='measure',
            name='successor',
            field=models.ForeignKey(blank=True, help_text='The bill of a later Congress that asks for the same: bills die with their Congress.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='predecessors', to='petitions.measure'),
        ),
        migrations.AddField(
            model_name='measure',
            name='url',
            field=models.CharField(blank=True, help_text='Where to read the bill; begins with https://.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='address'),
        ),
        migrations.AddField(
            model_name='signature',
            name='state',
            field=models.CharField(blank=True, db_default='', default='', help_text='Of the ZIP code; empty where it is unknown.', max_length=2),
        ),
        migrations.AddField(
            model_name='signature',
            name='story_shown_at',
            field=models.DateTimeField(blank=True, help_text="Since when staff show the comment on the petition's page.", null=True),
        ),
        migrations.AlterField(
            model_name='tally',
            name='dimension',
            field=models.CharField(choices=[('total', 'total'), ('state', 'state')], default='total', max_length=12),
        ),
        migrations.AlterField(
            model_name='tallydelta',
            name='dimension',
            field=models.CharField(choices=[('total', 'total'), ('state', 'state')], default='total', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(('companion__isnull', True), models.Q(('companion', models.F('id')), _negated=True), _connector='OR'), name='petitions_measure_companion'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(('successor__isnull', True), models.Q(('successor', models.F('id')), _negated=True), _connector='OR'), name='petitions_measure_successor'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(('url', ''), ('url__startswith', 'https://'), _connector='OR'), name='petitions_measure_url', violation_error_message='The address begins with https://.'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.CheckConstraint(condition=models.Q(('dimension__in', ['total', 'state'])), name='petitions_tally_dimension'),
        ),
        migrations.AddConstraint(
            model_name='tallydelta',
            constraint=models.CheckConstraint(condition=models.Q(('dimension__in', ['total', 'state'])), name='petitions_tallydelta_dimension'),
        ),
        migrations.AddField(
            model_name='measureevent',
            name='measure',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='petitions.measure'),
        ),
        migrations.AddField(
            model_name='petitionpoint',
            name='petition',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='points', to='petitions.petition'),
        ),
        migrations.AddConstraint(
            model_name='measureevent',
            constraint=models.CheckConstraint(condition=models.Q(('what', ''), _negated=True), name='petitions_measureevent_what'),
        ),
        migrations.AddConstraint(
            model_name='measureevent',
            constraint=models.CheckConstraint(condition=models.Q(('source_url', ''), ('source_url__startswith', 'https://'), _connector='OR'), name='petitions_measureevent_source', violation_error_message='The address begins with https://.'),
        ),
        migrations.AddConstraint(
            model_name='measureevent',
            constraint=models.UniqueConstraint(fields=('measure', 'happened_on', 'what'), name='petitions_measureevent_once'),
        ),
        migrations.AddConstraint(
            model_name='petitionpoint',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('petition', 'position'), name='petitions_petitionpoint_position'),
        ),
        migrations.AddConstraint(
            model_name='petitionpoint',
            constraint=models.CheckConstraint(condition=models.Q(('icon__in', ['where', 'choose', 'money', 'people', 'calendar', 'lock'])), name='petitions_petitionpoint_icon'),
        ),
        migrations.AddConstraint(
            model_name='petitionpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('text', ''), _negated=True)), name='petitions_petitionpoint_words'),
        ),
    ]
