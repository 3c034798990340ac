"""From what was set aside to boxes, and what is printed and packed for them."""

from datetime import timedelta

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns import kits
from campaigns.boxes import packing, shipping, waves
from campaigns.boxes.packing import LaidIn
from campaigns.entering import registering
from campaigns.models import Allocation, Box, BoxLine, Item, PrintRun, StockMove, Wave
from campaigns.printing import runs
from campaigns.printing.labels import Nudge
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import ItemFactory, KitRuleFactory, RegistrationFactory, ShipToFactory, WeekFactory
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db
Status = Box.Status


@pytest.fixture
def by():
    return StaffFactory()


@pytest.fixture
def week():
    """Buttons for each member, and a banner for each place."""
    week = WeekFactory()
    KitRuleFactory(week=week, item=ItemFactory(sku="button", name="Button", pack_size=10, on_hand=1000))
    KitRuleFactory(week=week, item=ItemFactory(sku="banner", name="Banner", on_hand=50), kind="per-place")
    return week


def set_aside(week, by):
    wave = kits.open_wave(week=week, by=by)
    kits.allocate(wave=wave, policy=Wave.Policy.PRO_RATA, by=by)
    return wave


@pytest.fixture
def frozen(week, by):
    """A wave of two locals of 40 and 60 members."""
    for members in (40, 60):
        RegistrationFactory(week=week, approved=True, members_count=members)
    wave = set_aside(week, by)
    waves.freeze_wave(wave=wave, by=by)
    return wave


def contents(box) -> dict[str, int]:
    return dict(box.lines.values_list("item__sku", "quantity"))


def on_hand() -> dict[str, int]:
    return dict(Item.objects.values_list("sku", "on_hand"))


def first(wave) -> Box:
    return wave.boxes.earliest("pk")


# Freezing


def test_each_place_gets_a_box_of_what_was_set_aside_and_the_local_a_letter(week, by):
    registration = RegistrationFactory(week=week, approved=True, members_count=40)
    ShipToFactory(registration=registration, position=2, members_count=15, city="Akron", state="OH", zip_code="44301")
    wave = set_aside(week, by)
    boxes = waves.freeze_wave(wave=wave, by=by)
    assert [(box.place.city, contents(box)) for box in boxes] == [
        ("Washington", {"button": 25, "banner": 1}),
        ("Akron", {"button": 15, "banner": 1}),
    ]
    assert (wave.status, wave.frozen_by) == (Wave.Status.FROZEN, by)
    letter = Message.objects.get(template="campaigns/what_we_send")
    assert (letter.to, [box["contents"] for box in letter.context["boxes"]]) == (
        registration.email,
        [["1 × Banner", "25 × Button"], ["1 × Banner", "15 × Button"]],
    )


def test_in_spanish_the_letter_names_things_in_spanish_and_a_home_by_its_town(week, by):
    Item.objects.filter(sku="button").update(name_es="Botón")
    RegistrationFactory(week=week, approved=True, members_count=1, language="es", main_place__is_home=True)
    waves.freeze_wave(wave=set_aside(week, by), by=by)
    told = Message.objects.get(template="campaigns/what_we_send").context["boxes"]
    assert told == [{"place": ["Washington, DC"], "contents": ["1 × Banner", "1 × Botón"]}]


def test_what_was_set_aside_for_who_has_withdrawn_goes_back(week, by):
    staying = RegistrationFactory(week=week, approved=True, members_count=40)
    leaving = RegistrationFactory(week=week, approved=True, members_count=60)
    wave = set_aside(week, by)
    registering.withdraw_registration(registration=leaving)
    boxes = waves.freeze_wave(wave=wave, by=by)
    assert [box.registration for box in boxes] == [staying]
    assert on_hand() == {"button": 960, "banner": 49}
    assert sum(StockMove.objects.filter(item__sku="button").values_list("amount", flat=True)) == -40


def test_where_all_have_withdrawn_nothing_is_frozen(week, by):
    leaving = RegistrationFactory(week=week, approved=True)
    wave = set_aside(week, by)
    registering.withdraw_registration(registration=leaving)
    with pytest.raises(waves.NothingToSend):
        waves.freeze_wave(wave=wave, by=by)
    assert (Box.objects.count(), Allocation.objects.count()) == (0, 2)


@pytest.mark.django_db(transaction=True)
def test_two_who_freeze_at_once_make_the_boxes_once(week, by):
    for _ in range(5):
        RegistrationFactory(week=week, approved=True, members_count=10)
    wave = set_aside(week, by)

    def freeze():
        try:
            return len(waves.freeze_wave(wave=Wave.objects.get(), by=by))
        except kits.OtherState:
            return 0

    assert sorted(at_once(freeze, freeze, freeze)) == [0, 0, 5]
    assert (Box.objects.count(), Message.objects.filter(template="campaigns/what_we_send").count()) == (5, 5)
    assert wave.pk


