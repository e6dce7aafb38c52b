"""What makes an entry this entry: neither swallowed nor doubled, whatever its feed does."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from extractors.feeds import parse_feed
from extractors.feeds.keys import with_ids
from extractors.model import Entry


def entry(guid: str | None = None, url: str | None = None, title: str = "T") -> Entry:
    return Entry(id="", feed_id="f", url=url, title=title, guid=guid)


def ids(*entries: Entry) -> list[str]:
    return [each.id for each in with_ids("f", entries)]


def test_an_edited_title_is_the_same_entry():
    for guid, url in (("g-1", "https://a.example/1"), (None, "https://a.example/1"), ("g-1", None)):
        assert ids(entry(guid, url, "Old")) == ids(entry(guid, url, "New"))


def test_an_edited_slug_under_one_guid_is_the_same_entry():
    assert ids(entry("g-1", "https://a.example/old")) == ids(entry("g-1", "https://a.example/new"))


def test_one_guid_on_different_links_is_different_entries():
    assert (
        len({*ids(entry("same", "https://a.example/1"), entry("same", "https://a.example/2"))}) == 2
    )


def test_one_guid_without_links_is_told_apart_by_titles():
    assert len({*ids(entry("same", None, "One"), entry("same", None, "Two"))}) == 2


def test_an_entry_listed_twice_is_one():
    assert (
        len({*ids(entry("g-1", "https://a.example/1"), entry("g-1", "https://a.example/1"))}) == 1
    )


def test_a_missing_guid_leaves_the_link():
    first, second = ids(entry(None, "https://a.example/1"), entry("", "https://a.example/2"))

    assert first != second
    assert [first] == ids(entry(None, "https://a.example/1?utm_source=rss", "Edited"))


def test_a_worthless_guid_is_none():
    for guid in ("0", "null", " ", "-", "https://a.example/"):
        assert ids(entry(guid, "https://a.example/1")) == ids(entry(None, "https://a.example/1"))


def test_a_guid_that_is_the_link_survives_tracking_parameters():
    tracked = entry("https://a.example/1?utm_source=rss", "https://a.example/1?utm_source=rss")

    assert ids(tracked) == ids(entry("https://a.example/1", "https://a.example/1"))
    assert ids(tracked) == ids(entry(None, "https://a.example/1"))


def test_posts_of_a_live_blog_are_different_entries():
    url = "https://a.example/live"

    assert len({*ids(entry(f"{url}#post-1", url), entry(f"{url}#post-2", url))}) == 2
    assert len({*ids(entry(None, f"{url}#post-1"), entry(None, f"{url}#post-2"))}) == 2


def test_headlines_that_share_one_link_are_told_apart_by_titles():
    page = "https://a.example/news"

    assert len({*ids(entry(None, page, "One"), entry(None, page, "Two"))}) == 2


def test_an_id_is_scoped_to_its_feed():
    entries = (entry("g-1", "https://a.example/1"),)

    assert with_ids("one", entries)[0].id != with_ids("two", entries)[0].id


def test_a_relative_link_is_the_entry_of_its_absolute_form():
    def read(link: str) -> list[str]:
        body = f"<rss version='2.0'><channel><item><link>{link}</link></item></channel></rss>"
        return [each.id for each in parse_feed(body.encode(), url="https://a.example/x/f").entries]

    assert read("../1") == read("https://a.example/1") == read("/1#xtor=RSS-1")


GUIDS = st.none() | st.sampled_from(["", "0", "null", "tag:1", "x", "https://a.example/1"])
URLS = st.none() | st.builds(
    "https://a.example/{}".format, st.sampled_from(["", "1", "1?utm_source=x", "2", "2#p"])
)
ENTRIES = st.lists(
    st.builds(entry, GUIDS, URLS, st.sampled_from(["A", "B", ""])), min_size=1, max_size=8
)


@given(ENTRIES, st.randoms(use_true_random=False))
def test_the_order_changes_no_id(entries, random):
    shuffled = list(range(len(entries)))
    random.shuffle(shuffled)
    before = ids(*entries)

    assert ids(*(entries[n] for n in shuffled)) == [before[n] for n in shuffled]


@given(ENTRIES, st.lists(st.integers(100, 120), max_size=5, unique=True), st.booleans())
def test_new_entries_change_no_id_of_others(entries, numbers, with_guid):
    new = [entry(f"new-{n}" if with_guid else None, f"https://a.example/{n}", "A") for n in numbers]

    assert ids(*new, *entries)[len(new) :] == ids(*entries)


@given(st.lists(st.integers(1, 50), min_size=1, unique=True), st.text(max_size=20))
def test_edited_titles_change_no_id_where_guids_are_sound(numbers, title):
    entries = [entry(f"guid-{n}", f"https://a.example/{n}") for n in numbers]

    assert ids(*(replace(each, title=title) for each in entries)) == ids(*entries)


@given(ENTRIES)
def test_entries_at_different_places_never_share_an_id(entries):
    read = with_ids("f", entries)
    places: dict[str, set[str | None]] = {}
    for each in read:
        if each.url and (each.guid or "").isalnum():
            places.setdefault(each.id, set()).add(each.url.partition("?")[0])

    assert all(len(urls) == 1 for urls in places.values())
