-- The sentence that tells of an event stands beside it: to show a timeline no text is read.
alter table event add column sentence text;
comment on column event.sentence is 'The sentence around the quote; null for what was tagged before casewatch stored it (casewatch retag --all fills it).';
