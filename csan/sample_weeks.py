"""The sample's Weeks of Action: that of autumn 2017, and one of the current year that is open for registration.

Slogans and the days of 2017 are the program's; every other sentence is ours.
"""

from datetime import date, timedelta

from django.utils import timezone

from campaigns.models import Illustration, ToolkitItem, WeekOfAction, WeekTask
from csan import sample_materials
from csan.sample_petition import SLUG

THEME = "End CEO Hocus Pocus: Stop Offshoring & Outsourcing Good Jobs"
THEME_ES = "Fin al truco de los ejecutivos: alto al traslado y la subcontratación de buenos empleos"

TASKS = (
    (
        "petition-drive",
        "Hold a petition drive",
        "Collect signatures at work and in town, and hand them over together.",
        "Organizar una jornada de firmas",
        "Reúnan firmas en el trabajo y en el barrio, y entréguenlas juntas.",
    ),
    (
        "letter-to-the-editor",
        "Write a letter to the editor",
        "Tell your local paper what it means for your town when the jobs leave. Your officers sign it.",
        "Escribir una carta al periódico",
        "Cuenten a su periódico qué significa para su comunidad llevarse los empleos, con la firma de la directiva.",
    ),
    (
        "grow-the-network",
        "Grow the network",
        "Invite your members to the newsletter. Share photos of what you do.",
        "Hacer crecer la red",
        "Inviten a sus miembros de servicio al cliente al boletín y compartan fotos de sus acciones.",
    ),
)
BOX = """
A T-shirt for everyone who leads the week
Buttons and stickers: “I answer the call”
A banner to carry and to sign
Postcards to your members of Congress
Petition sheets, pens and a poster with a code to scan
A token of appreciation for each customer-service member
"""
BOX_ES = """
Una camiseta para quienes dirigen la semana
Prendedores y calcomanías: «Yo contesto la llamada»
Una pancarta para llevar y para firmar
Postales para sus representantes en el Congreso
Hojas de firmas, bolígrafos y un cartel con un código para escanear
Un detalle de agradecimiento para cada miembro de servicio al cliente
"""
TOOLKIT = (
    (
        f"/petitions/{SLUG}/sheet/",
        "Sign-up sheet to print",
        "Twelve lines for names, with the bill in short and a code to scan. Print it, clip it to a board, take it to the break room.",
        "Hoja de firmas para imprimir",
        "Doce renglones para firmar, la ley en pocas palabras y un código para escanear. Imprímala y llévela a la sala de descanso.",
    ),
    (
        "/news/how-to-write-a-letter-to-the-editor/",
        "How to write a letter to the editor",
        "Five steps and a first sentence. It takes half an hour, and the whole town reads it.",
        "Cómo escribir una carta al periódico",
        "Cinco pasos y una primera frase. Lleva media hora, y la lee todo el pueblo. La guía está en inglés.",
    ),
    (
        f"/petitions/{SLUG}/",
        "Words to share",
        "Copy, paste, add your town: “I answer calls in ______, and I want my job to stay here. Sign with me. #SaveCallCenterJobs”",
        "Palabras para compartir",
        "Copie, pegue y ponga su ciudad: «Yo contesto llamadas en ______ y quiero que mi empleo se quede aquí. Firme también. #SaveCallCenterJobs»",
    ),
)


def load() -> None:
    """Put the weeks in."""
    _week_of_2017()
    _week_of_this_year()


def _week_of_2017() -> None:
    week = WeekOfAction.objects.create(
        year=2017,
        theme=THEME,
        theme_es=THEME_ES,
        hashtag="#EndCEOHocusPocus",
        illustration=Illustration.PICKET,
        intro=(
            "Profits appear, jobs disappear: that is no magic, it is a choice. In this week locals all over the country "
            "stood up for call-center jobs and thanked the people who do them."
        ),
        intro_es=(
            "Aparecen ganancias, desaparecen empleos: no es magia, es una decisión. En esta semana, locales de todo el "
            "país defendieron los empleos de los centros de llamadas y dieron las gracias a quienes los hacen."
        ),
        register_by=date(2017, 9, 22),
        freeze_on=date(2017, 9, 29),
        ship_by=date(2017, 10, 6),
        starts_on=date(2017, 10, 15),
        ends_on=date(2017, 10, 21),
        report_by=date(2017, 11, 10),
        published_at=timezone.now(),
    )
    _tasks(week)


def _sunday_after(days: int) -> date:
    """The first Sunday, on which a week begins, at least so many days from today."""
    day = timezone.localdate() + timedelta(days=days)
    return day + timedelta(days=(6 - day.weekday()) % 7)


def _week_of_this_year() -> None:
    today = timezone.localdate()
    # Late in the year everything comes sooner, and in its last days the week begins in the next one.
    sundays = [_sunday_after(days) for days in (42, 18, 4)]
    starts_on = next((day for day in sundays if day.year == today.year), sundays[-1])
    lead = starts_on - today
    week = WeekOfAction.objects.create(
        year=today.year,
        theme="Good Jobs Answer the Call",
        theme_es="Los buenos empleos contestan la llamada",
        hashtag="#GoodJobsAnswer",
        box_contents=BOX.strip(),
        box_contents_es=BOX_ES.strip(),
        intro=(
            "One week, every local. Register yours in three minutes: tell us what you plan and where to send the box, "
            "and we send materials and a token of appreciation for each of your customer-service members."
        ),
        intro_es=(
            "Una semana, todas las locales. Registre la suya en tres minutos: díganos qué planean y adónde enviar la "
            "caja, y les mandamos materiales y un detalle de agradecimiento para cada miembro de servicio al cliente."
        ),
        register_by=today + lead / 2,
        freeze_on=today + lead * 2 / 3,
        ship_by=today + lead * 3 / 4,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=6),
        report_by=starts_on + timedelta(days=27),
        published_at=timezone.now(),
    )
    _tasks(week)
    _toolkit(week)
    sample_materials.load(week)


def _toolkit(week: WeekOfAction) -> None:
    ToolkitItem.objects.bulk_create(
        ToolkitItem(
            week=week, path=path, title=title, text=text, title_es=title_es, text_es=text_es, position=position
        )
        for position, (path, title, text, title_es, text_es) in enumerate(TOOLKIT)
    )


def _tasks(week: WeekOfAction) -> None:
    WeekTask.objects.bulk_create(
        WeekTask(
            week=week,
            code=code,
            title=title,
            description=description,
            title_es=title_es,
            description_es=description_es,
            position=position,
        )
        for position, (code, title, description, title_es, description_es) in enumerate(TASKS)
    )
