-- Rows of finished transactions that no link holds yet, in the order in which they are sealed.
-- from_transaction: inclusive; to_transaction: the horizon, exclusive; most: how many at most.
select id, transaction_id, happened_at, actor_id, actor, acting_for, via, address, event, object_kind, object_id,
       result, place::text, details::text
  from audit_trail as entry
 where transaction_id >= :from_transaction and transaction_id < :to_transaction
   and not exists (select from audit_link as link
                    where link.entry_id = entry.id and link.happened_at = entry.happened_at)
 order by transaction_id, id
 limit :most
