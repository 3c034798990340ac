"""Calls to Congress by day; reminders; how a signer wants the comment to be signed, for old rows as before."""

import django.db.models.deletion
import django.utils.timezone
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("petitions", "0013_fraud_desk_and_surge"), ("members", "0017_source_codes")]

    operations = [
        migrations.CreateModel(
            name='CallTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('talked', 'I talked with somebody'), ('message', 'I left a message'), ('nobody', 'Nobody answered')], max_length=7)),
                ('made_on', models.DateField(default=django.utils.timezone.localdate)),
                ('count', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name_plural': 'calls',
            },
        ),
        migrations.AddField(
            model_name='signature',
            name='reminders_sent',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='How many of the two reminders are behind them.'),
        ),
        migrations.AddField(
            model_name='signature',
            name='shown_as',
            field=models.CharField(blank=True, choices=[('', 'my state'), ('city', 'my city and state'), ('first', 'nothing; of my name only the first name'), ('worker', '“Verified call-center worker” and my district, without my name')], db_default='', default='', help_text='How the signer wants the comment to be signed.', max_length=6, verbose_name='shown with'),
        ),
        migrations.AddField(
            model_name='signature',
            name='story_place',
            field=models.CharField(blank=True, db_default='', default='', help_text='The city or district under the comment, where it was shared by five or more when staff chose it.', max_length=80),
        ),
        migrations.AlterField(
            model_name='signature',
            name='letters_sent',
            field=models.PositiveSmallIntegerField(default=0, help_text='About this signature, of every kind; from zero again after it was withdrawn.'),
        ),
        AddConstraintNotValid(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(('shown_as__in', ['', 'city', 'first', 'worker'])), name='petitions_signature_shown_as'),
        ),
        AddConstraintNotValid(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(('reminders_sent__lte', 2)), name='petitions_signature_reminders'),
        ),
        migrations.AddField(
            model_name='calltally',
            name='legislator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='petitions.legislator'),
        ),
        migrations.AddField(
            model_name='calltally',
            name='petition',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='petitions.petition'),
        ),
        migrations.AddConstraint(
            model_name='calltally',
            constraint=models.UniqueConstraint(fields=('petition', 'legislator', 'made_on', 'outcome'), name='petitions_calltally_once'),
        ),
        migrations.AddConstraint(
            model_name='calltally',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['talked', 'message', 'nobody'])), name='petitions_calltally_outcome'),
        ),
    ]
