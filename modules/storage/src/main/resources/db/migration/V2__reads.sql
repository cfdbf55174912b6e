-- What people ask of the engine's tables (package dev.tallystick.storage.read), and no more: each index costs every commit.

-- Lists by first arrival; those without one stand together at its end.
create index transactions_arrival on transactions (first_arrival, reconciliation, txn_id, partition);

-- The few among the many, in the same order. With their amounts: the sum at risk is asked for every second.
create index transactions_unmatched on transactions (first_arrival, reconciliation, txn_id, partition, state) include (amount, currency)
  where state <> 'MATCHED';

-- Open mismatches of all reconciliations in one order. Reconciliation and type come last, so that they are compared inside the index.
create index mismatches_opened on mismatches (opened_at, id, partition, reconciliation, type) where closed_at is null;
drop index mismatches_open;

create index dead_letters_created on dead_letters (created_at, topic, partition, "offset", reconciliation);

-- The story of one transaction. A column of its own: finding the key inside every payload would more than double the index's cost to a commit.
alter table outbox add column txn_id text;
update outbox set txn_id = payload::jsonb ->> 'txn_id';
create index outbox_txn on outbox (reconciliation, partition, txn_id, seq);
