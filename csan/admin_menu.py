"""The staff site's navigation, by job: Newsletter · Week of Action · Petition · People."""

from typing import Any

from django.urls import reverse_lazy


def entry(title: str, icon: str, model: str) -> dict[str, Any]:
    """One line of the menu: a model's list."""
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{model}_changelist")}


def page(title: str, icon: str, name: str) -> dict[str, Any]:
    """One line of the menu: a page of our own."""
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{name}")}


SIDEBAR: dict[str, Any] = {
    "show_search": True,
    "navigation": [
        {
            "title": "Newsletter",
            "items": [
                entry("Issues", "mail", "members_issue"),
                entry("Posts", "article", "members_post"),
                entry("Member posts", "rate_review", "members_submission"),
                entry("Pictures", "photo_library", "members_picture"),
                entry("Letters", "outgoing_mail", "members_message"),
                entry("Mail events", "history", "members_mailevent"),
                entry("Domain doctor", "stethoscope", "members_domaincheck"),
            ],
        },
        {
            "title": "Week of Action",
            "items": [
                entry("Weeks", "calendar_month", "campaigns_weekofaction"),
                entry("Registrations", "assignment_turned_in", "campaigns_registration"),
                entry("Changes asked for", "compare_arrows", "campaigns_changerequest"),
                page("Needs attention", "notification_important", "campaigns_registration_attention"),
                page("Calls to make", "call", "campaigns_registration_calls"),
                page("Locals not yet in", "person_off", "campaigns_registration_not_in"),
                entry("Boxes", "package_2", "campaigns_box"),
                page("Will it arrive in time?", "schedule", "campaigns_box_in_time"),
                entry("Reports", "rate_review", "campaigns_report"),
                entry("What is missing", "move_to_inbox", "campaigns_arrival"),
                entry("Waves", "waves", "campaigns_wave"),
                entry("Tracking files", "local_shipping", "campaigns_trackingfile"),
                entry("Carriers", "table_view", "campaigns_carrierprofile"),
                entry("Materials", "inventory_2", "campaigns_item"),
                entry("Campaigns", "campaign", "campaigns_campaign"),
            ],
        },
        {
            "title": "Petition",
            "items": [
                entry("Petitions", "draw", "petitions_petition"),
                entry("Signatures", "signature", "petitions_signature"),
                entry("Measures", "gavel", "petitions_measure"),
                entry("Moves to successors", "move_up", "petitions_succession"),
                entry("Legislators", "account_balance", "petitions_legislator"),
                entry("Districts", "map", "petitions_district"),
                entry("Redrawn states", "edit_location", "petitions_redrawing"),
                entry("District reviews", "travel_explore", "petitions_districtreview"),
                entry("Fraud desk", "policy", "petitions_fraudfigures"),
                entry("Review", "fact_check", "petitions_signaturescore"),
                entry("Set aside by condition", "filter_alt_off", "petitions_invalidation"),
                entry("Signing events", "event_available", "petitions_signingevent"),
                entry("Allowed networks", "lan", "petitions_allowednetwork"),
                entry("Limits of the desk", "tune", "petitions_fraudlimits"),
                entry("Surge switches", "bolt", "petitions_surge"),
                entry("Source codes", "qr_code_2", "members_sourcecode"),
                entry("Calls", "call", "petitions_calltally"),
                entry("Referrals", "groups", "petitions_referral"),
                {"title": "Whip board", "icon": "account_balance", "link": reverse_lazy("admin:petitions_whip")},
                entry("Packets", "picture_as_pdf", "petitions_packet"),
                entry("Rounds of packets", "folder_zip", "petitions_packetrun"),
                entry("Deliveries", "approval_delegation", "petitions_delivery"),
                entry("Paper sheets", "edit_document", "petitions_papersheet"),
            ],
        },
        {
            "title": "People",
            "items": [
                entry("People", "group", "members_person"),
                entry("Subscriptions", "how_to_reg", "members_subscription"),
                entry("Imports", "upload", "members_subscriberimport"),
                entry("Exports", "download", "members_subscriberexport"),
                entry("Locals", "location_city", "members_local"),
                entry("Mail domains", "alternate_email", "members_maildomain"),
                entry("Suppressions", "block", "members_suppression"),
                entry("Staff", "badge", "auth_user"),
                entry("Districts of staff", "distance", "campaigns_staffdistricts"),
                entry("What staff did", "manage_search", "admin_logentry"),
            ],
        },
    ],
}

# The theme's own colour, made of the purple of our tokens.
COLOURS = {
    "primary": {
        "50": "oklch(97% .014 325)",
        "100": "oklch(93% .03 325)",
        "200": "oklch(88% .06 325)",
        "300": "oklch(80% .1 325)",
        "400": "oklch(70% .14 325)",
        "500": "oklch(57% .16 325)",
        "600": "oklch(45% .15 325)",
        "700": "oklch(39% .13 325)",
        "800": "oklch(34% .11 325)",
        "900": "oklch(30% .09 325)",
        "950": "oklch(22% .07 325)",
    }
}
