-- The engine's own tables (contracts, section 6). All times are log times unless a name says otherwise.

-- Milliseconds since the epoch to a time, exactly; null stays null. Written so that it can be inlined: adding an interval to a
-- timestamptz counts as depending on the session's time zone.
create function tallystick_time(ms bigint) returns timestamptz
  language sql immutable strict parallel safe
  return (timestamp '1970-01-01 00:00:00' + ms * interval '1 millisecond') at time zone 'UTC';

-- And back.
create function tallystick_ms(at timestamptz) returns bigint
  language sql immutable strict parallel safe
  return (extract(epoch from at) * 1000)::bigint;

-- Every version of every definition that was ever in force; never changed, but for the newest judge that has run it.
create table reconciliation_versions (
  reconciliation text        not null,
  version        int         not null,
  valid_from     timestamptz,              -- null: from the beginning of the log
  hash           text        not null,     -- SHA-256 of the definition
  definition     text        not null,
  judge_version  int         not null,
  registered_at  timestamptz not null default now(),
  primary key (reconciliation, version)
);

-- One row per partition: who owns it, and how far it is. Arrays run parallel to `sources`.
create table partition_progress (
  reconciliation  text        not null,
  partition       int         not null,
  epoch           bigint      not null,
  owner           text        not null,
  sources         text[]      not null,
  topics          text[]      not null,
  topic_ids       text[]      not null,   -- Kafka's ids: a topic made anew under an old name is another topic
  positions       bigint[]    not null,   -- next offset whose event is not yet durable
  archived_to     bigint[]    not null,   -- records below are archived and counted
  records_read    bigint[]    not null,
  records_dead    bigint[]    not null,
  records_skipped bigint[]    not null,   -- given to another reconciliation by `where`
  watermark       timestamptz,            -- every deadline below has been judged; null: none yet
  seq             bigint      not null default 0,
  published_to    bigint      not null default 0,
  claimed_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (reconciliation, partition)
) with (fillfactor = 50);

-- One row per transaction. `events` is a JSON array of arrays, one per kept event, in order of (source, offset):
--   [source, offset, recorded_at ms, content (SHA-256, base64 without padding), event_id (null: hex of content), event_type, status,
--    amount, currency, occurred_at ms, account, counterparty, reference, channel, fee, attributes {}, command {}]
-- with trailing nulls left out; an empty text is null, and so is a command's amount.
-- command: {"by","reason","accepts":[{"type","source","field","expected","actual"}],"version"}.
-- It is text because nothing on the hot path reads it; the view `events` parses it.
-- `tallies`: {"source":[seen_to,redeliveries]}, null when every source's seen_to is its last kept event and nothing was redelivered.
create table transactions (
  reconciliation text        not null,
  partition      int         not null,
  txn_id         text        not null,
  version        bigint      not null,
  state          text        not null,
  label          text        not null,
  worst          text,                    -- type of the worst open mismatch
  amount         bigint,
  currency       text,
  first_arrival  timestamptz,             -- null: only commands so far
  next_deadline  timestamptz,             -- null: nothing is awaited
  rule_version   int         not null,
  ticked         text[]      not null,    -- sources whose deadline has been judged
  overflow       boolean     not null,
  redeliveries   int         not null,
  tallies        text,
  events         text        not null,
  updated_at     timestamptz not null,    -- when this version was committed
  primary key (reconciliation, partition, txn_id)
);
create index transactions_due on transactions (reconciliation, partition, next_deadline, txn_id) where next_deadline is not null;
create index transactions_redelivered on transactions (reconciliation) include (redeliveries) where redeliveries > 0;

-- The latest episode per (transaction, type, source).
create table mismatches (
  id             text        not null,    -- first 32 hex digits of SHA-256(reconciliation \n txn_id \n type \n source)
  reconciliation text        not null,
  partition      int         not null,
  txn_id         text        not null,
  type           text        not null,
  source         text        not null,
  field          text        not null,
  expected       text,
  actual         text,
  delta          bigint,
  tolerance      bigint,
  currency       text,
  rule           text        not null,
  sources        text[]      not null,
  severity       text        not null,
  opened_at      timestamptz not null,
  closed_at      timestamptz,
  closed_by      text,
  primary key (reconciliation, partition, txn_id, type, source)
);
create index mismatches_id on mismatches (id);
create index mismatches_open on mismatches (reconciliation, opened_at) where closed_at is null;

