"""Places that boxes go to, kits, waves, stock, reports. What a registration said of its place moves in the next one."""

import csan.lib.addresses
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '__first__'),
        ('campaigns', '0003_paths_without_backslashes'),
        ('members', '0017_source_codes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(help_text='Code of why: address, count, duplicate, help, late, report.', max_length=20)),
                ('note', models.TextField(blank=True)),
                ('due_on', models.DateField(blank=True, help_text='To be made on this day.', null=True)),
                ('made_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='campaigns.registration')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('due_on__isnull', False), ('made_at__isnull', False), _connector='OR'), name='campaigns_call_when')],
            },
        ),
        migrations.CreateModel(
            name='CarrierProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('carrier', models.CharField(choices=[('ups', 'UPS'), ('fedex', 'FedEx'), ('usps', 'USPS'), ('other', 'another carrier')], max_length=5)),
                ('columns', models.JSONField(default=list)),
                ('tracking_columns', models.JSONField(default=dict, help_text='In the file that comes back: heading of the code, number, day, carrier.')),
                ('note', models.CharField(blank=True, help_text='Limits of theirs, and where they are written.', max_length=300)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('carrier__in', ['ups', 'fedex', 'usps', 'other'])), name='campaigns_carrierprofile_carrier')],
            },
        ),
        migrations.CreateModel(
            name='ChangeRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('asked', 'waits for staff'), ('approved', 'made'), ('declined', 'declined'), ('taken-back', 'taken back by the local')], default='asked', max_length=10)),
                ('wanted', models.JSONField(help_text='The fields that would change, with their new values.')),
                ('why', models.CharField(blank=True, max_length=300)),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='change_requests', to='campaigns.registration')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'asked')), fields=('registration',), name='campaigns_changerequest_one_open'), models.CheckConstraint(condition=models.Q(('status__in', ['asked', 'approved', 'declined', 'taken-back'])), name='campaigns_changerequest_status'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('status', 'asked')), models.Q(models.Q(('status', 'asked'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='campaigns_changerequest_decided')],
            },
        ),
        migrations.CreateModel(
            name='Colleague',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('role', models.CharField(blank=True, max_length=100)),
                ('email', models.EmailField(max_length=254)),
                ('key', models.CharField(default=csan.lib.addresses.new_key, editable=False, max_length=32, unique=True)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('removed_at', models.DateTimeField(blank=True, help_text='Since when the link is dead.', null=True)),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='colleagues', to='campaigns.registration')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('registration', 'email'), name='campaigns_colleague_once'), models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='campaigns_colleague_email_lower')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.SlugField(help_text='Short and lasting, such as sticker-red.', max_length=40, unique=True, verbose_name='SKU')),
                ('name', models.CharField(max_length=120)),
                ('name_es', models.CharField(blank=True, help_text='Empty: as in English.', max_length=120, verbose_name='name (Spanish)')),
                ('unit', models.CharField(default='piece', help_text='What one of it is: a button, a sheet.', max_length=40)),
                ('pack_size', models.PositiveIntegerField(default=1, help_text='How many come in a pack.')),
                ('weight_grams', models.PositiveIntegerField(default=0, help_text='Of one.')),
                ('low_at', models.PositiveIntegerField(default=0, help_text='Staff are told when there are fewer.')),
                ('on_hand', models.PositiveIntegerField(default=0, editable=False)),
                ('is_retired', models.BooleanField(default=False, help_text='No longer packed.')),
                ('print_twin', models.ForeignKey(blank=True, help_text='The same thing to print oneself.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='campaigns.toolkititem')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pack_size__gt', 0)), name='campaigns_item_pack_size'), models.CheckConstraint(condition=models.Q(('on_hand__gte', 0)), name='campaigns_item_on_hand')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('took_part', models.BooleanField(blank=True, help_text='Empty: not answered yet.', null=True)),
                ('headcount', models.PositiveIntegerField(blank=True, null=True)),
                ('sentence', models.CharField(blank=True, help_text='How it was, in one sentence.', max_length=300)),
                ('may_be_shown', models.BooleanField(default=False, help_text='The local agreed to be on the public wall.')),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(blank=True, help_text='When the local said that it is done.', null=True)),
                ('approved_at', models.DateTimeField(blank=True, help_text='Since when staff let it be shown.', null=True)),
                ('registration', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='report', to='campaigns.registration')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('approved_at', None), ('may_be_shown', True), _connector='OR'), name='campaigns_report_approved')],
            },
        ),
        migrations.CreateModel(
            name='ShipTo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1, help_text='1 is the main place.')),
                ('label', models.CharField(blank=True, help_text='Of a branch: what the local calls it.', max_length=80)),
                ('members_count', models.PositiveIntegerField(blank=True, help_text='Members served from here; empty: all that no other place serves.', null=True)),
                ('name', models.CharField(max_length=100, verbose_name='attention of')),
                ('address1', models.CharField(max_length=100, verbose_name='street address')),
                ('address2', models.CharField(blank=True, max_length=100, verbose_name='suite, floor, building')),
                ('city', models.CharField(max_length=80)),
                ('state', models.CharField(max_length=2)),
                ('zip_code', models.CharField(max_length=10, verbose_name='ZIP code')),
                ('receiving_hours', models.CharField(blank=True, max_length=200)),
                ('is_home', models.BooleanField(default=False, help_text="Somebody's home: private, erased after delivery.")),
                ('standard', models.JSONField(blank=True, default=dict, help_text='The same lines by USPS Publication 28; empty where we are not sure.')),
                ('uses_standard', models.BooleanField(default=False, help_text='The officer chose the standard form for the label.')),
                ('verdict', models.CharField(choices=[('safe', 'a parcel can be delivered there'), ('ask', 'to be asked about'), ('unsafe', 'no parcel carrier delivers there')], default='ask', max_length=6)),
                ('doubts', models.JSONField(blank=True, default=list, help_text='Codes of what made us ask.')),
                ('judged_by_staff', models.BooleanField(default=False, help_text='Staff said so; a new look does not change it.')),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='campaigns.registration')),
            ],
            options={
                'verbose_name': 'place',
                'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('registration', 'position'), name='campaigns_shipto_position'), models.CheckConstraint(condition=models.Q(('verdict__in', ['safe', 'ask', 'unsafe'])), name='campaigns_shipto_verdict'), models.CheckConstraint(condition=models.Q(('members_count', None), ('members_count__gt', 0), _connector='OR'), name='campaigns_shipto_members'), models.CheckConstraint(condition=models.Q(('erased_at', None), models.Q(('address1', ''), ('address2', ''), ('is_home', True), ('name', ''), ('standard', {})), _connector='OR'), name='campaigns_shipto_erased'), models.CheckConstraint(condition=models.Q(('uses_standard', False), models.Q(('standard', {}), _negated=True), _connector='OR'), name='campaigns_shipto_standard')],
            },
        ),
        migrations.CreateModel(
            name='BoxLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('ticked_at', models.DateTimeField(blank=True, help_text='When who packs laid it in.', null=True)),
                ('box', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='campaigns.box')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.item')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('box', 'item'), name='campaigns_boxline_once'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='campaigns_boxline_quantity')],
            },
        ),
        migrations.CreateModel(
            name='ItemReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('left_over', models.PositiveIntegerField(default=0)),
                ('short', models.PositiveIntegerField(default=0)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='campaigns.item')),
                ('report', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='campaigns.report')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('report', 'item'), name='campaigns_itemreport_once'), models.CheckConstraint(condition=models.Q(('left_over', 0), ('short', 0), _connector='OR'), name='campaigns_itemreport_either')],
            },
        ),
        migrations.CreateModel(
            name='KitRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('per-place', 'so many for each place'), ('per-local', 'so many for each local, to its main place'), ('per-member', 'so many for each member'), ('one-per', 'one for every so many members')], max_length=10)),
                ('amount', models.PositiveIntegerField(default=1, help_text='How many; for “one for every”: every how many members.')),
                ('over_percent', models.PositiveSmallIntegerField(default=0, help_text='Percent on top.', verbose_name='over-supply')),
                ('minimum', models.PositiveIntegerField(default=0)),
                ('maximum', models.PositiveIntegerField(blank=True, null=True)),
                ('rounds_to_pack', models.BooleanField(default=False, help_text='Rounded up to whole packs.')),
                ('districts', models.CharField(blank=True, help_text='Only these, such as 3, 6; empty: all.', max_length=60)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kit_rules', to='campaigns.item')),
                ('task', models.ForeignKey(blank=True, help_text='Only locals that pledged it; empty: all.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.weektask')),
                ('week', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kit_rules', to='campaigns.weekofaction')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['per-place', 'per-local', 'per-member', 'one-per'])), name='campaigns_kitrule_kind'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='campaigns_kitrule_amount'), models.CheckConstraint(condition=models.Q(('maximum', None), ('maximum__gte', models.F('minimum')), _connector='OR'), name='campaigns_kitrule_maximum', violation_error_message='The most is no less than the least.')],
            },
        ),
        migrations.CreateModel(
            name='ReportPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('caption', models.CharField(blank=True, max_length=200)),
                ('has_consent', models.BooleanField(help_text='Everybody who can be recognised said yes.')),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('picture', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.picture')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='campaigns.report')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('approved_at', None), ('has_consent', True), _connector='OR'), name='campaigns_reportphoto_consent')],
            },
        ),
        migrations.CreateModel(
            name='StockMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.IntegerField(help_text='Pieces; below zero for what goes.')),
                ('kind', models.CharField(choices=[('received', 'came in'), ('allocated', 'set aside for boxes'), ('released', 'given back by boxes'), ('counted', 'counted anew'), ('written-off', 'damaged or lost')], max_length=11)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='campaigns.item')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='campaigns_stockmove_amount'), models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('kind', 'received')), models.Q(('amount__lt', 0), ('kind', 'allocated')), models.Q(('amount__gt', 0), ('kind', 'released')), models.Q(('amount__lt', 0), ('kind', 'written-off')), ('kind', 'counted'), _connector='OR'), name='campaigns_stockmove_kind')],
            },
        ),
        migrations.CreateModel(
            name='TaskReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was_done', models.BooleanField()),
                ('number', models.PositiveIntegerField(blank=True, help_text='Signatures, letters, e-mails, posts.', null=True)),
                ('evidence', models.CharField(blank=True, max_length=300)),
                ('report', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='campaigns.report')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='campaigns.weektask')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('report', 'task'), name='campaigns_taskreport_once')],
            },
        ),
        migrations.CreateModel(
            name='TrackingFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filename', models.CharField(max_length=200)),
                ('digest', models.CharField(help_text='SHA-256 of the file: the same file twice is said so.', max_length=64)),
                ('status', models.CharField(choices=[('checked', 'looked through'), ('done', 'taken in'), ('cancelled', 'cancelled')], default='checked', max_length=9)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.carrierprofile')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['checked', 'done', 'cancelled'])), name='campaigns_trackingfile_status'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('status', 'checked')), models.Q(models.Q(('status', 'checked'), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='campaigns_trackingfile_finished')],
            },
        ),
        migrations.CreateModel(
            name='Wave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('status', models.CharField(choices=[('open', 'being put together'), ('allocated', 'materials set aside'), ('frozen', 'frozen: being packed'), ('done', 'all boxes have left'), ('cancelled', 'cancelled')], default='open', editable=False, max_length=9)),
                ('policy', models.CharField(choices=[('pro-rata', 'everybody gets the same share'), ('first-come', 'who registered first'), ('minimum-first', 'the least for everybody first, then the same share'), ('by-hand', 'as staff wrote')], default='pro-rata', max_length=13, verbose_name='where there is too little')),
                ('reason', models.CharField(blank=True, help_text='Why this policy, and why by hand; it is kept.', max_length=300)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('frozen_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('frozen_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('places', models.ManyToManyField(blank=True, related_name='waves', to='campaigns.shipto')),
                ('week', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waves', to='campaigns.weekofaction')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('week', 'number'), name='campaigns_wave_number'), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'allocated', 'frozen', 'done', 'cancelled'])), name='campaigns_wave_status'), models.CheckConstraint(condition=models.Q(('policy__in', ['pro-rata', 'first-come', 'minimum-first', 'by-hand'])), name='campaigns_wave_policy'), models.CheckConstraint(condition=models.Q(models.Q(('frozen_at__isnull', False), ('status__in', ['frozen', 'done'])), models.Q(models.Q(('status__in', ['frozen', 'done']), _negated=True), ('frozen_at__isnull', True)), _connector='OR'), name='campaigns_wave_frozen')],
            },
        ),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wanted', models.PositiveIntegerField()),
                ('given', models.PositiveIntegerField()),
                ('reason', models.CharField(help_text='Such as 143 members + 5 % = 151 → 16 packs of 10.', max_length=300)),
                ('is_by_hand', models.BooleanField(default=False)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='campaigns.item')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='campaigns.shipto')),
                ('wave', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='allocations', to='campaigns.wave')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('wave', 'place', 'item'), name='campaigns_allocation_once')],
            },
        ),
        migrations.CreateModel(
            name='TrackingRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='Of the line in the file.')),
                ('code', models.CharField(blank=True, max_length=40)),
                ('carrier', models.CharField(blank=True, max_length=5)),
                ('tracking_number', models.CharField(blank=True, max_length=40)),
                ('notifies', models.BooleanField(default=True, help_text='The local is written to.')),
                ('outcome', models.CharField(help_text='ready, shipped, known, unknown-box, taken, broken …', max_length=12)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('box', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.box')),
                ('file', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='campaigns.trackingfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('file', 'number'), name='campaigns_trackingrow_once')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='box',
            name='campaigns_box_living',
        ),
        migrations.RemoveConstraint(
            model_name='box',
            name='campaigns_box_status',
        ),
        migrations.AddField(
            model_name='registration',
            name='extended_until',
            field=models.DateField(blank=True, help_text="A freeze day of its own, which staff gave it; empty: the week's.", null=True),
        ),
        migrations.AddField(
            model_name='box',
            name='checked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='box',
            name='checked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='box',
            name='labels_printed',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='box',
            name='packed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='box',
            name='packed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='box',
            name='part',
            field=models.PositiveSmallIntegerField(default=1, help_text='1 of a box that was not split.'),
        ),
        migrations.AddField(
            model_name='box',
            name='slips_printed',
            field=models.PositiveSmallIntegerField(default=0, help_text='From the second on they say COPY.'),
        ),
        migrations.AlterField(
            model_name='box',
            name='status',
            field=models.CharField(choices=[('planned', 'planned'), ('packed', 'packed'), ('checked', 'packed and checked'), ('shipped', 'shipped'), ('delivered', 'delivered'), ('lost', 'lost'), ('returned', 'returned to us'), ('cancelled', 'cancelled')], default='planned', max_length=9),
        ),
        migrations.AddField(
            model_name='box',
            name='place',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='boxes', to='campaigns.shipto'),
        ),
        migrations.AddField(
            model_name='box',
            name='wave',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='boxes', to='campaigns.wave'),
        ),
        migrations.AddConstraint(
            model_name='box',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['planned', 'packed', 'checked', 'shipped', 'delivered'])), fields=('place', 'wave', 'part'), name='campaigns_box_living', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='box',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'packed', 'checked', 'shipped', 'delivered', 'lost', 'returned', 'cancelled'])), name='campaigns_box_status'),
        ),
        migrations.AddConstraint(
            model_name='box',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'checked'), _negated=True), ('checked_at__isnull', False), _connector='OR'), name='campaigns_box_checked'),
        ),
        migrations.AddConstraint(
            model_name='box',
            constraint=models.CheckConstraint(condition=models.Q(('checked_by', None), ('packed_by', None), models.Q(('checked_by', models.F('packed_by')), _negated=True), _connector='OR'), name='campaigns_box_checked_by_another'),
        ),
    ]
