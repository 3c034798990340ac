"""What the busy site of `crowd.py` has, by the names in its addresses."""

CLOSED, BEGINNING, LONG = "closed-petition", "petition-nobody-signed", "petition-with-a-long-title"
QUIET_WEEK, PAST_WEEK = 2018, 2019
LONG_POST = "bargaining-update-0"
LONG_CAMPAIGN = "long-campaign"
# The numbers of issues; the sample and what tests of the same site make come before them, or after the last.
FIRST_ISSUE, LONG_ISSUE = 31, 34
