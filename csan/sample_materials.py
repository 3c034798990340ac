"""The sample's materials: what this year's boxes hold, by which rule, and what lies on the shelf. All of it is made up."""

from campaigns import kits
from campaigns.models import Item, KitRule, StockMove, ToolkitItem, WeekOfAction

Kind = KitRule.Kind
# SKU, name in both languages, unit, pack of, grams, low at, on the shelf; then the rule: kind, amount, percent on top.
ITEMS = (
    ("button", "Button “I answer the call”", "Prendedor «Yo contesto la llamada»", "button", 10, 8, 500, 6_000,
     Kind.PER_MEMBER, 1, 5),
    ("sticker", "Sticker", "Calcomanía", "sticker", 50, 2, 1_000, 15_000, Kind.PER_MEMBER, 2, 0),
    ("shirt", "T-shirt", "Camiseta", "shirt", 1, 180, 60, 400, Kind.ONE_PER, 50, 0),
    ("banner", "Banner to carry", "Pancarta", "banner", 1, 900, 20, 150, Kind.PER_LOCAL, 1, 0),
    ("postcard", "Postcard to Congress", "Postal al Congreso", "postcard", 25, 6, 1_000, 8_000, Kind.PER_MEMBER, 1, 0),
    ("petition-sheet", "Petition sheet", "Hoja de firmas", "sheet", 1, 5, 200, 2_500, Kind.ONE_PER, 12, 0),
    ("thank-you", "Token of appreciation", "Detalle de agradecimiento", "piece", 12, 45, 500, 6_000,
     Kind.PER_MEMBER, 1, 0),
)  # fmt: skip


def load(week: WeekOfAction) -> None:
    """Put them in. The petition sheet has its twin to print oneself in the week's toolkit."""
    sheet = ToolkitItem.objects.filter(week=week, path__endswith="/sheet/").first()
    for sku, name, name_es, unit, pack, grams, low_at, pieces, kind, amount, over in ITEMS:
        item = Item.objects.create(
            sku=sku, name=name, name_es=name_es, unit=unit, pack_size=pack, weight_grams=grams, low_at=low_at,
            print_twin=sheet if sku == "petition-sheet" else None,
        )  # fmt: skip
        KitRule.objects.create(
            week=week, item=item, kind=kind, amount=amount, over_percent=over, rounds_to_pack=pack > 1,
            minimum=1 if kind == Kind.ONE_PER else 0,
        )  # fmt: skip
        kits.move_stock(item=item, amount=pieces, kind=StockMove.Kind.RECEIVED, key=f"sample:{sku}", by=None)
