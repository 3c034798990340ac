"""What staff search and filter signatures by, found without reading all. Built beside the writers.

None of them holds a signature that was just made, so signing at the door writes to none.
"""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("petitions", "0018_forgets_signers")]

    operations = [
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                django.db.models.functions.comparison.Collate(
                    django.db.models.functions.text.Upper("family_name"), "C"
                ),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("status__in", ["confirmed", "withdrawn", "invalid"])),
                name="petitions_signed_by_name",
            ),
        ),
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("status", "confirmed"), models.Q(("source_code", ""), _negated=True)),
                fields=["source_code", "-id"],
                name="petitions_signed_by_source",
            ),
        ),
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("status__in", ["withdrawn", "invalid"])),
                fields=["status", "-id"],
                name="petitions_signature_set_apart",
            ),
        ),
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("district_how__in", ["chosen", "split", "unsure", "redrawn", "unknown"])),
                fields=["district_how", "petition", "status"],
                name="petitions_signature_uncertain",
            ),
        ),
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("suspicion__gt", 0)), fields=["-id"], name="petitions_signature_suspected"
            ),
        ),
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("state", "")), fields=["-id"], name="petitions_signature_stateless"
            ),
        ),
        AddIndexConcurrently(
            model_name="signatureevidence",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True,
                fields=["network_hash", "address_hash", "mail_domain"],
                name="petitions_evidence_origin",
                opclasses=[
                    "text_bloom_ops (n_distinct_per_range = -0.25)",
                    "text_bloom_ops (n_distinct_per_range = -0.25)",
                    "text_bloom_ops",
                ],
                pages_per_range=16,
            ),
        ),
    ]
