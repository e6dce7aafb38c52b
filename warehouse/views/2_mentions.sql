-- Mentions in the words that stand now; rejected candidates are left to the table.
create or replace view mentions as
select
    m.mention_id, m.subject_id, s.display_name, s.kind as subject_kind, m.article_id, a.canonical_url,
    a.outlet, v.title, a.published_at, a.language, m.quote, m.start_offset, m.end_offset, m.kind, m.form,
    m.confidence, m.tier, m.evidence, m.version_id
from mention m
join article a on a.version_id = m.version_id
join article_version v on v.version_id = m.version_id
join subject s on s.subject_id = m.subject_id
where m.tier <> 'rejected';
comment on view mentions is 'Every place where a current article names a subject, with the evidence. Rejected candidates: table mention.';
comment on column mentions.kind is 'How it is named: full, inverted, alias, short, solo, org, acronym, docket, hashtag, case_caption.';
comment on column mentions.tier is 'confirmed (0.9 and more) or likely (0.5 and more).';
