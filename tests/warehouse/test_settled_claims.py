"""A claim is looked at once when alerts are raised, and again when its version is tagged anew."""

from datetime import timedelta

import pytest

from warehouse.articles import save_visits
from warehouse.derived import save_derived
from warehouse.intake import save_registry
from warehouse.stories import cluster, raise_alerts


@pytest.fixture
def settle(warehouse, noon):
    def settling(run_id):
        with warehouse.transaction() as db:
            cluster(db)
            return raise_alerts(db, run_id, noon, history_after=timedelta(days=14))

    return settling


def ask(warehouse, sql):
    with warehouse.transaction() as db:
        return db.execute(sql).fetchall()


@pytest.fixture
def stocked(warehouse, make_registry, make_visit, versions):
    with warehouse.transaction() as db:
        save_registry(db, make_registry())
        save_visits(db, [make_visit()], versions)
    return warehouse


def test_a_claim_is_settled_with_the_alert_it_raises(stocked, settle):
    assert ask(stocked, "select settled from claim") == [(None,)]

    assert settle("run-1") == 1
    assert ask(stocked, "select settled from claim") == [(True,)]
    assert settle("run-2") == 0


def test_a_claim_whose_step_died_is_looked_at_by_the_next(stocked, noon, settle):
    def die():
        with stocked.transaction() as db:
            cluster(db)
            raise_alerts(db, "run-1", noon, history_after=timedelta(days=14))
            raise KeyError

    with pytest.raises(KeyError):
        die()

    assert settle("run-2") == 1


def test_a_version_that_is_tagged_anew_has_new_claims(stocked, settle, make_visit, versions):
    settle("run-1")
    with stocked.transaction() as db:
        save_derived(db, [make_visit().reading], versions)

    assert ask(stocked, "select settled from claim") == [(None,)]
    assert settle("run-2") == 0  # told already