@pytest.mark.django_db(transaction=True)
def test_a_wave_that_is_frozen_while_a_local_withdraws_has_its_box_or_its_materials_back(week, by):
    registration = RegistrationFactory(week=week, approved=True, members_count=40)
    RegistrationFactory(week=week, approved=True, members_count=10)
    wave = set_aside(week, by)

    def withdraw():
        registering.withdraw_registration(registration=registration)

    at_once(lambda: waves.freeze_wave(wave=wave, by=by), withdraw)
    held = sum(BoxLine.objects.filter(item__sku="button", box__status="planned").values_list("quantity", flat=True))
    called_off = Box.objects.filter(registration=registration).values_list("status", flat=True)
    assert list(called_off) in ([], ["cancelled"])
    assert (held, on_hand()["button"]) == (10, 990)


def test_who_withdraws_after_the_freeze_gives_the_materials_back(frozen):
    registering.withdraw_registration(registration=first(frozen).registration)
    assert on_hand() == {"button": 940, "banner": 49}


def test_of_a_box_packed_short_only_what_lay_in_it_comes_back(frozen, by):
    box = first(frozen)
    packing.tick(box=box, lines=all_in(box, button=35))
    waves.cancel_box(box=box, by=by)
    assert on_hand()["button"] == 935


# What is picked, split, sent again, called off


def test_the_pick_list_counts_pieces_packs_and_boxes(frozen):
    assert [(pick.item.sku, pick.pieces, pick.packs, pick.boxes) for pick in waves.pick_list(frozen)] == [
        ("banner", 2, "", 2),
        ("button", 100, "10 × 10", 2),
    ]


