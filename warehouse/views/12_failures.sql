-- Every feed and page that failed last time: what health and the run's summary name.
create or replace view failures as
select 'feed' as what, feed_id as id, url, failure, failure_message as message, failures_in_a_row as tries,
    last_polled_at as failed_at, next_poll_at as next_try_at
from feed
where failure is not null and active
union all
select 'page', page_id, url, failure, failure_message, attempts, last_fetched_at, next_fetch_at
from page
where failure is not null;
comment on view failures is 'Feeds and pages whose last fetch failed, and when they are tried again.';
