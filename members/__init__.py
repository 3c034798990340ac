"""People and locals; subscriptions; posts and newsletter issues; the outbox every letter goes through."""
