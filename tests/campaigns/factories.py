"""One factory a model of the campaigns app; no surprises. Days stand around today, so that a week is open."""

from datetime import timedelta

import factory
from django.utils import timezone

from campaigns.models import (
    Box,
    BoxLine,
    Campaign,
    Colleague,
    Item,
    KitRule,
    OtherContact,
    Registration,
    ShipTo,
    ToolkitItem,
    WeekOfAction,
    WeekPhoto,
    WeekTask,
)
from csan.lib.addresses import email_key
from tests.members.factories import LocalFactory, PictureFactory


def day(offset: int):
    """A day so many days from today."""
    return timezone.localdate() + timedelta(days=offset)


class CampaignFactory(factory.django.DjangoModelFactory):
    """A public campaign."""

    class Meta:
        model = Campaign

    slug = factory.Sequence(lambda n: f"campaign-{n}")
    title = "Save call center jobs"
    summary = "Tell Congress to keep good jobs here."
    body = "Three things the bill does: **callers are told** where the call center is."
    action_label = "Sign the petition"
    action_path = "/petitions/save-call-center-jobs/"
    published_at = factory.LazyFunction(timezone.now)


class WeekFactory(factory.django.DjangoModelFactory):
    """A public week that is open for registration."""

    class Meta:
        model = WeekOfAction

    year = factory.Sequence(lambda n: 2026 + n)
    theme = "End CEO Hocus Pocus"
    intro = "A week for **good jobs**."
    register_by = factory.LazyFunction(lambda: day(10))
    freeze_on = factory.LazyFunction(lambda: day(12))
    ship_by = factory.LazyFunction(lambda: day(20))
    starts_on = factory.LazyFunction(lambda: day(30))
    ends_on = factory.LazyFunction(lambda: day(36))
    report_by = factory.LazyFunction(lambda: day(50))
    published_at = factory.LazyFunction(timezone.now)


class WeekTaskFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WeekTask

    week = factory.SubFactory(WeekFactory)
    code = factory.Sequence(lambda n: f"task-{n}")
    title = "Petition drive"


class ToolkitItemFactory(factory.django.DjangoModelFactory):
    """A page of this site."""

    class Meta:
        model = ToolkitItem

    week = factory.SubFactory(WeekFactory)
    title = "Sign-up sheet to print"
    path = "/petitions/save-call-center-jobs/sheet/"


class WeekPhotoFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WeekPhoto

    week = factory.SubFactory(WeekFactory)
    picture = factory.SubFactory(PictureFactory)


class RegistrationFactory(factory.django.DjangoModelFactory):
    """Received; give `status=Registration.Status.APPROVED` its `approved_at`, or use `approved=True`."""

    class Meta:
        model = Registration
        skip_postgeneration_save = True

    class Params:
        approved = factory.Trait(status=Registration.Status.APPROVED, approved_at=factory.LazyFunction(timezone.now))

    week = factory.SubFactory(WeekFactory)
    local = factory.SubFactory(LocalFactory)
    contact_name = "Ada Reyes"
    contact_role = "President"
    email = factory.Sequence(lambda n: f"officer{n}@example.org")
    email_key = factory.LazyAttribute(lambda registration: email_key(registration.email))
    phone = "202-555-0134"
    members_count = 140
    main_place = factory.RelatedFactory("tests.campaigns.factories.ShipToFactory", factory_related_name="registration")


class ShipToFactory(factory.django.DjangoModelFactory):
    """The main place of a registration. `RegistrationFactory(main_place__state="OH")` chooses what it says."""

    class Meta:
        model = ShipTo

    registration = factory.SubFactory(RegistrationFactory, main_place=None)
    name = "Ada Reyes"
    address1 = "501 Third Street NW"
    city = "Washington"
    state = "DC"
    zip_code = "20001"


class OtherContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OtherContact

    registration = factory.SubFactory(RegistrationFactory)
    name = "Sam Ortiz"
    email = factory.Sequence(lambda n: f"other{n}@example.org")
    phone = "202-555-0199"


class BoxFactory(factory.django.DjangoModelFactory):
    """Planned, for an approved registration."""

    class Meta:
        model = Box

    class Params:
        shipped = factory.Trait(
            status=Box.Status.SHIPPED,
            carrier=Box.Carrier.UPS,
            tracking_number=factory.Sequence(lambda n: f"1Z999AA1012345678{n}"),
            shipped_at=factory.LazyFunction(timezone.now),
        )

    registration = factory.SubFactory(RegistrationFactory, approved=True)
    place = factory.LazyAttribute(lambda box: box.registration.place)
    code = factory.Sequence(lambda n: f"26-A{n:03d}")


class ItemFactory(factory.django.DjangoModelFactory):
    """None of it is there yet: `kits.move_stock` receives it."""

    class Meta:
        model = Item

    sku = factory.Sequence(lambda n: f"sticker-{n}")
    name = "Red button"


class BoxLineFactory(factory.django.DjangoModelFactory):
    """Twelve of an item in a box, with the reason."""

    class Meta:
        model = BoxLine

    box = factory.SubFactory(BoxFactory, shipped=True)
    item = factory.SubFactory(ItemFactory)
    quantity = 12
    reason = "10 members + 20 % = 12"


class ColleagueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Colleague

    registration = factory.SubFactory(RegistrationFactory)
    name = "Lee Park"
    role = "Steward"
    email = factory.Sequence(lambda n: f"lee{n}@example.org")


class KitRuleFactory(factory.django.DjangoModelFactory):
    """One for each member."""

    class Meta:
        model = KitRule

    week = factory.SubFactory(WeekFactory)
    item = factory.SubFactory(ItemFactory)
    kind = KitRule.Kind.PER_MEMBER
