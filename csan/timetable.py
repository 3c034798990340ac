"""What Celery's beat calls for, and every how many seconds. Each tick is safe to repeat, to miss and to have twice."""

from typing import Any

TIMETABLE: dict[str, dict[str, Any]] = {
    "ring for letters that wait": {"task": "members.tasks.ring_for_letters", "schedule": 5.0},
    "recover letters of dead senders": {"task": "members.tasks.recover_letters", "schedule": 10.0},
    "send issues that are due": {"task": "members.tasks.send_due_issues", "schedule": 5.0},
    "make drafts": {"task": "members.tasks.make_drafts", "schedule": 3600.0},
    "watch issues": {"task": "members.tasks.watch_issues", "schedule": 5.0},
    "look where links lead": {"task": "members.tasks.look_at_links", "schedule": 30.0},
    "ask after links of open issues": {"task": "members.tasks.ask_after_links", "schedule": 60.0},
    "report issues": {"task": "members.tasks.report_issues", "schedule": 600.0},
    "keep old issues for the search": {"task": "members.tasks.keep_old_issues", "schedule": 3600.0},
    "tell authors of their posts": {"task": "members.tasks.tell_authors", "schedule": 300.0},
    "forget old stories": {"task": "members.tasks.forget_submissions", "schedule": 86400.0},
    "ring for imports and exports": {"task": "members.tasks.ring_for_lists", "schedule": 5.0},
    "delete old files of imports and exports": {"task": "members.tasks.forget_lists", "schedule": 3600.0},
    "ring for the domain doctor": {"task": "members.tasks.ring_for_doctor", "schedule": 15.0},
    "sum letter counts": {"task": "members.tasks.sum_letter_counts", "schedule": 30.0},
    "remind who has not confirmed": {"task": "members.tasks.remind_pending", "schedule": 3600.0},
    "forget who never confirmed": {"task": "members.tasks.delete_unconfirmed", "schedule": 86400.0},
    "drain tallies": {"task": "petitions.tasks.drain_tallies", "schedule": 5.0},
    "recount tallies": {"task": "petitions.tasks.recount_tallies", "schedule": 86400.0},
    "say that a worker is alive": {"task": "csan.tasks.beat", "schedule": 10.0},
}
