import django.core.validators
from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("members", "0012_warm_up_and_bounces")]
    operations = [
        migrations.CreateModel(
            name="MailDomain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "domain",
                    models.CharField(
                        help_text="Such as example.com. It also stands for mail.example.com.",
                        max_length=200,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9]$",
                                "Write the domain alone, such as example.com.",
                            )
                        ],
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("employer", "an employer's"), ("disposable", "thrown away after use")],
                        help_text="Of an employer's: who types an address there is asked for a personal one, and may keep it. Thrown away: only staff see it, in the list of subscriptions.",
                        max_length=10,
                    ),
                ),
                (
                    "label",
                    models.CharField(blank=True, help_text="Whose it is, such as AT&T.", max_length=100),
                ),
            ],
            options={
                "verbose_name": "mail domain",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("domain", Lower("domain"))), name="members_maildomain_lower"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["employer", "disposable"])), name="members_maildomain_kind"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="subscription",
            name="reminded_at",
            field=models.DateTimeField(blank=True, help_text="When they were written to once more.", null=True),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("status", "pending")),
                fields=["asked_at"],
                name="members_subscription_waiting",
            ),
        ),
    ]