def test_boxes_that_one_person_should_not_lift_are_named_until_they_are_split(frozen, by):
    Item.objects.update(weight_grams=0)
    box = first(frozen)
    line = box.lines.order_by("-quantity").first()
    Item.objects.filter(pk=line.item_id).update(weight_grams=waves.HEAVY // line.quantity + 1)
    heavy = dict(waves.heavy_boxes(Box.objects.filter(wave=frozen)))
    assert heavy[box] == line.quantity * (waves.HEAVY // line.quantity + 1) > waves.HEAVY
    waves.split_box(box=box, moved={line.pk: line.quantity // 2}, by=by)
    assert box not in dict(waves.heavy_boxes(Box.objects.filter(wave=frozen)))


def test_a_box_is_split_in_two_that_hold_the_same_together(frozen, by):
    box = first(frozen)
    lines = {line.item.sku: line.pk for line in box.lines.select_related("item")}
    other = waves.split_box(box=box, moved={lines["button"]: 15, lines["banner"]: 1}, by=by)
    assert (contents(box), contents(other), other.part) == ({"button": 25}, {"button": 15, "banner": 1}, 2)


@pytest.mark.parametrize("moved", [{"button": 0}, {"button": 41}, {"button": 40, "banner": 1}, {}])
def test_a_split_leaves_something_in_both(frozen, by, moved):
    box = first(frozen)
    lines = {line.item.sku: line.pk for line in box.lines.select_related("item")}
    with pytest.raises(waves.CannotSplit):
        waves.split_box(box=box, moved={lines[sku]: number for sku, number in moved.items()}, by=by)
    assert (contents(box), Box.objects.count()) == ({"button": 40, "banner": 1}, 2)


def checked(wave) -> None:
    """All of its boxes are packed, and others have looked at them."""
    wave.boxes.update(status="checked", packed_at=timezone.now(), checked_at=timezone.now())


def shipped(frozen, by) -> Box:
    box = first(frozen)
    checked(frozen)
    shipping.ship_box(box=box, carrier="ups", tracking_number="1Z999AA10123456784", by=by)
    return box


def test_what_was_lost_is_sent_again_once_from_the_stock(frozen, by):
    box = shipped(frozen, by)
    shipping.mark_lost(boxes=[box], by=by)
    again = waves.resend_box(box=box, by=by)
    assert (contents(again), again.replaces, on_hand()["button"]) == ({"button": 40, "banner": 1}, box, 860)
    with pytest.raises(waves.WrongState):
        waves.resend_box(box=box, by=by)


def test_what_came_back_is_sent_again_without_touching_the_stock(frozen, by):
    box = shipped(frozen, by)
    shipping.mark_returned(boxes=[box], by=by)
    waves.resend_box(box=box, by=by)
    assert on_hand()["button"] == 900


def test_where_there_is_too_little_left_nothing_is_sent_again(frozen, by):
    box = shipped(frozen, by)
    shipping.mark_lost(boxes=[box], by=by)
    Item.objects.filter(sku="button").update(on_hand=39)
    with pytest.raises(kits.OutOfStock):
        waves.resend_box(box=box, by=by)
    assert (Box.objects.count(), on_hand()) == (2, {"button": 39, "banner": 48})


def test_a_box_that_does_not_leave_gives_back_what_it_held(frozen, by):
    waves.cancel_box(box=first(frozen), by=by)
    assert on_hand() == {"button": 940, "banner": 49}


def test_a_box_of_a_wave_does_not_leave_before_two_have_seen_it(frozen, by):
    box = first(frozen)
    shipping.mark_packed(boxes=[box], by=by)
    assert not shipping.ship_box(box=box, carrier="ups", tracking_number="1Z999AA10123456784", by=by)
    assert Box.objects.get(pk=box.pk).status == Status.PLANNED


def test_a_wave_is_done_when_no_box_waits(frozen, by):
    assert not waves.finish_wave(wave=frozen, by=by)
    checked(frozen)
    for at, box in enumerate(frozen.boxes.all()):
        shipping.ship_box(box=box, carrier="ups", tracking_number=f"1Z999AA1012345678{at}", by=by)
    assert Wave.objects.get().status == Wave.Status.DONE


# Packing


def all_in(box, **fewer) -> dict[int, LaidIn]:
    return {
        line.pk: LaidIn(True, fewer.get(line.item.sku), "shelf empty" if line.item.sku in fewer else "")
        for line in box.lines.select_related("item")
    }


def test_one_packs_and_another_checks(frozen, by):
    box = first(frozen)
    packing.tick(box=box, lines=all_in(box))
    packing.finish_packing(box=box, by=by)
    with pytest.raises(packing.SamePerson):
        packing.check_box(box=box, by=by)
    other = StaffFactory()
    assert packing.check_box(box=box, by=other).status == Status.CHECKED
    box.refresh_from_db()
    assert (box.packed_by, box.checked_by) == (by, other)


def test_a_box_is_not_packed_before_every_line_is_in(frozen, by):
    box = first(frozen)
    packing.tick(box=box, lines=dict(list(all_in(box).items())[:1]))
    with pytest.raises(packing.NotAllIn):
        packing.finish_packing(box=box, by=by)
    assert box.lines.exclude(ticked_at=None).count() == 1


def test_fewer_without_a_why_is_not_in_yet(frozen, by):
    box = first(frozen)
    told = {pk: LaidIn(each.is_in, each.fewer, "") for pk, each in all_in(box, button=35).items()}
    packing.tick(box=box, lines=told)
    with pytest.raises(packing.NotAllIn):
        packing.finish_packing(box=box, by=by)


def test_where_there_is_too_little_on_the_shelf_it_is_said(frozen, by):
    box = first(frozen)
    packing.tick(box=box, lines=all_in(box, button=35))
    line = box.lines.get(item__sku="button")
    assert (line.quantity, line.laid_in, line.short_reason) == (40, 35, "shelf empty")
    packing.tick(box=box, lines=all_in(box))
    assert box.lines.get(item__sku="button").laid_in == 40


def test_a_box_can_be_opened_again(frozen, by):
    box = first(frozen)
    packing.tick(box=box, lines=all_in(box))
    packing.finish_packing(box=box, by=by)
    packing.open_again(box=box, by=by)
    assert (Box.objects.get(pk=box.pk).status, box.lines.exclude(ticked_at=None).count()) == (Status.PLANNED, 0)


# What is printed


def printed(run) -> list[str]:
    """The words of each page."""
    run.refresh_from_db()
    with runs.opened(run=run, by=StaffFactory()) as file:
        return [page.extract_text() for page in pypdf.PdfReader(file).pages]


def test_slips_are_a_page_a_box_and_say_copy_the_second_time(frozen, by):
    run = runs.begin(wave=frozen, kind="slips", by=by)
    runs.work()
    pages = printed(run)
    box = first(frozen)
    own = next(page for page in pages if box.code in page)
    assert len(pages) == 2
    assert all(word in own for word in (str(box.registration.local), "501 Third Street NW", "Button", "40"))
    assert not any("COPY" in page for page in pages)
    again = runs.begin(wave=frozen, kind="slips", by=by)
    runs.work()
    assert all("COPY" in page for page in printed(again))


def test_each_of_several_boxes_says_which_it_is(frozen, by):
    box = first(frozen)
    line = box.lines.get(item__sku="button")
    other = waves.split_box(box=box, moved={line.pk: 15}, by=by)
    run = runs.begin(wave=frozen, kind="slips", by=by, only=[box.code, other.code])
    runs.work()
    assert [f"part {number} of 2" in page for number, page in enumerate(printed(run), start=1)] == [True, True]


@pytest.mark.parametrize(("kind", "start", "pages"), [("5160", 1, 10), ("5163", 10, 31)])
def test_three_hundred_labels_are_drawn_from_the_label_that_is_left(week, by, kind, start, pages):
    local = RegistrationFactory(week=week, approved=True)
    wave = Wave.objects.create(week=week, number=1)
    Box.objects.bulk_create(
        [Box(registration=local, place=local.place, wave=wave, part=at, code=f"26-A{at:03d}") for at in range(1, 301)]
    )
    run = runs.begin(wave=wave, kind=kind, nudge=Nudge(start=start, right=1.5), by=by)
    runs.work()
    words = printed(run)
    assert (len(words), run.pages, run.seen) == (pages, pages, 300)
    assert sum(page.count("26-A") for page in words) == 300
    assert sum(page.count("501 Third Street NW") for page in words) == 300


def test_a_print_out_of_a_killed_worker_is_drawn_by_the_next(frozen, by):
    run = runs.begin(wave=frozen, kind="slips", by=by)
    PrintRun.objects.update(seen_at=timezone.now())
    assert not runs.is_any_due()
    PrintRun.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    runs.work()
    run.refresh_from_db()
    assert (run.status, run.pages) == ("done", 2)


def test_files_are_deleted_after_a_week(frozen, by):
    run = runs.begin(wave=frozen, kind="slips", by=by)
    runs.work()
    assert runs.forget() == 0
    PrintRun.objects.update(finished_at=timezone.now() - timedelta(days=8))
    assert runs.forget() == 1
    with pytest.raises(runs.NotReady):
        runs.opened(run=run, by=by)


def test_with_no_box_left_to_leave_there_is_nothing_to_print(frozen, by):
    frozen.boxes.update(status="cancelled")
    with pytest.raises(runs.NothingToPrint):
        runs.begin(wave=frozen, kind="slips", by=by)


# The staff pages


@pytest.fixture
def desk(admin_client):
    return admin_client


def test_staff_freeze_print_pack_and_see_how_far_it_is(week, by, desk):
    RegistrationFactory(week=week, approved=True, members_count=40)
    wave = set_aside(week, by)
    page = reverse("admin:campaigns_wave_boxes", args=[wave.pk])
    assert "1 box will be made" in desk.get(page).content.decode()
    assert desk.post(page, {"do": "freeze"}).status_code == 303
    box = Box.objects.get()
    assert "Pick list" in desk.get(page).content.decode()
    assert desk.get(reverse("admin:campaigns_wave_picks", args=[wave.pk])).headers["Content-Type"] == "application/pdf"
    told = {"do": "print", "kind": "5160", "start": "1", "right": "0", "down": "0"}
    run = PrintRun.objects.get(pk=desk.post(page, told).url.split("/")[-3])
    runs.work()
    file = desk.get(reverse("admin:campaigns_printrun_file", args=[run.pk]))
    assert ("no-store" in file.headers["Cache-Control"], b"".join(file.streaming_content)[:5]) == (True, b"%PDF-")
    table = desk.get(reverse("admin:campaigns_box_table"), {"code": box.code.lower()})
    assert table.url == reverse("admin:campaigns_box_pack", args=[box.code])
    lines = list(box.lines.values_list("pk", flat=True))
    desk.post(table.url, {"do": "packed", "line": lines, **{f"in-{pk}": "on" for pk in lines}})
    box.refresh_from_db()
    assert box.status == Status.PACKED
    assert "A colleague checks it" in desk.get(table.url).content.decode()


def test_a_label_that_no_sheet_has_is_asked_back(frozen, desk):
    page = reverse("admin:campaigns_wave_boxes", args=[frozen.pk])
    told = {"do": "print", "kind": "5163", "start": "11", "right": "0", "down": "0"}
    answer = desk.post(page, told)
    assert (answer.status_code, "has 10 labels" in answer.content.decode()) == (422, True)


def test_who_may_not_move_boxes_gets_no_file_and_no_table(frozen, client):
    client.force_login(StaffFactory(is_superuser=False))
    addresses = [
        reverse("admin:campaigns_box_table"),
        reverse("admin:campaigns_box_pack", args=[first(frozen).code]),
        reverse("admin:campaigns_wave_picks", args=[frozen.pk]),
    ]
    assert [client.get(address).status_code for address in addresses] == [403, 403, 403]


def test_the_page_of_a_wave_asks_the_same_number_of_questions_however_many_boxes(
    frozen, week, by, desk, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20):
        desk.get(reverse("admin:campaigns_wave_boxes", args=[frozen.pk]))
