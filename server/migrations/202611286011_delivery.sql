-- A run may use several channels, each with a content of its own and each with its own trouble.
-- `contents` is frozen at launch: [{ channel, variant, versionId }], in the campaign's order of channels. Runs of the
-- previous version have none: theirs is `channel` and `version_id`, which newer runs of several channels leave without
-- meaning, so that a worker of the previous version finds no content and waits instead of mailing a text message.
alter table run
  -- `all`: everybody on every channel that may reach them. `first`: everybody once, on the first that may.
  add column reach text not null default 'all' check (reach in ('all', 'first')),
  add column contents jsonb,
  -- Per channel: { audience, counts } as the audience was resolved.
  add column tallies jsonb not null default '{}',
  -- Per channel: why nothing can be handed over at present.
  add column troubles jsonb not null default '{}';

alter table chunk
  add column channel text not null default 'email',
  add column variant smallint not null default 0,
  -- Of a run that reaches everybody once: whom this channel did not reach, so that the next is tried.
  add column fallback_ids bigint[] not null default '{}';
