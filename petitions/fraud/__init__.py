"""Telling people from programs, after the door: nobody is refused or answered differently for it.

`evidence.py` what a signature came with · `networks.py` hashes of addresses · `events.py` meetings where many share
one address · `rules.py` what speaks against a signature, and how much · `scoring.py` looks at new ones in sets ·
`trending.py` domains and networks by the hour · `reviewing.py` staff decide · `conditions.py`, `invalidating.py` many
at once, counted first, taken back exactly · `desk.py` the figures of a petition.
"""

from petitions.fraud.desk import Figures, figures

__all__ = ["Figures", "figures"]
