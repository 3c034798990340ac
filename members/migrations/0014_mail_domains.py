from django.db import migrations

# The first ones; staff add to them and take them away. Employers of members, and their contractors. Domains that
# such a company also gives its customers (att.net, verizon.net, comcast.net) are personal and not here.
EMPLOYERS = {
    "att.com": "AT&T",
    "verizon.com": "Verizon",
    "verizonwireless.com": "Verizon Wireless",
    "frontier.com": "Frontier Communications",
    "ftr.com": "Frontier Communications",
    "lumen.com": "Lumen",
    "centurylink.com": "CenturyLink",
    "brightspeed.com": "Brightspeed",
    "t-mobile.com": "T-Mobile",
    "comcast.com": "Comcast",
    "charter.com": "Charter",
    "directv.com": "DirecTV",
    "dish.com": "Dish",
    "aa.com": "American Airlines",
    "envoyair.com": "Envoy Air",
    "alorica.com": "Alorica",
    "concentrix.com": "Concentrix",
    "teleperformance.com": "Teleperformance",
    "ttec.com": "TTEC",
    "conduent.com": "Conduent",
    "maximus.com": "Maximus",
}
DISPOSABLE = (
    "10minutemail.com", "dispostable.com", "fakeinbox.com", "getnada.com", "guerrillamail.com", "guerrillamail.net",
    "guerrillamail.org", "mailcatch.com", "maildrop.cc", "mailinator.com", "mailnesia.com", "mintemail.com",
    "moakt.com", "mohmal.com", "sharklasers.com", "spamgourmet.com", "temp-mail.org", "tempmail.com",
    "throwawaymail.com", "trashmail.com", "yopmail.com",
)  # fmt: skip


def add(apps, schema_editor):
    MailDomain = apps.get_model("members", "MailDomain")
    rows = [MailDomain(domain=domain, kind="employer", label=label) for domain, label in EMPLOYERS.items()]
    rows += [MailDomain(domain=domain, kind="disposable") for domain in DISPOSABLE]
    MailDomain.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("members", "0013_joining")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
