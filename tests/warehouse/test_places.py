"""Where the warehouse is said to be."""

from pathlib import Path

import pytest

from extractors.errors import UsageError
from warehouse.places import Lake, place_from


def test_a_path_is_a_file():
    assert place_from("/srv/news.duckdb") == Path("/srv/news.duckdb")


def test_a_lake_has_a_catalog_and_a_folder():
    given = "ducklake:postgres:dbname=news host=db.example;data=/srv/lake"

    assert place_from(given) == Lake("dbname=news host=db.example", "/srv/lake")
    assert str(place_from(given)) == given


def test_a_folder_means_the_same_from_every_folder():
    lake = place_from("ducklake:postgres:dbname=news;data=lake")

    assert isinstance(lake, Lake)
    assert lake.data == str(Path("lake").absolute())


def test_an_object_store_is_left_as_it_is():
    lake = place_from("ducklake:postgres:dbname=news;data=s3://bucket/lake")

    assert isinstance(lake, Lake)
    assert lake.data == "s3://bucket/lake"


@pytest.mark.parametrize(
    "given",
    [
        "ducklake:postgres:dbname=news password=secret;data=/srv/lake",
        "ducklake:postgres:dbname=news PASSWORD = secret;data=/srv/lake",
        "ducklake:postgres:postgresql://me:secret@db.example/news;data=/srv/lake",
    ],
)
def test_a_password_is_refused_and_not_repeated(given):
    with pytest.raises(UsageError, match="pgpass") as caught:
        place_from(given)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        "ducklake:sqlite:x.db;data=/srv",
        "ducklake:postgres:dbname=news",
        "ducklake:postgres:;data=/",
    ],
)
def test_half_an_address_says_how_a_whole_one_is_written(given):
    with pytest.raises(UsageError, match="data=FOLDER"):
        place_from(given)
