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
)
select
    f.feed_id, f.outlet, f.url,
    case
        when f.last_polled_at is null then 'never polled'
        when f.failure is not null then 'failing'
        when coalesce(b.entries, 0) = 0 then 'empty'
        when f.last_new_at < now() - interval 28 days then 'silent'
        else 'fine'
    end as state,
    f.failure, f.failure_message, f.failures_in_a_row, f.last_ok_at, f.last_new_at, f.next_poll_at,
    coalesce(b.entries, 0) as entries, coalesce(b.entries_28_days, 0) as entries_28_days,
    coalesce(l.pages_failing, 0) as pages_failing, f.moved_to
from feed f
left join brought b using (feed_id)
left join lost l using (feed_id)
where f.active;
comment on view feed_health is 'Every feed that is watched: fine, silent (28 days), empty, failing, never polled; and why.';
comment on column feed_health.failure is 'Class of the failure: dns, timeout, tls, http_404, gone, http_5xx, parse, html, empty, ...';
comment on column feed_health.pages_failing is 'Pages from this feed that could not be read.';
