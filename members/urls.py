"""The newsletter's addresses."""

from django.urls import path

from members import feeds
from members.views import links, private, reading, submissions, subscriptions

app_name = "members"

urlpatterns = [
    path("subscribe/", subscriptions.subscribe, name="subscribe"),
    path("subscribe/check-your-email/", subscriptions.check_your_email, name="check-your-email"),
    path("subscribe/confirm/<str:token>/", subscriptions.confirm, name="confirm"),
    path("subscribe/confirmed/", subscriptions.confirmed, name="confirmed"),
    path("unsubscribe/<str:key>/", private.unsubscribe, name="unsubscribe"),
    path("unsubscribed/", subscriptions.unsubscribed, name="unsubscribed"),
    path("preferences/<str:key>/", private.preferences, name="preferences"),
    path("preferences/<str:key>/come-back/", private.come_back, name="come-back"),
    path("preferences/<str:key>/export/", private.export, name="export"),
    path("preferences/<str:key>/erase/", private.erase, name="erase"),
    path("erased/", private.erased, name="erased"),
    path("newsletter/", reading.archive, name="archive"),
    path("newsletter/feed.xml", feeds.IssueFeed(), name="feed"),
    path("newsletter/<int:number>/", reading.issue, name="issue"),
    path("to/<slug:code>/", links.followed, name="followed"),
    path("news/", reading.news, name="news"),
    path("news/feed.xml", feeds.PostFeed(), name="news-feed"),
    path("news/submit/", submissions.submit, name="submit"),
    path("news/submit/thank-you/", submissions.submitted, name="submitted"),
    path("news/yours/<str:key>/", submissions.yours, name="yours"),
    path("news/yours/<str:key>/confirm/", submissions.confirm, name="confirm-story"),
    path("news/yours/<str:key>/approve/", submissions.approve, name="approve-story"),
    path("news/yours/<str:key>/changes/", submissions.ask_for_changes, name="change-story"),
    path("news/yours/<str:key>/withdraw/", submissions.withdraw, name="withdraw-story"),
    path("news/<slug:slug>/", reading.post, name="post"),
]
