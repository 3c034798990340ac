"""Bringing a petition before Congress: the whip board, packets with their annex, deliveries, and how to verify them.

| module | what it does |
| --- | --- |
| seats | every seat of Congress on a day; the petition's bill in each chamber |
| whip, choosing | the board, its filters and its file |
| positions, deliveries | what members say; to whom the petition was brought, and what they answered |
| facts, cover, annex, pages, letters | what a packet says and how it is drawn |
| packets, runs | one packet, or one for everybody in the background |
| verifying | the public page of a packet |
| cwc | letters for Communicating with Congress |
"""

from petitions.delivering.deliveries import Delivered, deliveries_of

__all__ = ["Delivered", "deliveries_of"]
