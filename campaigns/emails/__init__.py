"""Every letter of campaigns, by whom it is for and what it is about."""
