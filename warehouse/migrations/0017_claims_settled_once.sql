-- A claim is looked at once when alerts are raised: of a million articles a run asks its own only.
alter table claim add column settled boolean;
comment on column claim.settled is 'Whether the step that raises alerts has seen it; null until then, and again when the version is tagged anew.';
