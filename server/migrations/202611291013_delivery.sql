alter table run
  -- Why a breaker stopped it: { kind, scope, domain, channel, part, whole, limitBps, at }. Null: none did.
  add column tripped jsonb,
  -- What a person knew of when they let it go on: { channel: { handedOver, hard, complained } }. Only what comes after counts.
  add column forgiven jsonb not null default '{}';
