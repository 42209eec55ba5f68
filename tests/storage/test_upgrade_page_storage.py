"""A house from before pages could store anything stores it after the upgrade."""

from domain.moments import Moment
from storage.database import one_transaction
from tests.house import settle_requester, settle_worker
from tests.storage.test_upgrade import upgraded_from


def test_pages_store_for_people_who_were_there_before(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        requester, worker = settle_requester(unit), settle_worker(unit, 1)
    upgraded_from(database_url, "page_storage", "DROP TABLE turk_page_storage;")
    with one_transaction(database_url, now) as unit:
        stored = unit.hits.page_storage
        assert stored.find(requester.id, worker.id) is None
        for document in ("{}", '{"a":"b"}'):
            stored.save(requester.id, worker.id, document)
            assert stored.find(requester.id, worker.id) == document
        stored.delete(requester.id, worker.id)
        assert stored.find(requester.id, worker.id) is None
