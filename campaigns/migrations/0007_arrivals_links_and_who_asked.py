"""What locals say of boxes that came, how many links somebody has had, who asked for a change."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("campaigns", "0006_registrations_without_places"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            model_name='changerequest',
            name='asked_by',
            field=models.CharField(blank=True, help_text='Whose link it was asked by.', max_length=100),
        ),
        migrations.AddField(
            model_name='colleague',
            name='link_number',
            field=models.PositiveSmallIntegerField(default=1, editable=False, help_text='How many links they have had.'),
        ),
        migrations.AddField(
            model_name='registration',
            name='link_number',
            field=models.PositiveSmallIntegerField(default=1, editable=False, help_text='How many private links its contact has had; only the last one opens.'),
        ),
        migrations.CreateModel(
            name='Arrival',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('all-here', 'all here'), ('missing', 'something is missing')], max_length=8)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('told_by', models.CharField(help_text='Whose link it was said by.', max_length=100)),
                ('told_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('box', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='arrival', to='campaigns.box')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ArrivalGap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField()),
                ('arrival', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='gaps', to='campaigns.arrival')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.item')),
            ],
        ),
        migrations.AddConstraint(
            model_name='arrival',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ['all-here', 'missing'])), name='campaigns_arrival_answer'),
        ),
        migrations.AddConstraint(
            model_name='arrival',
            constraint=models.CheckConstraint(condition=models.Q(('answer', 'missing'), ('settled_at', None), _connector='OR'), name='campaigns_arrival_settled'),
        ),
        migrations.AddConstraint(
            model_name='arrival',
            constraint=models.CheckConstraint(condition=models.Q(('settled_at__isnull', False), ('settled_by', None), _connector='OR'), name='campaigns_arrival_settled_by'),
        ),
        migrations.AddConstraint(
            model_name='arrivalgap',
            constraint=models.UniqueConstraint(fields=('arrival', 'item'), name='campaigns_arrivalgap_once'),
        ),
        migrations.AddConstraint(
            model_name='arrivalgap',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='campaigns_arrivalgap_quantity'),
        ),
    ]