-- The raw log, one row per commit and topic partition. `payload` is, compressed by `codec`, for each record in offset order (big-endian):
--   int64 offset, int64 timestamp ms, int32 length (-1: null) + key, int32 length (-1: null) + value,
--   int32 number of headers, each int32 length + name (UTF-8), int32 length (-1: null) + value
create table event_archive (
  topic             text        not null,
  partition         int         not null,
  first_offset      bigint      not null,
  last_offset       bigint      not null,
  reconciliation    text        not null, -- the topic's keeper
  records           int         not null,
  first_recorded_at timestamptz not null, -- smallest record timestamp
  last_recorded_at  timestamptz not null, -- largest
  codec             text        not null,
  payload           bytea       not null,
  primary key (topic, partition, reconciliation, first_offset) -- a topic may get another keeper
);
alter table event_archive alter column payload set storage external; -- it is compressed already

create table dead_letters (
  reconciliation text        not null,
  topic          text        not null,
  partition      int         not null,
  "offset"       bigint      not null,
  source         text        not null,
  reason         text        not null,
  detail         text        not null,
  key            bytea,
  value          bytea,
  headers        text,                    -- JSON [[name, base64 or null], …]; null: none
  recorded_at    timestamptz not null,
  created_at     timestamptz not null,
  primary key (reconciliation, topic, partition, "offset")
);

-- Equals: select reconciliation, partition, minute of first_arrival, state, worst, count(*) from transactions group by 1, 2, 3, 4, 5.
create table statistics (
  reconciliation text        not null,
  partition      int         not null,
  minute         timestamptz not null,    -- -infinity: no arrival yet
  state          text        not null,
  worst          text        not null,    -- '': no open mismatch
  transactions   bigint      not null,
  primary key (reconciliation, partition, minute, state, worst)
) with (fillfactor = 50); -- the same rows change with every commit: room to do it in place

-- Every numbered change, published after the commit that stored it.
create table outbox (
  reconciliation text        not null,
  partition      int         not null,
  seq            bigint      not null,
  epoch          bigint      not null,
  type           text        not null,
  payload        text        not null,    -- JSON of the browser message
  committed_at   timestamptz not null,
  primary key (reconciliation, partition, seq)
);

create view events as
  select p.topics[array_position(p.sources, e ->> 0)] || '/' || t.partition || '/' || (e ->> 1) as id,
         t.txn_id,
         e ->> 0                                as source,
         e ->> 5                                as event_type,
         e ->> 6                                as status,
         (e ->> 7)::bigint                      as amount,
         jsonb_strip_nulls(jsonb_build_object(
           'txn_id', t.txn_id, 'source', e ->> 0, 'event_id', coalesce(e ->> 4, encode(decode((e ->> 3) || '=', 'base64'), 'hex')),
           'event_type', e ->> 5, 'status', e ->> 6, 'amount', e -> 7, 'currency', e ->> 8, 'account', e ->> 10,
           'counterparty', e ->> 11,
           'timestamp', to_char(tallystick_time((e ->> 9)::bigint) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'reference', e ->> 12, 'channel', e ->> 13,
           'fee', e -> 14, 'attributes', e -> 15, 'command', e -> 16,
           'content', encode(decode((e ->> 3) || '=', 'base64'), 'hex'))) as raw_payload,
         tallystick_time((e ->> 2)::bigint)     as created_at,
         t.reconciliation,
         t.partition
    from transactions t
    join partition_progress p using (reconciliation, partition)
   cross join lateral jsonb_array_elements(t.events::jsonb) e;

create view raw_events as
  select topic, partition, first_offset, last_offset, first_recorded_at, last_recorded_at, records, codec, payload
    from event_archive;

create view reconciliation_results as
  select t.reconciliation, t.txn_id, t.state, t.label, t.amount, t.currency,
         coalesce((select array_agg(distinct m.type order by m.type) from mismatches m
                    where m.reconciliation = t.reconciliation and m.partition = t.partition and m.txn_id = t.txn_id and m.closed_at is null),
                  array[]::text[]) as mismatch_types,
         (select coalesce(e ->> 4, encode(decode((e ->> 3) || '=', 'base64'), 'hex')) from jsonb_array_elements(t.events::jsonb) with ordinality x(e, n)
           where e ->> 0 = 'gateway' order by n desc limit 1) as gateway_event_id,
         (select coalesce(e ->> 4, encode(decode((e ->> 3) || '=', 'base64'), 'hex')) from jsonb_array_elements(t.events::jsonb) with ordinality x(e, n)
           where e ->> 0 = 'bank' order by n desc limit 1) as bank_event_id,
         t.rule_version, t.updated_at as last_updated
    from transactions t;
