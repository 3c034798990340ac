from csan.lib.text import to_html

from django.db import migrations

SECTIONS = (("actions", "action"), ("bargaining", "bargaining"), ("stories", "story"))


def give_sections(apps, schema_editor):
    """Every issue's posts under the headings that their kinds had; what opens it from Markdown to rich text."""
    Issue = apps.get_model("members", "Issue")
    Section = apps.get_model("members", "Section")
    for issue in Issue.objects.all():
        Issue.objects.filter(pk=issue.pk).update(
            intro=to_html(issue.intro), intro_es=to_html(issue.intro_es) if issue.intro_es else ""
        )
        for position, (section_kind, post_kind) in enumerate(SECTIONS):
            items = issue.items.filter(section=None, post__kind=post_kind)
            if items.exists():
                section = Section.objects.create(issue=issue, kind=section_kind, position=position)
                items.update(section=section)


class Migration(migrations.Migration):
    dependencies = [("members", "0005_issues_composed")]
    operations = [migrations.RunPython(give_sections, migrations.RunPython.noop, elidable=True)]
