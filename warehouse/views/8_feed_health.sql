-- Whether a silence means that nothing was written, or that we could not read.
create or replace view feed_health as
with brought as (
    select feed_id, count(*) as entries,
        count(*) filter (where first_seen_at > now() - interval 28 days) as entries_28_days
    from entry
    group by feed_id
),
lost as (
    select feed_id, count(*) as pages_failing from page where failure is not null group by feed_id
),
rhythm as (
    -- 20 of its own gaps, from 4 days (a long weekend) to 28; for what comes once in weeks, 3 gaps
    select feed_id, case
        when gap_minutes is null then 28.0
        else greatest(least(greatest(20 * gap_minutes / 1440, 4), 28), 3 * gap_minutes / 1440)
    end as silent_after_days
    from feed
)
select
    f.feed_id, f.outlet, f.url,
    case
        when f.last_polled_at is null then 'never polled'
        when f.failure is not null then 'failing'
        when coalesce(b.entries, 0) = 0 then 'empty'
        when date_diff('minute', f.last_new_at, f.last_ok_at) > r.silent_after_days * 1440 then 'silent'
        else 'fine'
    end as state,
    f.failure, f.failure_message, f.failures_in_a_row, f.last_ok_at, f.last_new_at, f.next_poll_at,
    coalesce(b.entries, 0) as entries, coalesce(b.entries_28_days, 0) as entries_28_days,
    coalesce(l.pages_failing, 0) as pages_failing, f.moved_to, f.moved_at, f.gone_at, f.gap_minutes,
    round(r.silent_after_days, 1) as silent_after_days
from feed f
join rhythm r using (feed_id)
left join brought b using (feed_id)
left join lost l using (feed_id)
where f.active;
comment on view feed_health is 'Every feed that is watched: fine, silent (by its own rhythm), empty, failing, never polled; and why.';
comment on column feed_health.failure is 'Class of the failure: dns, timeout, tls, http_404, gone, http_5xx, parse, html, empty, ...';
comment on column feed_health.pages_failing is 'Pages from this feed that could not be read.';
comment on column feed_health.silent_after_days is 'It is silent when it answered for so many days and brought nothing new: 20 of its usual gaps, 4 to 28 days.';
comment on column feed_health.moved_to is 'Where a permanent redirect leads; `casewatch health --propose` writes it as a change to feeds.yaml.';
