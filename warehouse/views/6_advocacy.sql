-- Who speaks for whom, with the sentence.
create or replace view advocacy as
select
    d.advocate_id, ad.display_name as advocate, d.case_id, ca.display_name as "case", d.act, d.quote,
    a.outlet, a.canonical_url, a.published_at, d.article_id, d.version_id, d.start_offset, d.end_offset
from advocacy_act d
join article a on a.version_id = d.version_id
join subject ad on ad.subject_id = d.advocate_id
join subject ca on ca.subject_id = d.case_id;
comment on view advocacy is 'Who speaks or acts for whom: one row a sentence. A mere co-mention is not here.';
