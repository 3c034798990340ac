"""What the petitions' tests share."""

import threading

import pytest
from django.db import connections

from petitions import signing
from petitions.models import Signature
from tests.petitions.factories import PetitionFactory

ADA = {
    "email": "ada@example.org",
    "given_name": "Ada",
    "family_name": "Lovelace",
    "zip_code": "20001",
}


@pytest.fixture
def petition(db):
    return PetitionFactory(slug="save-call-center-jobs")


@pytest.fixture
def sign(petition):
    """Sign the petition as Ada, with changes."""

    def sign(**changes):
        signing.sign(petition=petition, **{**ADA, **changes})

    return sign


@pytest.fixture
def confirmed(petition, sign):
    """Ada's confirmed signature."""
    sign()
    return signing.confirm_signature(token=signing.confirm_token(Signature.objects.get()))


@pytest.fixture
def together():
    """Run calls in threads that start at the same moment; what each gave back or raised."""

    def together(*calls):
        gate = threading.Barrier(len(calls))
        results = [None] * len(calls)

        def run(place, call):
            gate.wait()
            try:
                results[place] = call()
            except Exception as error:
                results[place] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    return together
