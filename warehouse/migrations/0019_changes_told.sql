-- Which change of an article a channel was told of: in one digest, and never again.
create table change_told (
    told_id    text not null,
    change_id  text not null,
    channel    text not null,
    message_id text not null
);
comment on table change_told is 'What outlets changed after a channel was told of the article, and the digest that says so. One row a change and channel, for ever.';
comment on column change_told.told_id is 'Hash of change and channel.';
comment on column change_told.change_id is 'article_change, else the version that a silent edit made, else a hash of the article that vanished.';
comment on column change_told.channel is 'The channel.';
comment on column change_told.message_id is 'The digest that tells of it.';
