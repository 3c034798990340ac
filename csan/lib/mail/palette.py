"""The letters' colours: the site's own, light and dark, under names that a Django template can say."""

from csan.lib import theme

# What words in a letter stand on, and what they are written in; a test computes the contrast of each pair.
PAIRS = (
    ("ink", "paper"),
    ("ink", "sheet"),
    ("ink", "blush"),
    ("ink", "mint"),
    ("ink", "butter"),
    ("ink_soft", "paper"),
    ("ink_soft", "sheet"),
    ("link", "paper"),
    ("link", "sheet"),
    ("on_brand", "brand"),
    ("on_brand", "brand_ray"),
    ("on_sun", "sun"),
)


def colours() -> dict[str, dict[str, str]]:
    """`light` and `dark`, each a colour by name: `--ink-soft` of the stylesheet is `ink_soft`.

    Written with six digits, since Outlook does not know three. Raises ImproperlyConfigured for a theme it cannot read.
    """
    return {
        scheme: {_said(name): _long(colour) for name, colour in theme.tokens(scheme).items()}
        for scheme in theme.SCHEMES
    }


def _said(name: str) -> str:
    return name.replace("-", "_")


def _long(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:])
