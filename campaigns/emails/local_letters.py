"""Letters to a local about its own acts: a change after the freeze, a colleague, a link."""

from campaigns.emails.writing import write
from campaigns.models import ChangeRequest, Colleague, Registration
from members import outbox


def change_approved(request: ChangeRequest) -> None:
    """What the local asked for after the freeze has been made."""
    _answered(request, "change_approved")


def change_declined(request: ChangeRequest) -> None:
    """What the local asked for cannot be made any more, and why."""
    _answered(request, "change_declined")


def _answered(request: ChangeRequest, name: str) -> None:
    key = f"registration:{request.registration_id}:{name.replace('_', '-')}:{request.pk}"
    write(request.registration, name, key=key, answer=request.answer)


def colleague_added(colleague: Colleague) -> None:
    """To the colleague, with a link of their own."""
    write(
        colleague.registration,
        "colleague_added",
        key=f"colleague:{colleague.pk}:added",
        colleague=colleague,
        contact=colleague.registration.contact_name,
    )


def new_link(holder: "Registration | Colleague") -> None:
    """The link that opens from now on; the one before is dead. Once for each link."""
    _link(holder, f"new:{holder.link_number}", is_new=True)


def link_again(holder: "Registration | Colleague") -> None:
    """The same link as before, to who has lost it; once in a quiet period."""
    _link(holder, f"again:{holder.link_number}:{outbox.quiet_slot()}", is_new=False)


def _link(holder: "Registration | Colleague", occasion: str, *, is_new: bool) -> None:
    colleague = holder if isinstance(holder, Colleague) else None
    registration = holder.registration if isinstance(holder, Colleague) else holder
    about = f"colleague:{colleague.pk}" if colleague else f"registration:{registration.pk}"
    write(registration, "registration_link", key=f"{about}:link:{occasion}", colleague=colleague, is_new=is_new)
