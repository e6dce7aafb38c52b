"""The line on what we may not be seeing."""

from flows.watching import silence_words, watch_line


def make_case(name, state="silent", days=34):
    return {
        "display_name": name,
        "state": state,
        "quiet_days": days,
        "its_feeds": 5,
        "its_feeds_fine": 1,
    }


def make_feed(name, state="fine", tries=0):
    return {"feed_id": name, "state": state, "failure": "dns", "failures_in_a_row": tries}


def test_a_silent_case_is_told_with_its_days():
    said = silence_words(make_case("Ada Quarry"))

    assert said == "no mention of Ada Quarry for 34 days though its feeds are healthy"


def test_a_case_whose_feeds_are_ill_is_told_so():
    said = silence_words(make_case("Ada Quarry", "blind"))

    assert said.endswith("but only 1 of its 5 feeds are healthy")


def test_where_all_is_well_there_is_no_line():
    feeds = [make_feed("wire"), make_feed("hiccup", "failing", tries=2)]

    assert watch_line([make_case("Ada Quarry", "heard of", 3)], feeds) is None


def test_the_line_names_cases_failing_and_silent_feeds():
    feeds = [make_feed("dead", "failing", tries=3), make_feed("mute", "silent")]
    line = watch_line([make_case("Ada Quarry")], feeds)

    assert line == (
        "Watch: no mention of Ada Quarry for 34 days though its feeds are healthy; "
        "failing: dead (dns); silent against their habit: mute (casewatch health)"
    )


def test_a_long_line_counts_the_rest():
    line = watch_line([], [make_feed(f"mute-{n}", "silent") for n in range(9)])

    assert line is not None
    assert "mute-0, mute-1, mute-2, 6 more feeds" in line
    assert "\n" not in line
